#include "expression/number_format.h"

#include <algorithm>
#include <cctype>

#include "base/error.h"

namespace quell {

namespace {

constexpr ErrorClass kEmpty{"INVALID_FORMAT.EMPTY", "42601"};
constexpr ErrorClass kUnexpectedToken{"INVALID_FORMAT.UNEXPECTED_TOKEN", "42601"};
constexpr ErrorClass kNoDigits{"INVALID_FORMAT.WRONG_NUM_DIGIT", "42601"};
constexpr ErrorClass kTwoSeparators{"INVALID_FORMAT.CONT_THOUSANDS_SEPS", "42601"};
constexpr size_t kMaxDigits = 38;

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

bool TakeChar(std::string_view* text, char c) {
  if (!text->starts_with(c)) return false;
  text->remove_prefix(1);
  return true;
}

// Moves blanks at the end in front of `sign`, which then stands beside the digits.
void AppendBesideDigits(std::string* text, char sign) {
  const size_t end = text->find_last_not_of(' ');
  text->insert(end == std::string::npos ? 0 : end + 1, 1, sign);
}

// "12.5" as its digits before and behind the point.
struct Digits {
  std::string whole;
  std::string fraction;
};

Digits DigitsOf(Int128 unscaled, int32_t scale) {
  std::string all;
  for (unsigned __int128 rest = unscaled < 0 ? -static_cast<unsigned __int128>(unscaled) : unscaled; rest > 0;
       rest /= 10) {
    all.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  while (all.size() < static_cast<size_t>(scale)) all.push_back('0');
  std::reverse(all.begin(), all.end());
  Digits digits{all.substr(0, all.size() - static_cast<size_t>(scale)), all.substr(all.size() - scale)};
  while (!digits.fraction.empty() && digits.fraction.back() == '0') digits.fraction.pop_back();
  return digits;
}

}  // namespace

NumberFormat::NumberFormat(std::string_view pattern) {
  std::string upper(pattern);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string_view rest = upper;
  if (rest.empty()) throw Error(kEmpty, "the format of a number is empty; write 0 or 9 for each digit");
  ReadSign(&rest, true);
  has_dollar_ = TakeChar(&rest, '$');
  if (sign_ == Sign::kNone) ReadSign(&rest, false);
  if (!has_dollar_ && rest.ends_with('$')) {
    has_dollar_ = true;
    rest.remove_suffix(1);
  }
  ReadDigits(rest);
  const size_t num_digits = whole_.size() - num_separators_ + fraction_.size();
  if (num_digits == 0 || num_digits > kMaxDigits)
    throw Error(kNoDigits, "the format '{}' has {} digits; write 1 to 38 of 0 and 9", pattern, num_digits);
}

void NumberFormat::ReadSign(std::string_view* pattern, bool at_front) {
  struct Entry {
    std::string_view text;
    Sign sign;
    bool may_lead;
  };
  for (const Entry& entry :
       {Entry{"S", Sign::kAlways, true}, Entry{"MI", Sign::kMinus, true}, Entry{"PR", Sign::kBrackets, false}}) {
    if (at_front ? !entry.may_lead || !pattern->starts_with(entry.text) : !pattern->ends_with(entry.text)) continue;
    at_front ? pattern->remove_prefix(entry.text.size()) : pattern->remove_suffix(entry.text.size());
    sign_ = entry.sign;
    sign_is_front_ = at_front;
    return;
  }
}

void NumberFormat::ReadDigits(std::string_view pattern) {
  char run = 0;
  for (const char c : pattern) {
    std::string& side = has_point_ ? fraction_ : whole_;
    if (c == '0' || c == '9') {
      run = run == 0 ? c : run;
      side.push_back(run);
    } else if ((c == ',' || c == 'G') && !has_point_) {
      if (side.ends_with(',')) throw Error(kTwoSeparators, "two separators side by side in the format '{}'", pattern);
      side.push_back(',');
      ++num_separators_;
    } else if ((c == '.' || c == 'D') && !has_point_) {
      has_point_ = true;
      run = 0;
    } else {
      throw Error(kUnexpectedToken,
                  "'{}' cannot stand there in the format '{}'; write 0 9 , . $ S MI PR in their places", c, pattern);
    }
  }
}

void NumberFormat::TakeSign(std::string_view* text, bool* is_negative) const {
  if (sign_ == Sign::kNone || sign_ == Sign::kBrackets) return;
  const char c = text->empty() ? 0 : sign_is_front_ ? text->front() : text->back();
  if (c != '-' && (c != '+' || sign_ == Sign::kMinus)) return;
  *is_negative = c == '-';
  sign_is_front_ ? text->remove_prefix(1) : text->remove_suffix(1);
}

// From the right: separators stand where the pattern has them, and digits may end before it where it begins with 9.
bool NumberFormat::ParseWhole(std::string_view* text, Int128* value) const {
  size_t length = 0;
  while (length < text->size() && (IsDigit((*text)[length]) || (*text)[length] == ',')) ++length;
  if (length > whole_.size()) return false;
  const size_t missing = whole_.size() - length;
  for (size_t i = 0; i < missing; ++i) {
    if (whole_[i] == '0') return false;
  }
  for (size_t i = 0; i < length; ++i) {
    const char c = (*text)[i];
    if ((c == ',') != (whole_[missing + i] == ',')) return false;
    if (c != ',') *value = *value * 10 + (c - '0');
  }
  if (text->starts_with(',')) return false;
  text->remove_prefix(length);
  return true;
}

bool NumberFormat::ParseFraction(std::string_view* text, Int128* value) const {
  size_t length = 0;
  if (has_point_ && TakeChar(text, '.')) {
    while (length < text->size() && IsDigit((*text)[length])) ++length;
    if (length > fraction_.size()) return false;
  }
  for (size_t i = 0; i < fraction_.size(); ++i) *value = *value * 10 + (i < length ? (*text)[i] - '0' : 0);
  text->remove_prefix(length);
  return true;
}

std::optional<Int128> NumberFormat::Parse(std::string_view text) const {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  bool is_negative = false;
  if (sign_ == Sign::kBrackets && text.starts_with('<') && text.ends_with('>')) {
    is_negative = true;
    text = text.substr(1, text.size() - 2);
  }
  TakeSign(&text, &is_negative);
  if (has_dollar_ && !TakeChar(&text, '$')) return std::nullopt;
  if (text.empty()) return std::nullopt;
  Int128 value = 0;
  if (!ParseWhole(&text, &value) || !ParseFraction(&text, &value) || !text.empty()) return std::nullopt;
  return is_negative ? -value : value;
}

// Blanks or zeros in the place of what `digits` do not reach, as the pattern says.
std::string NumberFormat::FormatWhole(std::string_view digits) const {
  std::string text;
  size_t missing = whole_.size() - num_separators_ - digits.size();
  for (const char c : whole_) {
    if (c == ',') {
      text.push_back(!text.empty() && text.back() != ' ' ? ',' : ' ');
    } else if (missing > 0) {
      --missing;
      text.push_back(c == '0' ? '0' : ' ');
    } else {
      text.push_back(digits.front());
      digits.remove_prefix(1);
    }
  }
  return text;
}

std::string NumberFormat::Format(Int128 unscaled, int32_t scale) const {
  Digits digits = DigitsOf(unscaled, scale);
  const size_t num_whole = whole_.size() - num_separators_;
  if (digits.whole.size() > num_whole || digits.fraction.size() > fraction_.size()) {
    digits = {std::string(num_whole, '#'), std::string(fraction_.size(), '#')};
  }
  std::string text = FormatWhole(digits.whole);
  if (has_point_) {
    if (text.ends_with(' ')) text.back() = '0';
    digits.fraction.resize(fraction_.size(), '0');
    text += "." + digits.fraction;
    if (text.ends_with('.')) text.pop_back();
  }
  const size_t first = std::min(text.find_first_not_of(' '), text.size());
  if (has_dollar_) text.insert(first, 1, '$');
  const bool is_negative = unscaled < 0;
  switch (sign_) {
    case Sign::kNone: break;
    case Sign::kAlways:
    case Sign::kMinus: {
      const char sign = is_negative ? '-' : sign_ == Sign::kAlways ? '+' : ' ';
      sign_is_front_ ? static_cast<void>(text.insert(first, 1, sign)) : AppendBesideDigits(&text, sign);
      break;
    }
    case Sign::kBrackets:
      if (is_negative) text.insert(first, 1, '<');
      text += is_negative ? ">" : "  ";
      break;
  }
  return text;
}

}  // namespace quell
