// Parts of strings: substring, left, right, trim, lpad, rpad, split_part, substring_index, overlay.
#include <algorithm>
#include <limits>

#include "expression/functions/binding.h"
#include "expression/functions/functions.h"
#include "expression/functions/utf8.h"

namespace quell {

namespace {

const Type kInt(TypeId::kInt);
const Type kString(TypeId::kString);
constexpr int32_t kToEnd = std::numeric_limits<int32_t>::max();

// `position` counts from 1, or from the end when negative; what lies before the text takes up of the length.
template <bool kBytes>
std::string_view Substring(std::string_view text, int32_t position, int32_t length) {
  const bool plain = kBytes || IsAscii(text);
  const int64_t count = plain ? static_cast<int64_t>(text.size()) : CountChars(text);
  const int64_t start = position > 0 ? position - 1 : position < 0 ? count + position : 0;
  const int64_t end = std::clamp<int64_t>(length == kToEnd ? count : start + length, 0, count);
  const int64_t begin = std::clamp<int64_t>(start, 0, count);
  if (begin >= end) return {};
  if (plain) return text.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  const size_t first = ByteOffset(text, begin);
  const size_t last = first + ByteOffset(text.substr(first), end - begin);
  return text.substr(first, last - first);
}

template <bool kBytes>
KernelPtr SubstringKernel() {
  return MakeSafeKernel<std::string_view, std::string_view, int32_t, int32_t>(
      [](std::string_view text, int32_t position, int32_t length, StringWriter& out) {
        out.AppendPart(Substring<kBytes>(text, position, length));
      });
}

ExprPtr BindSubstring(const FunctionCall& call) {
  static const KernelPtr kChars = SubstringKernel<false>();
  static const KernelPtr kBytes = SubstringKernel<true>();
  CheckArity(call, 2, 3);
  const bool binary = call.arguments[0]->type().id() == TypeId::kBinary;
  ExprPtr text = binary ? call.arguments[0] : Argument(call, 0, kString);
  ExprPtr length =
      call.arguments.size() == 3 ? Argument(call, 2, kInt) : MakeLiteral(Value{int64_t{kToEnd}}, TypeId::kInt);
  return MakeCall(call, binary ? Type(TypeId::kBinary) : kString, {text, Argument(call, 1, kInt), length},
                  binary ? kBytes : kChars);
}

template <bool kLeft>
KernelPtr SideKernel() {
  return MakeSafeKernel<std::string_view, std::string_view, int32_t>(
      [](std::string_view text, int32_t n, StringWriter& out) {
        if (n <= 0) return;
        out.AppendPart(kLeft ? Substring<false>(text, 1, n) : Substring<false>(text, -n, kToEnd));
      });
}

// Cuts characters that are in `set` off the ends.
void Trim(std::string_view text, std::string_view set, bool left, bool right, StringWriter& out) {
  const auto in_set = [&](std::string_view character) { return set.find(character) != std::string_view::npos; };
  while (left && !text.empty()) {
    const std::string_view first = text.substr(0, CharBytes(text[0]));
    if (!in_set(first)) break;
    text.remove_prefix(first.size());
  }
  while (right && !text.empty()) {
    size_t begin = text.size() - 1;
    while (begin > 0 && (static_cast<uint8_t>(text[begin]) & 0xC0) == 0x80) --begin;
    if (!in_set(text.substr(begin))) break;
    text.remove_suffix(text.size() - begin);
  }
  out.AppendPart(text);
}

// trim(text), or trim(characters, text); btrim has the text first.
FunctionBinder BindTrim(bool left, bool right, bool text_first) {
  const KernelPtr kernel = MakeSafeKernel<std::string_view, std::string_view, std::string_view>(
      [=](std::string_view text, std::string_view set, StringWriter& out) { Trim(text, set, left, right, out); });
  return [=](const FunctionCall& call) {
    CheckArity(call, 1, 2);
    if (call.arguments.size() == 1) {
      return MakeCall(call, kString,
                      {Argument(call, 0, kString), MakeLiteral(Value{std::string(" ")}, TypeId::kString)}, kernel);
    }
    return MakeCall(call, kString,
                    {Argument(call, text_first ? 0 : 1, kString), Argument(call, text_first ? 1 : 0, kString)}, kernel);
  };
}

template <bool kLeft, bool kBytes>
void Pad(std::string_view text, int32_t length, std::string_view pad, StringWriter& out) {
  if (length <= 0) return;
  const auto chars = [](std::string_view s) { return kBytes ? static_cast<int64_t>(s.size()) : CountChars(s); };
  const int64_t count = chars(text);
  if (count >= length || pad.empty()) return out.AppendPart(Substring<kBytes>(text, 1, length));
  const int64_t missing = length - count;
  const int64_t pad_count = chars(pad);
  if (!kLeft) out.AppendPart(text);
  for (int64_t i = 0; i < missing / pad_count; ++i) out.AppendPart(pad);
  out.AppendPart(Substring<kBytes>(pad, 1, static_cast<int32_t>(missing % pad_count)));
  if (kLeft) out.AppendPart(text);
}

template <bool kLeft>
ExprPtr BindPad(const FunctionCall& call) {
  static const KernelPtr kChars =
      MakeKernel<std::string_view, std::string_view, int32_t, std::string_view>(Pad<kLeft, false>);
  static const KernelPtr kBytes =
      MakeKernel<std::string_view, std::string_view, int32_t, std::string_view>(Pad<kLeft, true>);
  CheckArity(call, 2, 3);
  const bool binary = call.arguments[0]->type().id() == TypeId::kBinary &&
                      (call.arguments.size() == 2 || call.arguments[2]->type().id() == TypeId::kBinary);
  const Type type(binary ? TypeId::kBinary : TypeId::kString);
  ExprPtr pad = call.arguments.size() == 3 ? Argument(call, 2, type)
                                           : MakeLiteral(Value{std::string(binary ? "\0" : " ", 1)}, type.id());
  return MakeCall(call, type, {Argument(call, 0, type), Argument(call, 1, kInt), pad}, binary ? kBytes : kChars);
}

// What stands before the count-th delimiter; after the count-th from the end when negative.
void SubstringIndex(std::string_view text, std::string_view delimiter, int32_t count, StringWriter& out) {
  if (count == 0 || delimiter.empty()) return;
  if (count > 0) {
    size_t at = 0;
    for (; count > 0; --count) {
      const size_t found = text.find(delimiter, at);
      if (found == std::string_view::npos) return out.AppendPart(text);
      if (count == 1) return out.AppendPart(text.substr(0, found));
      at = found + 1;
    }
    return;
  }
  size_t end = text.size();
  for (; count < 0; ++count) {
    const size_t found =
        end < delimiter.size() ? std::string_view::npos : text.rfind(delimiter, end - delimiter.size());
    if (found == std::string_view::npos) return out.AppendPart(text);
    if (count == -1) return out.AppendPart(text.substr(found + delimiter.size()));
    end = found + delimiter.size() - 1;
  }
}

std::vector<std::string_view> SplitPlain(std::string_view text, std::string_view delimiter) {
  std::vector<std::string_view> parts;
  if (delimiter.empty()) return {text};
  size_t at = 0;
  for (size_t found; (found = text.find(delimiter, at)) != std::string_view::npos; at = found + delimiter.size()) {
    parts.push_back(text.substr(at, found - at));
  }
  parts.push_back(text.substr(at));
  return parts;
}

void SplitPart(std::string_view text, std::string_view delimiter, int32_t index, StringWriter& out) {
  if (index == 0)
    throw Error(ErrorClass{"INVALID_INDEX_OF_ZERO", "22003"}, "the index 0 is invalid; parts count from 1");
  const std::vector<std::string_view> parts = SplitPlain(text, delimiter);
  const auto count = static_cast<int64_t>(parts.size());
  const int64_t at = index > 0 ? index - 1 : count + index;
  if (at >= 0 && at < count) out.AppendPart(parts[static_cast<size_t>(at)]);
}

void Overlay(std::string_view text, std::string_view replacement, int32_t position, int32_t length, StringWriter& out) {
  const int64_t cut = length >= 0 ? length : CountChars(replacement);
  out.AppendPart(Substring<false>(text, 1, position - 1));
  out.AppendPart(replacement);
  out.AppendPart(Substring<false>(text, static_cast<int32_t>(position + cut), kToEnd));
}

ExprPtr BindOverlay(const FunctionCall& call) {
  static const KernelPtr kKernel =
      MakeKernel<std::string_view, std::string_view, std::string_view, int32_t, int32_t>(Overlay);
  CheckArity(call, 3, 4);
  ExprPtr length = call.arguments.size() == 4 ? Argument(call, 3, kInt) : MakeLiteral(Value{int64_t{-1}}, TypeId::kInt);
  return MakeCall(call, kString,
                  {Argument(call, 0, kString), Argument(call, 1, kString), Argument(call, 2, kInt), length}, kKernel);
}

}  // namespace

void RegisterStringPart(FunctionRegistry& registry) {
  for (const char* name : {"substring", "substr", "mid"}) registry.Add(name, BindSubstring);
  registry.Add("left", Simple({TypeId::kString, TypeId::kInt}, TypeId::kString, SideKernel<true>()));
  registry.Add("right", Simple({TypeId::kString, TypeId::kInt}, TypeId::kString, SideKernel<false>()));
  registry.Add("trim", BindTrim(true, true, false));
  registry.Add("ltrim", BindTrim(true, false, false));
  registry.Add("rtrim", BindTrim(false, true, false));
  registry.Add("btrim", BindTrim(true, true, true));
  registry.Add("lpad", BindPad<true>);
  registry.Add("rpad", BindPad<false>);
  registry.Add("substring_index",
               Simple({TypeId::kString, TypeId::kString, TypeId::kInt}, TypeId::kString,
                      MakeKernel<std::string_view, std::string_view, std::string_view, int32_t>(SubstringIndex)));
  registry.Add("split_part",
               Simple({TypeId::kString, TypeId::kString, TypeId::kInt}, TypeId::kString,
                      MakeKernel<std::string_view, std::string_view, std::string_view, int32_t>(SplitPart)));
  registry.Add("overlay", BindOverlay);
}

}  // namespace quell
