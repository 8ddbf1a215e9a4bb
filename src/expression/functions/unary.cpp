// Unary minus and plus, abs, greatest, least.
#include <limits>

#include "base/check.h"
#include "data/visit_type.h"
#include "expression/coercion.h"
#include "expression/functions/arithmetic.h"
#include "expression/functions/comparison.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

template <typename T, bool kAbs>
KernelPtr NegateKernel(const Type& type, OverflowMode mode) {
  const auto overflow_name = type.is_interval() ? "interval" : type.id() == TypeId::kInt ? "integer" : "long";
  if constexpr (std::is_floating_point_v<T>) {
    return MakeSafeKernel<T, T>([](T v) { return kAbs ? std::abs(v) : -v; });
  } else if constexpr (std::is_same_v<T, Int128>) {
    return MakeSafeKernel<T, T>([](T v) { return kAbs && v >= 0 ? v : -v; });
  } else {
    return MakeKernel<T, T>([=](T v) -> std::optional<T> {
      if (kAbs && v >= 0) return v;
      if (v != std::numeric_limits<T>::min()) return static_cast<T>(-v);
      if (mode == OverflowMode::kWrap && !type.is_interval()) return v;
      if (type.is_interval()) {
        throw Error(kIntervalOverflowWithoutSuggestion, "an interval overflows");
      }
      ThrowOverflow(overflow_name, "a wider type");
    });
  }
}

template <bool kAbs>
FunctionBinder BindSigned(const char* name) {
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 1);
    const FunctionCall named{name, call.arguments, call.location, call.settings};
    const bool is_interval = call.arguments[0]->type().is_interval();
    ExprPtr argument = is_interval ? call.arguments[0] : NumericArgument(call, 0);
    const Type type = argument->type();
    KernelPtr kernel = VisitFixedWidth(
        type,
        [&](auto tag) -> KernelPtr {
          using T = typename decltype(tag)::Native;
          if constexpr (std::is_same_v<T, bool>) {
            QUELL_CHECK(false);
          } else {
            return NegateKernel<T, kAbs>(type, ModeOf(call));
          }
        },
        []() -> KernelPtr { QUELL_CHECK(false); });
    return MakeCall(named, type, {std::move(argument)}, std::move(kernel));
  };
}

ExprPtr BindPositive(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  return call.arguments[0]->type().is_interval() ? call.arguments[0] : NumericArgument(call, 0);
}

FunctionBinder BindMinus(FunctionBinder binary, FunctionBinder unary) {
  return [=](const FunctionCall& call) { return call.arguments.size() == 1 ? unary(call) : binary(call); };
}

// The largest or smallest argument that is not NULL.
template <bool kGreatest>
KernelPtr ExtremeKernel() {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    return VisitType(
        result,
        [&](auto tag) {
          using T = typename decltype(tag)::Native;
          std::vector<Reader<T>> readers(arguments.begin(), arguments.end());
          std::vector<ValidityReader> valid(arguments.begin(), arguments.end());
          const auto best_of = [&](int64_t row) {
            std::optional<T> best;
            for (size_t i = 0; i < readers.size(); ++i) {
              if (!valid[i][row]) continue;
              const T value = readers[i][row];
              if (!best || LessThan::Apply<T>(kGreatest ? *best : value, kGreatest ? value : *best)) best = value;
            }
            return best;
          };
          if constexpr (std::is_same_v<T, std::string_view>) {
            return kernel_internal::MapStrings(
                rows, result,
                [&](int64_t row, StringWriter& out) {
                  const auto best = best_of(row);
                  if (best) out.AppendPart(*best);
                  return best.has_value();
                },
                RowNumbers{});
          } else {
            return kernel_internal::MapFixed<T>(rows, result, best_of, RowNumbers{});
          }
        },
        [&]() -> Column { return MakeConstant(result, Value{}); });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

template <bool kGreatest>
ExprPtr BindExtreme(const FunctionCall& call) {
  static const KernelPtr kKernel = ExtremeKernel<kGreatest>();
  CheckArity(call, 2, kAnyNumber);
  ExprList arguments = CommonArguments(call);
  const Type type = arguments[0]->type();
  if (!IsOrderable(type) || type.is_nested()) {
    throw Error(kInvalidOrderingType, call.location, "{} cannot order values of the type {}", call.name, type.ToSql());
  }
  bool nullable = true;
  for (const ExprPtr& argument : arguments) nullable &= argument->nullable();
  return std::make_shared<Call>(std::string(call.name), kKernel, type, nullable, std::move(arguments));
}

}  // namespace

void RegisterUnary(FunctionRegistry& registry) {
  registry.Add("abs", BindSigned<true>("abs"));
  registry.Add("negative", BindSigned<false>("negative"));
  registry.Add("-", BindMinus(registry.Find("-"), BindSigned<false>("negative")));
  registry.Add("+", BindMinus(registry.Find("+"), BindPositive));
  registry.Add("positive", BindPositive);
  registry.Add("greatest", BindExtreme<true>);
  registry.Add("least", BindExtreme<false>);
}

}  // namespace quell
