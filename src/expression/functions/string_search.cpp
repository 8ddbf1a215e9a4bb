// Finding and replacing in strings: instr, locate, contains, startswith, replace, translate, repeat, find_in_set,
// levenshtein.
#include <algorithm>
#include <map>
#include <numeric>

#include "expression/functions/binding.h"
#include "expression/functions/functions.h"
#include "expression/functions/utf8.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);
const Type kInt(TypeId::kInt);
const Type kString(TypeId::kString);

// The character, counting from 1, where `part` begins at or after character `from`; 0 if nowhere.
int32_t Find(std::string_view text, std::string_view part, int32_t from) {
  if (from <= 0) return 0;
  const size_t start = ByteOffset(text, from - 1);
  if (CountChars(text) < from - 1) return 0;
  const size_t found = text.find(part, start);
  return found == std::string_view::npos ? 0 : static_cast<int32_t>(CountChars(text.substr(0, found))) + 1;
}

// locate(part, text[, from]) and instr(text, part).
ExprPtr BindLocate(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeSafeKernel<int32_t, std::string_view, std::string_view, int32_t>(
      [](std::string_view part, std::string_view text, int32_t from) { return Find(text, part, from); });
  CheckArity(call, 2, 3);
  ExprPtr from = call.arguments.size() == 3 ? Argument(call, 2, kInt) : MakeLiteral(Value{int64_t{1}}, TypeId::kInt);
  return MakeCall(call, kInt, {Argument(call, 0, kString), Argument(call, 1, kString), from}, kKernel);
}

template <typename F>
FunctionBinder BindTest(F test) {
  const KernelPtr kernel = MakeSafeKernel<bool, std::string_view, std::string_view>(test);
  return [kernel](const FunctionCall& call) {
    CheckArity(call, 2, 2);
    const bool binary =
        call.arguments[0]->type().id() == TypeId::kBinary && call.arguments[1]->type().id() == TypeId::kBinary;
    const Type type(binary ? TypeId::kBinary : TypeId::kString);
    return MakeCall(call, kBoolean, {Argument(call, 0, type), Argument(call, 1, type)}, kernel);
  };
}

void Replace(std::string_view text, std::string_view search, std::string_view replacement, StringWriter& out) {
  if (search.empty()) return out.AppendPart(text);
  size_t at = 0;
  for (size_t found; (found = text.find(search, at)) != std::string_view::npos; at = found + search.size()) {
    out.AppendPart(text.substr(at, found - at));
    out.AppendPart(replacement);
  }
  out.AppendPart(text.substr(at));
}

ExprPtr BindReplace(const FunctionCall& call) {
  static const KernelPtr kKernel =
      MakeSafeKernel<std::string_view, std::string_view, std::string_view, std::string_view>(Replace);
  CheckArity(call, 2, 3);
  ExprPtr replacement =
      call.arguments.size() == 3 ? Argument(call, 2, kString) : MakeLiteral(Value{std::string()}, TypeId::kString);
  return MakeCall(call, kString, {Argument(call, 0, kString), Argument(call, 1, kString), replacement}, kKernel);
}

// Each character of `from` becomes the one of `to` at its place, or goes.
void Translate(std::string_view text, std::string_view from, std::string_view to, StringWriter& out) {
  std::map<std::string_view, std::string_view> mapping;
  ForEachChar(from, [&](std::string_view character) {
    const std::string_view target = to.empty() ? to : to.substr(0, CharBytes(to[0]));
    mapping.emplace(character, target);
    to.remove_prefix(std::min(target.size(), to.size()));
  });
  ForEachChar(text, [&](std::string_view character) {
    const auto found = mapping.find(character);
    out.AppendPart(found == mapping.end() ? character : found->second);
  });
}

int32_t FindInSet(std::string_view word, std::string_view set) {
  if (word.find(',') != std::string_view::npos) return 0;
  int32_t index = 1;
  for (size_t at = 0;; ++index) {
    const size_t comma = set.find(',', at);
    if (set.substr(at, comma == std::string_view::npos ? comma : comma - at) == word) return index;
    if (comma == std::string_view::npos) return 0;
    at = comma + 1;
  }
}

int32_t Levenshtein(std::string_view a, std::string_view b) {
  std::vector<std::string_view> x;
  std::vector<std::string_view> y;
  ForEachChar(a, [&](std::string_view c) { x.push_back(c); });
  ForEachChar(b, [&](std::string_view c) { y.push_back(c); });
  std::vector<int32_t> row(y.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= x.size(); ++i) {
    int32_t diagonal = row[0];
    row[0] = static_cast<int32_t>(i);
    for (size_t j = 1; j <= y.size(); ++j) {
      const int32_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (x[i - 1] == y[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[y.size()];
}

// Upper and lower case letters, digits and all else become a character each; NULL keeps them.
KernelPtr MaskKernel() {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    std::vector<Value> masked(static_cast<size_t>(rows.num_rows));
    rows.ForEach([&](int64_t row) {
      const Value text = ValueAt(arguments[0], row);
      if (text.is_null()) return;
      std::string out;
      ForEachChar(std::get<std::string>(text.data), [&](std::string_view character) {
        const bool upper = ToLowerUtf8(character) != character;
        const bool lower = ToUpperUtf8(character) != character;
        const bool digit = character[0] >= '0' && character[0] <= '9';
        const Value with = ValueAt(arguments[upper ? 1 : lower ? 2 : digit ? 3 : 4], row);
        out += with.is_null() ? std::string(character) : std::get<std::string>(with.data);
      });
      masked[static_cast<size_t>(row)] = Value{std::move(out)};
    });
    return MakeColumn(result, masked);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr BindMask(const FunctionCall& call) {
  static const KernelPtr kKernel = MaskKernel();
  static constexpr const char* kDefaults[] = {"", "X", "x", "n"};
  CheckArity(call, 1, 5);
  ExprList arguments{Argument(call, 0, kString)};
  for (size_t i = 1; i < 5; ++i) {
    if (i >= call.arguments.size()) {
      arguments.push_back(std::make_shared<Literal>(kString, i < 4 ? Value{std::string(kDefaults[i])} : Value{}));
      continue;
    }
    const std::optional<Value> value = ConstantArgument(call, i);
    if (!value) {
      throw Error(ErrorClass{"DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", "42K09"}, call.location,
                  "argument {} of mask must be a constant", i + 1);
    }
    const auto* text = std::get_if<std::string>(&value->data);
    if (!value->is_null() && !text) ThrowMismatch(call, i, "STRING");
    if (text && CountChars(*text) != 1) {
      throw Error(ErrorClass{"DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE", "42K09"}, call.location,
                  "argument {} of mask must be one character, not '{}'", i + 1, *text);
    }
    arguments.push_back(Argument(call, i, kString));
  }
  return std::make_shared<Call>("mask", kKernel, kString, true, std::move(arguments));
}

}  // namespace

void RegisterStringSearch(FunctionRegistry& registry) {
  registry.Add("locate", BindLocate);
  registry.Add("position", BindLocate);
  registry.Add("charindex", BindLocate);
  registry.Add("instr", Simple({TypeId::kString, TypeId::kString}, TypeId::kInt,
                               MakeSafeKernel<int32_t, std::string_view, std::string_view>(
                                   [](std::string_view text, std::string_view part) { return Find(text, part, 1); })));
  registry.Add("contains", BindTest([](std::string_view text, std::string_view part) {
                 return text.find(part) != std::string_view::npos;
               }));
  registry.Add("startswith",
               BindTest([](std::string_view text, std::string_view part) { return text.starts_with(part); }));
  registry.Add("endswith", BindTest([](std::string_view text, std::string_view part) { return text.ends_with(part); }));
  registry.Add("mask", BindMask);
  registry.Add("replace", BindReplace);
  registry.Add(
      "translate",
      Simple({TypeId::kString, TypeId::kString, TypeId::kString}, TypeId::kString,
             MakeSafeKernel<std::string_view, std::string_view, std::string_view, std::string_view>(Translate)));
  registry.Add("repeat", Simple({TypeId::kString, TypeId::kInt}, TypeId::kString,
                                MakeKernel<std::string_view, std::string_view, int32_t>(
                                    [](std::string_view text, int32_t times, StringWriter& out) {
                                      for (int32_t i = 0; i < times; ++i) out.AppendPart(text);
                                    })));
  registry.Add("find_in_set", Simple({TypeId::kString, TypeId::kString}, TypeId::kInt,
                                     MakeSafeKernel<int32_t, std::string_view, std::string_view>(FindInSet)));
  registry.Add("levenshtein", Simple({TypeId::kString, TypeId::kString}, TypeId::kInt,
                                     MakeSafeKernel<int32_t, std::string_view, std::string_view>(Levenshtein)));
}

}  // namespace quell
