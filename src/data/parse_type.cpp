// Spark's type names as text.
#include <array>
#include <cctype>
#include <charconv>

#include "base/error_classes.h"
#include "data/length_limits.h"
#include "data/schema.h"

namespace quell {

namespace {

constexpr ErrorClass kUnsupportedDatatype{"UNSUPPORTED_DATATYPE", "0A000"};
constexpr int kMaxDepth = 200;

class TypeParser {
 public:
  explicit TypeParser(std::string_view text) : text_(text) {}

  LimitedType ParseAll() {
    LimitedType parsed = Parse(0);
    SkipSpace();
    if (position_ != text_.size()) Fail();
    return parsed;
  }

 private:
  [[noreturn]] void Fail() const {
    throw Error(error_class::kParseSyntaxError, "cannot read the type '{}' at character {}", text_, position_ + 1);
  }

  void SkipSpace() {
    while (position_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[position_]))) ++position_;
  }

  bool TakeIf(char c) {
    SkipSpace();
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  void Expect(char c) {
    if (!TakeIf(c)) Fail();
  }

  static bool IsWordChar(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  }

  std::string_view Word() {
    SkipSpace();
    const size_t begin = position_;
    while (position_ < text_.size() && IsWordChar(text_[position_])) ++position_;
    if (begin == position_) Fail();
    return text_.substr(begin, position_ - begin);
  }

  bool TakeWordIf(std::string_view word) {
    SkipSpace();
    const size_t end = position_ + word.size();
    if (end > text_.size() || !SameName(text_.substr(position_, word.size()), word)) return false;
    if (end < text_.size() && IsWordChar(text_[end])) return false;
    position_ = end;
    return true;
  }

  int32_t Digits() {
    const std::string_view digits = Word();
    int32_t value = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
    if (error != std::errc() || end != digits.end()) Fail();
    return value;
  }

  int32_t Number() {
    const bool negative = TakeIf('-');
    return negative ? -Digits() : Digits();
  }

  std::string FieldName() {
    if (!TakeIf('`')) return std::string(Word());
    std::string name;
    while (position_ < text_.size()) {
      const char c = text_[position_++];
      if (c != '`') {
        name += c;
      } else if (position_ < text_.size() && text_[position_] == '`') {
        name += '`';
        ++position_;
      } else {
        return name;
      }
    }
    Fail();
  }

  void SkipComment() {
    if (!TakeWordIf("comment")) return;
    SkipSpace();
    const char quote = position_ < text_.size() ? text_[position_++] : '\0';
    if (quote != '\'' && quote != '"') Fail();
    while (position_ < text_.size() && text_[position_] != quote) position_ += text_[position_] == '\\' ? 2 : 1;
    if (position_ >= text_.size()) Fail();
    ++position_;
  }

  int32_t Unit(const std::array<std::string_view, 4>& units) {
    const std::string_view word = Word();
    for (size_t i = 0; i < units.size(); ++i) {
      if (!units[i].empty() && SameName(word, units[i])) return static_cast<int32_t>(i);
    }
    return -1;
  }

  Type ParseInterval() {
    static constexpr std::array<std::string_view, 4> kYearMonth{"year", "month", "", ""};
    static constexpr std::array<std::string_view, 4> kDayTime{"day", "hour", "minute", "second"};
    SkipSpace();
    const size_t begin = position_;
    const bool year_month = Unit(kYearMonth) >= 0;
    position_ = begin;
    const auto& units = year_month ? kYearMonth : kDayTime;
    const int32_t start = Unit(units);
    const int32_t end = TakeWordIf("to") ? Unit(units) : start;
    if (start < 0 || end < start) Fail();
    return year_month ? Type::YearMonthInterval(start, end) : Type::DayTimeInterval(start, end);
  }

  Type ParseDecimal() {
    if (!TakeIf('(')) return Type::Decimal(10, 0);
    const int32_t precision = Number();
    const int32_t scale = TakeIf(',') ? Number() : 0;
    Expect(')');
    if (precision < 1 || precision > Type::kMaxPrecision) {
      static constexpr ErrorClass kPrecision{"DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "22003"};
      throw Error(kPrecision, "decimal precision {} exceeds the maximum of {}", precision, Type::kMaxPrecision);
    }
    if (scale < 0 || scale > precision) {
      static constexpr ErrorClass kScale{"INVALID_DECIMAL_SCALE", "42K09"};
      throw Error(kScale, "decimal scale {} must be between 0 and the precision {}", scale, precision);
    }
    return Type::Decimal(precision, scale);
  }

  LimitedType ParseStruct(int depth) {
    std::vector<Field> fields;
    std::vector<LengthLimits> limits;
    if (TakeIf('>')) return {Type::Struct({}), {}};
    do {
      Field field;
      field.name = FieldName();
      TakeIf(':');
      LimitedType member = Parse(depth + 1);
      field.type = std::move(member.type);
      limits.push_back(std::move(member.limits));
      if (TakeWordIf("not")) {
        if (!TakeWordIf("null")) Fail();
        field.nullable = false;
      }
      SkipComment();
      fields.push_back(std::move(field));
    } while (TakeIf(','));
    Expect('>');
    return {Type::Struct(std::move(fields)), Nested(std::move(limits))};
  }

  LimitedType ParseLimited(LengthLimits::Kind kind) {
    if (!TakeIf('(')) {
      throw Error(ErrorClass{"DATATYPE_MISSING_SIZE", "42K01"}, "the type '{}' needs a length, as in varchar(10)",
                  text_);
    }
    const int32_t max_chars = Digits();
    Expect(')');
    return {Type(TypeId::kString), {kind, max_chars}};
  }

  static LengthLimits Nested(std::vector<LengthLimits> children) {
    LengthLimits limits{LengthLimits::Kind::kNone, 0, std::move(children)};
    if (!limits.any()) limits.children.clear();
    return limits;
  }

  LimitedType Parse(int depth) {
    if (depth > kMaxDepth) Fail();
    const std::string_view word = Word();
    const auto is = [&](std::string_view name) { return SameName(word, name); };
    if (is("decimal") || is("dec") || is("numeric")) return {ParseDecimal(), {}};
    if (is("interval")) return {ParseInterval(), {}};
    if (is("char") || is("character")) return ParseLimited(LengthLimits::Kind::kChar);
    if (is("varchar")) return ParseLimited(LengthLimits::Kind::kVarchar);
    if (is("array")) {
      Expect('<');
      LimitedType element = Parse(depth + 1);
      Expect('>');
      return {Type::Array(std::move(element.type)), Nested({std::move(element.limits)})};
    }
    if (is("map")) {
      Expect('<');
      LimitedType key = Parse(depth + 1);
      Expect(',');
      LimitedType value = Parse(depth + 1);
      Expect('>');
      return {Type::Map(std::move(key.type), std::move(value.type)),
              Nested({std::move(key.limits), std::move(value.limits)})};
    }
    if (is("struct")) {
      Expect('<');
      return ParseStruct(depth);
    }
    return {ParseSimple(word), {}};
  }

  Type ParseSimple(std::string_view word) const {
    struct Name {
      std::string_view name;
      TypeId id;
    };
    static constexpr Name kNames[] = {
        {"boolean", TypeId::kBoolean}, {"tinyint", TypeId::kByte},
        {"byte", TypeId::kByte},       {"smallint", TypeId::kShort},
        {"short", TypeId::kShort},     {"int", TypeId::kInt},
        {"integer", TypeId::kInt},     {"bigint", TypeId::kLong},
        {"long", TypeId::kLong},       {"float", TypeId::kFloat},
        {"real", TypeId::kFloat},      {"double", TypeId::kDouble},
        {"string", TypeId::kString},   {"binary", TypeId::kBinary},
        {"date", TypeId::kDate},       {"timestamp", TypeId::kTimestamp},
        {"void", TypeId::kNull},       {"timestamp_ltz", TypeId::kTimestamp},
        {"null", TypeId::kNull},       {"timestamp_ntz", TypeId::kTimestampNtz},
    };
    for (const Name& name : kNames) {
      if (SameName(word, name.name)) return Type(name.id);
    }
    throw Error(kUnsupportedDatatype, "the data type '{}' is not known", word);
  }

  std::string_view text_;
  size_t position_ = 0;
};

}  // namespace

Type ParseType(std::string_view text) { return TypeParser(text).ParseAll().type; }

LimitedType ParseLimitedType(std::string_view text) { return TypeParser(text).ParseAll(); }

}  // namespace quell
