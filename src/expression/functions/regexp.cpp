// regexp_replace, regexp_extract, regexp_extract_all, regexp_count, regexp_substr, regexp_instr, split.
#include <algorithm>

#include "expression/functions/binding.h"
#include "expression/functions/collection.h"
#include "expression/functions/functions.h"
#include "expression/functions/pattern.h"
#include "expression/functions/utf8.h"

namespace quell {

namespace {

const Type kInt(TypeId::kInt);
const Type kString(TypeId::kString);

// The last pattern compiled, per loop.
class RegexCache {
 public:
  explicit RegexCache(const char* function) : function_(function) {}
  const Regex& Get(std::string_view pattern) {
    if (!regex_ || pattern != text_) {
      text_ = pattern;
      regex_ = std::make_unique<const Regex>(pattern, function_);
    }
    return *regex_;
  }

 private:
  const char* function_;
  std::string text_;
  std::unique_ptr<const Regex> regex_;
};

// A kernel whose loop has a RegexCache of its own: f(cache, In...).
template <typename Out, typename... In, typename F>
KernelPtr MakeRegexKernel(const char* function, F f) {
  ScalarKernel kernel;
  kernel.compute = [=](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    RegexCache cache(function);
    return MapRows<Out, In...>(arguments, rows, result,
                               [&]<typename... T>(T&&... in) { return f(cache, std::forward<T>(in)...); });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

std::string_view GroupOf(std::string_view text, const Regex::Match& match, int32_t group) {
  const auto [begin, end] = match.groups[static_cast<size_t>(group)];
  return begin < 0 ? std::string_view() : text.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
}

// Calls f(match) for each match; an empty one moves on by a character. f returns false to stop.
template <typename F>
void ForEachMatch(const Regex& regex, std::string_view text, size_t start, F&& f) {
  Regex::Match match;
  while (start <= text.size() && regex.Search(text, start, match)) {
    if (!f(match)) return;
    const auto [begin, end] = match.groups[0];
    start = static_cast<size_t>(end);
    if (begin == end) start += start < text.size() ? CharBytes(text[start]) : 1;
  }
}

// Java's replacements: $1 and ${name} are groups, a backslash takes the next character as it is.
void AppendReplacement(std::string_view replacement, std::string_view text, const Regex::Match& match,
                       StringWriter& out) {
  for (size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c == '\\' && i + 1 < replacement.size()) {
      out.AppendPart(replacement.substr(++i, 1));
    } else if (c == '$' && i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
      int32_t group = 0;
      while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
        const int32_t longer = group * 10 + (replacement[i + 1] - '0');
        if (longer >= static_cast<int32_t>(match.groups.size()) && group > 0) break;
        group = longer;
        ++i;
      }
      if (group >= static_cast<int32_t>(match.groups.size())) {
        throw Error(ErrorClass{"INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", "22023"}, "the pattern has no group {}",
                    group);
      }
      out.AppendPart(GroupOf(text, match, group));
    } else {
      out.AppendPart(replacement.substr(i, 1));
    }
  }
}

ExprPtr BindReplace(const FunctionCall& call) {
  static const KernelPtr kKernel =
      MakeRegexKernel<std::string_view, std::string_view, std::string_view, std::string_view, int32_t>(
          "regexp_replace", [](RegexCache& cache, std::string_view text, std::string_view pattern,
                               std::string_view replacement, int32_t position, StringWriter& out) {
            const size_t start = ByteOffset(text, position - 1);
            out.AppendPart(text.substr(0, start));
            size_t copied = start;
            ForEachMatch(cache.Get(pattern), text, start, [&](const Regex::Match& match) {
              const auto [begin, end] = match.groups[0];
              out.AppendPart(text.substr(copied, static_cast<size_t>(begin) - copied));
              AppendReplacement(replacement, text, match, out);
              copied = static_cast<size_t>(end);
              return true;
            });
            out.AppendPart(text.substr(copied));
          });
  CheckArity(call, 3, 4);
  ExprPtr position =
      call.arguments.size() == 4 ? Argument(call, 3, kInt) : MakeLiteral(Value{int64_t{1}}, TypeId::kInt);
  return MakeCall(call, kString,
                  {Argument(call, 0, kString), Argument(call, 1, kString), Argument(call, 2, kString), position},
                  kKernel);
}

void CheckGroup(const char* function, const Regex& regex, int32_t group) {
  if (group >= 0 && group <= regex.num_groups()) return;
  throw Error(ErrorClass{"INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", "22023"},
              "the group {} of {} is not among 0 to {}", group, function, regex.num_groups());
}

ExprList GroupArguments(const FunctionCall& call) {
  CheckArity(call, 2, 3);
  ExprPtr group = call.arguments.size() == 3 ? Argument(call, 2, kInt) : MakeLiteral(Value{int64_t{1}}, TypeId::kInt);
  return {Argument(call, 0, kString), Argument(call, 1, kString), std::move(group)};
}

ExprPtr BindExtract(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeRegexKernel<std::string_view, std::string_view, std::string_view, int32_t>(
      "regexp_extract",
      [](RegexCache& cache, std::string_view text, std::string_view pattern, int32_t group, StringWriter& out) {
        const Regex& regex = cache.Get(pattern);
        CheckGroup("regexp_extract", regex, group);
        Regex::Match match;
        if (regex.Search(text, 0, match)) out.AppendPart(GroupOf(text, match, group));
      });
  return MakeCall(call, kString, GroupArguments(call), kKernel);
}

ExprPtr BindExtractAll(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    const auto& text = std::get<std::string>(arguments[0].data);
    const Regex regex(std::get<std::string>(arguments[1].data), "regexp_extract_all");
    const auto group = static_cast<int32_t>(std::get<int64_t>(arguments[2].data));
    CheckGroup("regexp_extract_all", regex, group);
    std::vector<Value> found;
    ForEachMatch(regex, text, 0, [&](const Regex::Match& match) {
      found.push_back(Value{std::string(GroupOf(text, match, group))});
      return true;
    });
    return Value{std::move(found)};
  });
  return MakeCall(call, Type::Array(kString), GroupArguments(call), kKernel);
}

KernelPtr CountKernel() {
  return MakeRegexKernel<int32_t, std::string_view, std::string_view>(
      "regexp_count", [](RegexCache& cache, std::string_view text, std::string_view pattern) {
        int32_t count = 0;
        ForEachMatch(cache.Get(pattern), text, 0, [&](const Regex::Match&) { return ++count > 0; });
        return count;
      });
}

KernelPtr SubstrKernel() {
  return MakeRegexKernel<std::string_view, std::string_view, std::string_view>(
      "regexp_substr", [](RegexCache& cache, std::string_view text, std::string_view pattern, StringWriter& out) {
        Regex::Match match;
        if (!cache.Get(pattern).Search(text, 0, match)) return false;
        out.AppendPart(GroupOf(text, match, 0));
        return true;
      });
}

ExprPtr BindInstr(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeRegexKernel<int32_t, std::string_view, std::string_view>(
      "regexp_instr", [](RegexCache& cache, std::string_view text, std::string_view pattern) {
        Regex::Match match;
        if (!cache.Get(pattern).Search(text, 0, match)) return 0;
        return static_cast<int32_t>(CountChars(text.substr(0, static_cast<size_t>(match.groups[0].first)))) + 1;
      });
  CheckArity(call, 2, 3);
  return MakeCall(call, kInt, {Argument(call, 0, kString), Argument(call, 1, kString)}, kKernel);
}

// At most `limit` parts when it is above 0; empty ones at the end stay, as Spark keeps them.
ExprPtr BindSplit(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    const auto& text = std::get<std::string>(arguments[0].data);
    const Regex regex(std::get<std::string>(arguments[1].data), "split");
    const int64_t limit = std::get<int64_t>(arguments[2].data);
    std::vector<Value> parts;
    size_t begin = 0;
    ForEachMatch(regex, text, 0, [&](const Regex::Match& match) {
      if (limit > 0 && static_cast<int64_t>(parts.size()) == limit - 1) return false;
      const auto [from, to] = match.groups[0];
      const bool empty = from == to;
      // An empty match parts characters, not the text from its ends.
      if (empty && (from == 0 || from == static_cast<int64_t>(text.size()))) return true;
      parts.push_back(Value{text.substr(begin, static_cast<size_t>(from) - begin)});
      begin = static_cast<size_t>(to);
      return true;
    });
    parts.push_back(Value{text.substr(begin)});
    return Value{std::move(parts)};
  });
  CheckArity(call, 2, 3);
  ExprPtr limit = call.arguments.size() == 3 ? Argument(call, 2, kInt) : MakeLiteral(Value{int64_t{-1}}, TypeId::kInt);
  return MakeCall(call, Type::Array(kString, false), {Argument(call, 0, kString), Argument(call, 1, kString), limit},
                  kKernel);
}

}  // namespace

void RegisterRegexp(FunctionRegistry& registry) {
  registry.Add("regexp_replace", BindReplace);
  registry.Add("regexp_extract", BindExtract);
  registry.Add("regexp_extract_all", BindExtractAll);
  registry.Add("regexp_count", Simple({kString, kString}, kInt, CountKernel()));
  registry.Add("regexp_substr", Simple({kString, kString}, kString, SubstrKernel(), true));
  registry.Add("regexp_instr", BindInstr);
  registry.Add("split", BindSplit);
}

}  // namespace quell
