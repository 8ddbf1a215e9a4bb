// format_string, printf, format_number, soundex.
#include <cmath>

#include "data/format.h"
#include "expression/decimal.h"
#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kString(TypeId::kString);

constexpr ErrorClass kFormat{"INVALID_PARAMETER_VALUE.FORMAT_STRING", "22023"};

// Digits in groups of three.
std::string Grouped(std::string digits) {
  const size_t point = digits.find('.');
  const size_t end = point == std::string::npos ? digits.size() : point;
  const size_t begin = digits.starts_with('-') ? 1 : 0;
  for (size_t at = end; at > begin + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

// A fraction with this many digits behind the point, HALF_UP of what it prints as, as Java's Formatter does.
std::string FixedPoint(double value, int32_t digits) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  const auto unscaled = digits <= 18 ? ParseDecimal(FormatDouble(value), digits) : std::nullopt;
  return unscaled ? FormatDecimal(*unscaled, digits) : fmt::format("{:.{}f}", value, digits);
}

// One "%[index$][flags][width][.precision]conversion" of a format.
struct Specifier {
  size_t index = 0;
  std::string flags;
  size_t width = 0;
  int32_t precision = -1;
  char conversion = 's';

  bool has(char flag) const { return flags.find(flag) != std::string::npos; }
};

std::string Padded(std::string text, const Specifier& s) {
  if (text.size() >= s.width) return text;
  const size_t missing = s.width - text.size();
  if (s.has('-')) return text + std::string(missing, ' ');
  if (!s.has('0')) return std::string(missing, ' ') + text;
  const bool has_sign = text.starts_with('-') || text.starts_with('+');
  return text.insert(has_sign ? 1 : 0, missing, '0');
}

std::string WithSign(std::string number, const Specifier& s) {
  if (s.has(',')) number = Grouped(std::move(number));
  if (s.has('+') && !number.starts_with('-')) number = "+" + number;
  if (s.has(' ') && !number.starts_with('-')) number = " " + number;
  return number;
}

double AsDouble(const Value& value, const Type& type) {
  if (const auto* decimal = std::get_if<Int128>(&value.data)) return std::stod(FormatDecimal(*decimal, type.scale()));
  if (const auto* whole = std::get_if<int64_t>(&value.data)) return static_cast<double>(*whole);
  return std::get<double>(value.data);
}

std::string Convert(const Specifier& s, const Value& value, const Type& type, const std::string& time_zone) {
  const bool upper = std::isupper(static_cast<unsigned char>(s.conversion));
  std::string text;
  const auto* whole = std::get_if<int64_t>(&value.data);
  switch (std::tolower(static_cast<unsigned char>(s.conversion))) {
    case 's':
      text = value.is_null() ? "null" : FormatValue(value, type, time_zone);
      if (s.precision >= 0) text = text.substr(0, static_cast<size_t>(s.precision));
      break;
    case 'b': text = value.is_null() || value == Value{false} ? "false" : "true"; break;
    case 'd':
    case 'x':
    case 'o':
    case 'c': {
      if (value.is_null()) {
        text = "null";
        break;
      }
      if (!whole) throw Error(kFormat, "%{} needs a whole number, not {}", s.conversion, type.ToSql());
      const char kind = static_cast<char>(std::tolower(static_cast<unsigned char>(s.conversion)));
      const uint64_t bits = type.id() == TypeId::kLong ? static_cast<uint64_t>(*whole) : static_cast<uint32_t>(*whole);
      text = kind == 'd'   ? WithSign(std::to_string(*whole), s)
             : kind == 'x' ? fmt::format("{:x}", bits)
             : kind == 'o' ? fmt::format("{:o}", bits)
                           : std::string(1, static_cast<char>(*whole));
      break;
    }
    case 'f':
      text =
          value.is_null() ? "null" : WithSign(FixedPoint(AsDouble(value, type), s.precision < 0 ? 6 : s.precision), s);
      break;
    case 'e':
      text = value.is_null()
                 ? "null"
                 : WithSign(fmt::format("{:.{}e}", AsDouble(value, type), s.precision < 0 ? 6 : s.precision), s);
      break;
    case 'g':
      text =
          value.is_null() ? "null" : fmt::format("{:.{}g}", AsDouble(value, type), s.precision < 0 ? 6 : s.precision);
      break;
    default: throw Error(kFormat, "the conversion %{} is not known", s.conversion);
  }
  if (upper) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return Padded(std::move(text), s);
}

size_t TakeNumber(std::string_view format, size_t& at) {
  size_t number = 0;
  while (at < format.size() && std::isdigit(static_cast<unsigned char>(format[at])) && number < 100000) {
    number = number * 10 + static_cast<size_t>(format[at++] - '0');
  }
  return number;
}

Specifier ParseSpecifier(std::string_view format, size_t& at) {
  Specifier s;
  const size_t begin = at;
  const size_t number = TakeNumber(format, at);
  if (number > 0 && at < format.size() && format[at] == '$') {
    s.index = number;
    ++at;
  } else {
    at = begin;
  }
  while (at < format.size() && std::string_view("-#+ 0,(").find(format[at]) != std::string_view::npos)
    s.flags += format[at++];
  s.width = TakeNumber(format, at);
  if (at < format.size() && format[at] == '.') {
    ++at;
    s.precision = static_cast<int32_t>(TakeNumber(format, at));
  }
  if (at == format.size()) throw Error(kFormat, "the format '{}' ends inside of a conversion", format);
  s.conversion = format[at++];
  return s;
}

KernelPtr FormatKernel(const std::string& time_zone) {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [time_zone](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    std::vector<Value> values(static_cast<size_t>(rows.num_rows));
    rows.ForEach([&](int64_t row) {
      const Value format = ValueAt(arguments[0], row);
      if (format.is_null()) return;
      const auto& text = std::get<std::string>(format.data);
      std::string out;
      size_t next = 1;
      for (size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (c != '%') {
          out += c;
          continue;
        }
        const Specifier s = ParseSpecifier(text, at);
        if (s.conversion == '%' || s.conversion == 'n') {
          out += s.conversion == '%' ? '%' : '\n';
          continue;
        }
        const size_t index = s.index > 0 ? s.index : next++;
        if (index >= arguments.size())
          throw Error(kFormat, "the format '{}' takes more than {} arguments", text, arguments.size() - 1);
        out += Convert(s, ValueAt(arguments[index], row), arguments[index].type, time_zone);
      }
      values[static_cast<size_t>(row)] = Value{std::move(out)};
    });
    return MakeColumn(result, values);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr BindFormatString(const FunctionCall& call) {
  CheckArity(call, 1, kAnyNumber);
  ExprList arguments = call.arguments;
  arguments[0] = Argument(call, 0, kString);
  return MakeCall(call, kString, std::move(arguments), FormatKernel(call.settings.time_zone), true);
}

// format_number(number, digits): groups of three, HALF_EVEN as Java's DecimalFormat.
ExprPtr BindFormatNumber(const FunctionCall& call) {
  static const KernelPtr kDouble =
      MakeKernel<std::string_view, double, int32_t>([](double value, int32_t digits, StringWriter& out) {
        if (digits < 0) return false;
        out.AppendPart(std::isfinite(value) ? Grouped(fmt::format("{:.{}f}", value, digits)) : FormatDouble(value));
        return true;
      });
  static const KernelPtr kDecimal =
      MakeKernel<std::string_view, Int128, int32_t>([](Int128 value, int32_t digits, StringWriter& out) {
        constexpr int32_t kScale = 18;
        if (digits < 0) return false;
        const Int128 rounded = digits < kScale ? Rescale(value, kScale, digits).value_or(value) : value;
        std::string text = FormatDecimal(rounded, std::min(digits, kScale));
        if (digits > kScale) text.append(static_cast<size_t>(digits - kScale), '0');
        out.AppendPart(Grouped(std::move(text)));
        return true;
      });
  CheckArity(call, 2, 2);
  const Type& type = call.arguments[0]->type();
  const Type digits(TypeId::kInt);
  if (type.is_integral() || type.id() == TypeId::kDecimal) {
    ExprPtr number = ImplicitCast(call.arguments[0], Type::Decimal(38, 18), call.settings);
    return MakeCall(call, kString, {number, Argument(call, 1, digits)}, kDecimal, true);
  }
  return MakeCall(call, kString, {Argument(call, 0, Type(TypeId::kDouble)), Argument(call, 1, digits)}, kDouble, true);
}

void Soundex(std::string_view text, StringWriter& out) {
  static constexpr std::string_view kCodes = "01230120022455012623010202";  // of A to Z; H and W do not part equal ones
  const auto upper = [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); };
  if (text.empty() || !std::isalpha(static_cast<unsigned char>(text[0]))) return out.AppendPart(text);
  std::string code(1, upper(text[0]));
  char last = kCodes[static_cast<size_t>(code[0] - 'A')];
  for (const char c : text.substr(1)) {
    if (!std::isalpha(static_cast<unsigned char>(c))) {
      last = '0';
      continue;
    }
    const char letter = upper(c);
    const char digit = kCodes[static_cast<size_t>(letter - 'A')];
    if (digit != '0' && digit != last) code += digit;
    if (letter != 'H' && letter != 'W') last = digit;
    if (code.size() == 4) break;
  }
  code.resize(4, '0');
  out.AppendPart(code);
}

}  // namespace

void RegisterFormatString(FunctionRegistry& registry) {
  for (const char* name : {"format_string", "printf"}) registry.Add(name, BindFormatString);
  registry.Add("format_number", BindFormatNumber);
  registry.Add("soundex", Simple({kString}, kString, MakeKernel<std::string_view, std::string_view>(Soundex)));
}

}  // namespace quell
