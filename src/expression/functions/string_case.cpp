// upper, lower, initcap, length and the like: functions of one string.
#include <algorithm>

#include "expression/functions/binding.h"
#include "expression/functions/functions.h"
#include "expression/functions/utf8.h"

namespace quell {

namespace {

const Type kInt(TypeId::kInt);
const Type kString(TypeId::kString);

template <bool kUpper>
void AppendCase(std::string_view text, StringWriter& out) {
  if (!IsAscii(text)) return out.AppendPart(kUpper ? ToUpperUtf8(text) : ToLowerUtf8(text));
  constexpr char kFirst = kUpper ? 'a' : 'A';
  const auto size = static_cast<int64_t>(text.size());
  char* to = out.Reserve(size);
  for (int64_t i = 0; i < size; ++i) {
    const char c = text[static_cast<size_t>(i)];
    to[i] = static_cast<char>(static_cast<uint8_t>(c - kFirst) < 26 ? c ^ 0x20 : c);
  }
  out.AppendPart({to, text.size()});
}

void InitCap(std::string_view text, StringWriter& out) {
  std::string result;
  bool at_start = true;
  ForEachChar(text, [&](std::string_view character) {
    result += at_start ? ToUpperUtf8(character) : ToLowerUtf8(character);
    at_start = character == " ";
  });
  out.AppendPart(result);
}

void Reverse(std::string_view text, StringWriter& out) {
  std::string result(text.size(), '\0');
  size_t end = text.size();
  ForEachChar(text, [&](std::string_view character) {
    const size_t size = std::min(character.size(), end);
    end -= size;
    std::copy_n(character.begin(), size, result.begin() + static_cast<std::ptrdiff_t>(end));
  });
  out.AppendPart(result);
}

// Bytes for BINARY, characters for a string; numbers and dates are taken as text.
ExprPtr BindLength(const FunctionCall& call) {
  static const KernelPtr kChars =
      MakeSafeKernel<int32_t, std::string_view>([](std::string_view s) { return static_cast<int32_t>(CountChars(s)); });
  static const KernelPtr kBytes =
      MakeSafeKernel<int32_t, std::string_view>([](std::string_view s) { return static_cast<int32_t>(s.size()); });
  CheckArity(call, 1, 1);
  if (call.arguments[0]->type().id() == TypeId::kBinary) return MakeCall(call, kInt, call.arguments, kBytes);
  return MakeCall(call, kInt, {Argument(call, 0, kString)}, kChars);
}

FunctionBinder BindByteLength(int32_t factor) {
  const KernelPtr kernel = MakeSafeKernel<int32_t, std::string_view>(
      [factor](std::string_view s) { return static_cast<int32_t>(s.size()) * factor; });
  return [kernel](const FunctionCall& call) {
    CheckArity(call, 1, 1);
    const bool is_binary = call.arguments[0]->type().id() == TypeId::kBinary;
    return MakeCall(call, kInt, {is_binary ? call.arguments[0] : Argument(call, 0, kString)}, kernel);
  };
}

KernelPtr MakeTextKernel(void (*f)(std::string_view, StringWriter&)) {
  return MakeSafeKernel<std::string_view, std::string_view>(f);
}

void RegisterCharacters(FunctionRegistry& registry) {
  registry.Add("ascii", Simple({TypeId::kString}, TypeId::kInt,
                               MakeSafeKernel<int32_t, std::string_view>([](std::string_view s) {
                                 return s.empty() ? 0 : static_cast<int32_t>(CodePointOf(s.substr(0, CharBytes(s[0]))));
                               })));
  const FunctionBinder character = Simple(
      {TypeId::kLong}, TypeId::kString, MakeSafeKernel<std::string_view, int64_t>([](int64_t code, StringWriter& out) {
        if (code < 0) return;
        std::string text;
        AppendCodePoint(text, static_cast<uint32_t>(code & 0xFF));
        out.AppendPart(text);
      }));
  registry.Add("char", character);
  registry.Add("chr", character);
  registry.Add("space", Simple({TypeId::kInt}, TypeId::kString,
                               MakeSafeKernel<std::string_view, int32_t>([](int32_t n, StringWriter& out) {
                                 if (n > 0) out.AppendPart(std::string(static_cast<size_t>(n), ' '));
                               })));
}

}  // namespace

void RegisterStringCase(FunctionRegistry& registry) {
  const auto text = [&](std::initializer_list<const char*> names, KernelPtr kernel) {
    for (const char* name : names) registry.Add(name, Simple({TypeId::kString}, TypeId::kString, kernel));
  };
  text({"upper", "ucase"}, MakeTextKernel(AppendCase<true>));
  text({"lower", "lcase"}, MakeTextKernel(AppendCase<false>));
  text({"initcap"}, MakeTextKernel(InitCap));
  text({"reverse"}, MakeTextKernel(Reverse));
  for (const char* name : {"length", "char_length", "character_length", "len"}) registry.Add(name, BindLength);
  registry.Add("octet_length", BindByteLength(1));
  registry.Add("bit_length", BindByteLength(8));
  RegisterCharacters(registry);
}

}  // namespace quell
