// is_valid_utf8 and the like, and quote.
#include "expression/functions/binding.h"
#include "expression/functions/functions.h"
#include "expression/functions/utf8.h"

namespace quell {

namespace {

constexpr ErrorClass kInvalidUtf8{"INVALID_UTF8_STRING", "22029"};
const Type kString(TypeId::kString);

// The bytes of the well-formed character at the start (RFC 3629); 0 where there is none. `broken` is how many bytes
// then make up the longest beginning of one, at least 1.
size_t ValidBytes(std::string_view text, size_t* broken) {
  *broken = 1;
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                        : first >= 0xE0 && first <= 0xEF ? 3
                        : first >= 0xF0 && first <= 0xF4 ? 4
                                                         : 0;
  for (size_t i = 1; i < length; ++i) {
    if (i >= text.size()) return 0;
    // Overlong forms, surrogates, and what lies beyond U+10FFFF, show in the second byte.
    const uint8_t low = i > 1 ? 0x80 : first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = i > 1 ? 0xBF : first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte(i) < low || byte(i) > high) return 0;
    *broken = i + 1;
  }
  return length;
}

bool IsValid(std::string_view text) {
  size_t broken = 0;
  while (!text.empty()) {
    const size_t length = ValidBytes(text, &broken);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// U+FFFD in the place of each beginning of a character that does not go on.
void AppendValid(std::string_view text, StringWriter& out) {
  size_t broken = 0;
  while (!text.empty()) {
    const size_t length = ValidBytes(text, &broken);
    out.AppendPart(length > 0 ? text.substr(0, length) : "\xEF\xBF\xBD");
    text.remove_prefix(length > 0 ? length : broken);
  }
}

void AppendQuoted(std::string_view text, StringWriter& out) {
  out.AppendPart("'");
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'' || text[i] == '\\') out.AppendPart("\\");
    out.AppendPart(text.substr(i, 1));
  }
  out.AppendPart("'");
}

// A function of one text; bytes are taken as they are.
FunctionBinder OfText(const Type& result, KernelPtr kernel, bool nullable = false) {
  return [=](const FunctionCall& call) {
    CheckArity(call, 1, 1);
    const bool is_binary = call.arguments[0]->type().id() == TypeId::kBinary;
    return MakeCall(call, result, {is_binary ? call.arguments[0] : Argument(call, 0, kString)}, kernel, nullable);
  };
}

}  // namespace

void RegisterStringValidity(FunctionRegistry& registry) {
  registry.Add("is_valid_utf8", OfText(Type(TypeId::kBoolean), MakeSafeKernel<bool, std::string_view>(IsValid)));
  registry.Add("make_valid_utf8", OfText(kString, MakeSafeKernel<std::string_view, std::string_view>(AppendValid)));
  registry.Add(
      "validate_utf8",
      OfText(kString, MakeKernel<std::string_view, std::string_view>([](std::string_view text, StringWriter& out) {
               if (!IsValid(text)) {
                 throw Error(kInvalidUtf8,
                             "the text is not UTF-8; use try_validate_utf8 to "
                             "get NULL, make_valid_utf8 to mend it");
               }
               out.AppendPart(text);
             })));
  registry.Add(
      "try_validate_utf8",
      OfText(kString, MakeKernel<std::string_view, std::string_view>([](std::string_view text, StringWriter& out) {
               out.AppendPart(text);
               return IsValid(text);
             }),
             true));
  registry.Add("quote", Simple({TypeId::kString}, TypeId::kString,
                               MakeSafeKernel<std::string_view, std::string_view>(AppendQuoted)));
}

}  // namespace quell
