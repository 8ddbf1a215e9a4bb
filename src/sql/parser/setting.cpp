#include <cctype>

#include "sql/error_classes.h"
#include "sql/parser/command.h"
#include "sql/parser/literal.h"

namespace quell::sql {

using namespace unresolved;

namespace {

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// Takes blanks and comments off the front.
std::string_view SkipToToken(std::string_view text) {
  while (true) {
    text = Trimmed(text);
    if (text.empty() || !IsComment(text, 0)) return text;
    text.remove_prefix(SkipQuoted(text, 0));
  }
}

// Takes a word in upper case off the front of the text, if it stands there.
bool TakeWord(std::string_view* text, std::string_view word) {
  if (text->size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (std::toupper(static_cast<unsigned char>((*text)[i])) != word[i]) return false;
  }
  const char next = text->size() > word.size() ? (*text)[word.size()] : ' ';
  if (std::isalnum(static_cast<unsigned char>(next)) || next == '_' || next == '.') return false;
  *text = Trimmed(text->substr(word.size()));
  return true;
}

bool IsKeyPart(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' || c == ':';
}

std::string Key(std::string_view text, SourceLocation start) {
  text = Trimmed(text);
  if (text.size() >= 2 && text.front() == '`' && text.back() == '`') return DecodeQuotedName(text);
  for (const char c : text) {
    if (!IsKeyPart(c)) {
      throw Error(kInvalidSetSyntax, start,
                  "expected SET, SET key or SET key = value; put a key of other characters in "
                  "back-quotes: {}",
                  text);
    }
  }
  return std::string(text);
}

// SET TIME ZONE LOCAL | 'zone' | INTERVAL '3' HOURS.
Set TimeZone(std::string_view text, SourceLocation start) {
  const std::string key = "spark.sql.session.timeZone";
  if (TakeWord(&text, "LOCAL")) return {key, "UTC"};
  TokenStream in(text, start, false);
  if (!AtInterval(in)) return {key, in.ExpectString("a time zone")};
  const ExprPtr interval = ParseInterval(in);
  const int64_t seconds = std::get<int64_t>(interval->As<Literal>()->value.data) / 1'000'000;
  constexpr int64_t kMaxOffset = 18 * 3600;
  if (interval->As<Literal>()->type.id() != TypeId::kDayTimeInterval || seconds > kMaxOffset || seconds < -kMaxOffset) {
    throw Error(kTimeZoneInterval, start, "a time zone is at most 18 hours from UTC: {}", text);
  }
  const int64_t minutes = std::abs(seconds) / 60;
  return {key, fmt::format("{}{:02}:{:02}", seconds < 0 ? '-' : '+', minutes / 60, minutes % 60)};
}

// "key = value": the value without the quotes or back-quotes around it.
std::string SettingValue(std::string_view text) {
  text = Trimmed(text);
  if (text.size() >= 2 && text.front() == '`' && text.back() == '`') return DecodeQuotedName(text);
  const bool is_quoted =
      text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front();
  return is_quoted && SkipQuoted(text, 0) == text.size() ? DecodeString(text) : std::string(text);
}

}  // namespace

std::optional<Statement> ParseSetting(std::string_view text, SourceLocation start) {
  text = SkipToToken(text);
  if (TakeWord(&text, "RESET")) {
    if (text.empty()) return Statement{Reset{}, {}};
    return Statement{Reset{Key(text, start)}, {}};
  }
  if (!TakeWord(&text, "SET")) return std::nullopt;
  if (text.empty() || text == "-v") return Statement{Set{}, {}};
  std::string_view rest = text;
  if (TakeWord(&rest, "TIME") && TakeWord(&rest, "ZONE")) return Statement{TimeZone(rest, start), {}};
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) return Statement{Set{Key(text, start), {}}, {}};
  return Statement{Set{Key(text.substr(0, equals), start), SettingValue(text.substr(equals + 1))}, {}};
}

}  // namespace quell::sql
