// like, ilike, rlike.
#include "data/schema.h"
#include "expression/functions/binding.h"
#include "expression/functions/functions.h"
#include "expression/functions/pattern.h"
#include "expression/functions/utf8.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);
const Type kString(TypeId::kString);

// Patterns are compiled once for runs of rows that have the same one, which for a constant is once a batch.
template <typename Pattern, typename Make>
class PatternCache {
 public:
  explicit PatternCache(Make make) : make_(std::move(make)) {}
  const Pattern& Get(std::string_view text) {
    if (!pattern_ || text != text_) {
      text_ = text;
      pattern_ = make_(text);
    }
    return *pattern_;
  }

 private:
  Make make_;
  std::string text_;
  std::shared_ptr<const Pattern> pattern_;
};

KernelPtr LikeKernel(char escape, bool ignore_case) {
  ScalarKernel kernel;
  kernel.variant = std::string(1, escape);
  kernel.compute = [=](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    const auto make = [=](std::string_view text) {
      return std::make_shared<const LikePattern>(ignore_case ? ToLowerUtf8(text) : std::string(text), escape);
    };
    PatternCache<LikePattern, decltype(make)> cache(make);
    return MapRows<bool, std::string_view, std::string_view>(
        arguments, rows, result, [&](std::string_view text, std::string_view pattern) {
          return ignore_case ? cache.Get(pattern).Matches(ToLowerUtf8(text)) : cache.Get(pattern).Matches(text);
        });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

FunctionBinder BindLike(bool ignore_case) {
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 2, 3);
    char escape = '\\';
    if (call.arguments.size() == 3) {
      const std::optional<Value> value = ConstantArgument(call, 2);
      const auto* text = value ? std::get_if<std::string>(&value->data) : nullptr;
      if (!text || text->size() != 1) {
        throw Error(ErrorClass{"INVALID_ESCAPE_CHAR", "42604"}, call.location, "the escape of {} must be one character",
                    call.name);
      }
      escape = (*text)[0];
    }
    return MakeCall(call, kBoolean, {Argument(call, 0, kString), Argument(call, 1, kString)},
                    LikeKernel(escape, ignore_case));
  };
}

KernelPtr RegexKernel() {
  ScalarKernel kernel;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    const auto make = [](std::string_view text) { return std::make_shared<const Regex>(text, "rlike"); };
    PatternCache<Regex, decltype(make)> cache(make);
    return MapRows<bool, std::string_view, std::string_view>(
        arguments, rows, result,
        [&](std::string_view text, std::string_view pattern) { return cache.Get(pattern).Search(text); });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

}  // namespace

void RegisterLike(FunctionRegistry& registry) {
  registry.Add("like", BindLike(false));
  registry.Add("ilike", BindLike(true));
  const FunctionBinder regex = Simple({TypeId::kString, TypeId::kString}, TypeId::kBoolean, RegexKernel());
  for (const char* name : {"rlike", "regexp", "regexp_like"}) registry.Add(name, regex);
}

}  // namespace quell
