// to_number, try_to_number, and to_char of numbers and bytes.
#include "expression/coercion.h"
#include "expression/functions/collection.h"
#include "expression/functions/functions.h"
#include "expression/number_format.h"

namespace quell {

namespace {

constexpr ErrorClass kMismatch{"INVALID_FORMAT.MISMATCH_INPUT", "42601"};
constexpr ErrorClass kNonFoldable{"DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", "42K09"};

const Type kString(TypeId::kString);

// The format, which must be constant; nullopt for NULL.
std::optional<NumberFormat> FormatArgument(const FunctionCall& call) {
  if (!IsConstant(*call.arguments[1])) {
    throw Error(kNonFoldable, call.location, "the format of {} must be constant, not {}", call.name,
                ToString(*call.arguments[1]));
  }
  const ExprPtr text = Argument(call, 1, kString);
  const std::optional<Value> pattern =
      ConstantArgument(FunctionCall{call.name, {text}, call.location, call.settings}, 0);
  if (pattern->is_null()) return std::nullopt;
  return NumberFormat(std::get<std::string>(pattern->data));
}

FunctionBinder BindToNumber(bool is_try) {
  return [is_try](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 2, 2);
    const std::optional<NumberFormat> format = FormatArgument(call);
    if (!format) return std::make_shared<Literal>(Type::Decimal(38, 0), Value{});
    const KernelPtr kernel = MakeValueKernel(
        [format = *format, is_try](std::vector<Value>& arguments) {
          const auto& text = std::get<std::string>(arguments[0].data);
          const std::optional<Int128> number = format.Parse(text);
          if (number) return Value{*number};
          if (is_try) return Value{};
          throw Error(kMismatch, "the text '{}' does not fit the format '{}'; use try_to_number to get NULL", text,
                      std::get<std::string>(arguments[1].data));
        },
        false, is_try ? "try" : "");
    return MakeCall(call, Type::Decimal(format->precision(), format->scale()),
                    {Argument(call, 0, kString), Argument(call, 1, kString)}, kernel, is_try);
  };
}

ExprPtr BindNumberToChar(const FunctionCall& call) {
  const Type decimal =
      call.arguments[0]->type().is_numeric() ? DecimalFor(call.arguments[0]->type()) : Type::Decimal(38, 18);
  const ExprPtr number = Argument(call, 0, decimal);
  const std::optional<NumberFormat> format = FormatArgument(call);
  if (!format) return std::make_shared<Literal>(kString, Value{});
  const KernelPtr kernel = MakeValueKernel([format = *format, scale = decimal.scale()](std::vector<Value>& arguments) {
    return Value{format.Format(std::get<Int128>(arguments[0].data), scale)};
  });
  return MakeCall(call, kString, {number, Argument(call, 1, kString)}, kernel);
}

// Bytes as base64, hex or utf-8.
ExprPtr BindBytesToChar(const FunctionCall& call) {
  const std::optional<Value> format = ConstantArgument(call, 1);
  const auto* name = format ? std::get_if<std::string>(&format->data) : nullptr;
  if (name && SameName(*name, "hex")) return Rebind(call, "hex", {call.arguments[0]});
  if (name && SameName(*name, "base64")) return Rebind(call, "base64", {call.arguments[0]});
  return Rebind(call, "decode", {call.arguments[0], MakeLiteral(Value{std::string("UTF-8")}, TypeId::kString)});
}

ExprPtr BindToChar(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  const Type& type = call.arguments[0]->type();
  if (type.is_datetime()) return Rebind(call, "date_format", call.arguments);
  return type.id() == TypeId::kBinary ? BindBytesToChar(call) : BindNumberToChar(call);
}

}  // namespace

void RegisterNumberText(FunctionRegistry& registry) {
  registry.Add("to_number", BindToNumber(false));
  registry.Add("try_to_number", BindToNumber(true));
  for (const char* name : {"to_char", "to_varchar"}) registry.Add(name, BindToChar);
}

}  // namespace quell
