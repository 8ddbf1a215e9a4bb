// & | ^ ~ << >> >>>, bit_count, getbit, and numbers as text: hex, unhex, bin, conv.
#include <bit>
#include <cctype>

#include "base/check.h"
#include "data/visit_type.h"
#include "expression/coercion.h"
#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kBinaryType(TypeId::kBinary);
const Type kInt(TypeId::kInt);
const Type kLong(TypeId::kLong);
const Type kString(TypeId::kString);

template <typename F>
KernelPtr ForIntegral(const Type& type, F&& make) {
  switch (type.id()) {
    case TypeId::kByte: return make(int8_t{});
    case TypeId::kShort: return make(int16_t{});
    case TypeId::kInt: return make(int32_t{});
    default: return make(int64_t{});
  }
}

template <typename Op>
ExprPtr BindBitwise(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  const Type& a = call.arguments[0]->type();
  const Type& b = call.arguments[1]->type();
  const auto common = CommonType(a, b, call.settings.ansi);
  if (!common || (!common->is_integral() && common->id() != TypeId::kNull)) {
    throw Error(a == b ? kBinaryOpWrongType : kBinaryOpDiffTypes, call.location,
                "{} needs whole numbers, not {} and {}", call.name, a.ToSql(), b.ToSql());
  }
  const Type type = common->is_integral() ? *common : kInt;
  KernelPtr kernel = ForIntegral(type, [](auto zero) {
    using T = decltype(zero);
    return MakeSafeKernel<T, T, T>([](T x, T y) { return static_cast<T>(Op{}(x, y)); });
  });
  return MakeCall(
      call, type,
      {ImplicitCast(call.arguments[0], type, call.settings), ImplicitCast(call.arguments[1], type, call.settings)},
      std::move(kernel));
}

ExprPtr BindNot(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  const Type type = call.arguments[0]->type();
  if (!type.is_integral()) ThrowMismatch(call, 0, "INTEGRAL");
  KernelPtr kernel = ForIntegral(type, [](auto zero) {
    using T = decltype(zero);
    return MakeSafeKernel<T, T>([](T x) { return static_cast<T>(~x); });
  });
  return MakeCall(call, type, call.arguments, std::move(kernel));
}

enum class Shift : uint8_t { kLeft, kRight, kRightUnsigned };

// The distance counts modulo the bits of the type, as in Java.
template <typename T>
KernelPtr ShiftKernel(Shift shift) {
  constexpr int32_t kMask = sizeof(T) * 8 - 1;
  using U = std::make_unsigned_t<T>;
  return MakeSafeKernel<T, T, int32_t>([shift](T value, int32_t distance) {
    const int32_t bits = distance & kMask;
    if (shift == Shift::kLeft) return static_cast<T>(static_cast<U>(value) << bits);
    return shift == Shift::kRight ? static_cast<T>(value >> bits) : static_cast<T>(static_cast<U>(value) >> bits);
  });
}

FunctionBinder BindShift(Shift shift) {
  return [=](const FunctionCall& call) {
    CheckArity(call, 2, 2);
    const bool is_long = call.arguments[0]->type().id() == TypeId::kLong;
    ExprPtr value = is_long ? call.arguments[0] : Argument(call, 0, kInt);
    return MakeCall(call, is_long ? kLong : kInt, {value, Argument(call, 1, kInt)},
                    is_long ? ShiftKernel<int64_t>(shift) : ShiftKernel<int32_t>(shift));
  };
}

ExprPtr BindBitCount(const FunctionCall& call) {
  static const KernelPtr kKernel =
      MakeSafeKernel<int32_t, int64_t>([](int64_t v) { return std::popcount(static_cast<uint64_t>(v)); });
  CheckArity(call, 1, 1);
  const Type& type = call.arguments[0]->type();
  if (!type.is_integral() && type.id() != TypeId::kBoolean && type.id() != TypeId::kNull)
    ThrowMismatch(call, 0, "INTEGRAL or BOOLEAN");
  return MakeCall(call, kInt, {ImplicitCast(call.arguments[0], kLong, call.settings)}, kKernel);
}

ExprPtr BindGetBit(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  const Type& type = call.arguments[0]->type();
  if (!type.is_integral() && type.id() != TypeId::kNull) ThrowMismatch(call, 0, "INTEGRAL");
  const int32_t width = type.id() == TypeId::kByte    ? 8
                        : type.id() == TypeId::kShort ? 16
                        : type.id() == TypeId::kInt   ? 32
                                                      : 64;
  KernelPtr kernel = MakeKernel<int8_t, int64_t, int32_t>([width](int64_t value, int32_t position) {
    if (position < 0 || position >= width) {
      throw Error(ErrorClass{"INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE", "22023"}, "the bit {} is not among 0 to {}",
                  position, width - 1);
    }
    return static_cast<int8_t>((value >> position) & 1);
  });
  return MakeCall(call, Type(TypeId::kByte),
                  {ImplicitCast(call.arguments[0], kLong, call.settings), Argument(call, 1, kInt)}, std::move(kernel));
}

void HexBytes(std::string_view bytes, StringWriter& out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    const char pair[] = {kDigits[byte >> 4], kDigits[byte & 15]};
    out.AppendPart({pair, 2});
  }
}

ExprPtr BindHex(const FunctionCall& call) {
  static const KernelPtr kBytes = MakeSafeKernel<std::string_view, std::string_view>(HexBytes);
  static const KernelPtr kNumbers = MakeSafeKernel<std::string_view, int64_t>(
      [](int64_t v, StringWriter& out) { out.AppendPart(fmt::format("{:X}", static_cast<uint64_t>(v))); });
  CheckArity(call, 1, 1);
  const Type& type = call.arguments[0]->type();
  if (type.id() == TypeId::kBinary || type.id() == TypeId::kString)
    return MakeCall(call, kString, call.arguments, kBytes);
  return MakeCall(call, kString, {Argument(call, 0, kLong)}, kNumbers);
}

int32_t HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool Unhex(std::string_view text, StringWriter& out) {
  std::string bytes;
  if (text.size() % 2 == 1) {
    if (HexDigit(text[0]) < 0) return false;
    bytes += static_cast<char>(HexDigit(text[0]));
    text.remove_prefix(1);
  }
  for (size_t i = 0; i < text.size(); i += 2) {
    const int32_t high = HexDigit(text[i]);
    const int32_t low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return false;
    bytes += static_cast<char>(high << 4 | low);
  }
  out.AppendPart(bytes);
  return true;
}

// A number in another base; digits that are none end it. A negative target base prints a sign.
bool Convert(std::string_view text, int32_t from, int32_t to, StringWriter& out) {
  if (from < 2 || from > 36 || std::abs(to) < 2 || std::abs(to) > 36 || text.empty()) return false;
  const bool negative = text[0] == '-';
  if (negative) text.remove_prefix(1);
  uint64_t value = 0;
  for (const char c : text) {
    const int digit = std::isdigit(static_cast<unsigned char>(c))   ? c - '0'
                      : std::isalpha(static_cast<unsigned char>(c)) ? std::tolower(c) - 'a' + 10
                                                                    : 36;
    if (digit >= from) break;
    uint64_t next;
    if (__builtin_mul_overflow(value, static_cast<uint64_t>(from), &next) ||
        __builtin_add_overflow(next, static_cast<uint64_t>(digit), &next)) {
      value = ~uint64_t{0};
      break;
    }
    value = next;
  }
  if (negative) value = to > 0 ? (static_cast<int64_t>(value) < 0 ? ~uint64_t{0} : -value) : value;
  std::string digits;
  const bool sign = to < 0 && (negative || static_cast<int64_t>(value) < 0);
  if (to < 0 && !negative && static_cast<int64_t>(value) < 0) value = -value;
  const auto base = static_cast<uint64_t>(std::abs(to));
  do {
    const auto digit = static_cast<char>(value % base);
    digits.insert(digits.begin(), static_cast<char>(digit < 10 ? '0' + digit : 'A' + digit - 10));
    value /= base;
  } while (value != 0);
  if (sign) digits.insert(digits.begin(), '-');
  out.AppendPart(digits);
  return true;
}

}  // namespace

void RegisterBits(FunctionRegistry& registry) {
  registry.Add("&", BindBitwise<std::bit_and<>>);
  registry.Add("|", BindBitwise<std::bit_or<>>);
  registry.Add("^", BindBitwise<std::bit_xor<>>);
  registry.Add("~", BindNot);
  for (const char* name : {"<<", "shiftleft"}) registry.Add(name, BindShift(Shift::kLeft));
  for (const char* name : {">>", "shiftright"}) registry.Add(name, BindShift(Shift::kRight));
  for (const char* name : {">>>", "shiftrightunsigned"}) registry.Add(name, BindShift(Shift::kRightUnsigned));
  registry.Add("bit_count", BindBitCount);
  registry.Add("getbit", BindGetBit);
  registry.Add("bit_get", BindGetBit);
  registry.Add("hex", BindHex);
  registry.Add("unhex",
               Simple({kString}, kBinaryType, MakeSafeKernel<std::string_view, std::string_view>(Unhex), true));
  registry.Add("bin",
               Simple({kLong}, kString, MakeSafeKernel<std::string_view, int64_t>([](int64_t v, StringWriter& out) {
                        out.AppendPart(fmt::format("{:b}", static_cast<uint64_t>(v)));
                      })));
  registry.Add("conv", Simple({kString, kInt, kInt}, kString,
                              MakeSafeKernel<std::string_view, std::string_view, int32_t, int32_t>(Convert), true));
}

}  // namespace quell
