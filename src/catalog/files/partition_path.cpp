#include "catalog/files/partition_path.h"

#include <algorithm>
#include <charconv>

#include "expression/evaluator.h"
#include "expression/expression.h"

namespace quell::catalog {
namespace {

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

std::string Unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : std::nullopt;
    const auto low = high ? HexDigit(text[i + 2]) : std::nullopt;
    if (low) {
      plain += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// Text as a value of another type by the rules of CAST; NULL when it is not one.
Value TryCast(const std::string& text, const Type& type) {
  const auto literal = std::make_shared<Literal>(Type(TypeId::kString), Value{text});
  return EvaluateConstant(std::make_shared<Cast>(literal, type, CastMode::kTry, "UTC"));
}

}  // namespace

std::vector<std::pair<std::string, std::optional<std::string>>> ParsePartitionPath(std::string_view relative_path) {
  std::vector<std::pair<std::string, std::optional<std::string>>> parts;
  for (size_t slash = relative_path.find('/'); slash != std::string_view::npos; slash = relative_path.find('/')) {
    const std::string_view folder = relative_path.substr(0, slash);
    relative_path.remove_prefix(slash + 1);
    const size_t equals = folder.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    const std::string_view value = folder.substr(equals + 1);
    std::optional<std::string> text;
    if (value != kHiveNull) text = Unescape(value);
    parts.emplace_back(Unescape(folder.substr(0, equals)), std::move(text));
  }
  return parts;
}

Type InferPartitionType(const std::vector<std::optional<std::string>>& values) {
  static const std::vector<TypeId> kCandidates = {TypeId::kInt, TypeId::kLong, TypeId::kDouble, TypeId::kDate,
                                                  TypeId::kTimestamp};
  const bool all_null = std::none_of(values.begin(), values.end(), [](const auto& value) { return value.has_value(); });
  if (all_null) return Type(TypeId::kString);
  for (const TypeId id : kCandidates) {
    const bool fits = std::all_of(values.begin(), values.end(),
                                  [&](const auto& value) { return !value || !TryCast(*value, Type(id)).is_null(); });
    if (fits) return Type(id);
  }
  return Type(TypeId::kString);
}

Value ParsePartitionValue(const std::optional<std::string>& text, const Type& type) {
  if (!text) return Value{};
  if (type.id() == TypeId::kString) return Value{*text};
  return TryCast(*text, type);
}

}  // namespace quell::catalog
