// avg, mean, try_avg.
#include <algorithm>

#include "data/visit_type.h"
#include "expression/aggregates/aggregates.h"
#include "expression/aggregates/states.h"
#include "expression/aggregates/sum.h"
#include "expression/coercion.h"

namespace quell {

namespace {

const Type kLong(TypeId::kLong);

// Spark's type of avg(argument): 4 digits more before and behind the point for a decimal, else DOUBLE.
Type AvgType(const Type& argument) {
  constexpr int32_t kExtraDigits = 4;
  if (argument.id() == TypeId::kDecimal) {
    return BoundedDecimal(argument.precision() + kExtraDigits, argument.scale() + kExtraDigits);
  }
  return argument.is_interval() ? argument : Type(TypeId::kDouble);
}

// What is summed for the average: decimals and intervals as they are, all else as DOUBLE.
Type SummedType(const Type& argument) {
  return argument.id() == TypeId::kDecimal || argument.is_interval() ? argument : Type(TypeId::kDouble);
}

template <typename Out, typename Sum>
Column DivideSums(std::span<const Column> arguments, const Rows& rows, const Type& result, OverflowMode mode) {
  const int32_t sum_scale = arguments[0].type.scale();
  return MapRows<Out, Sum, int64_t>(arguments, rows, result, [&](Sum sum, int64_t count) -> std::optional<Out> {
    if (count == 0) return std::nullopt;
    if constexpr (std::is_floating_point_v<Sum>) {
      return sum / static_cast<double>(count);
    } else if (result.is_interval()) {
      return static_cast<Out>(DivideHalfUp<Int128>(sum, count));
    } else {
      const auto value = DivideDecimals(sum, sum_scale, count, 0, result);
      if (!value && mode == OverflowMode::kRaise) ThrowOverflow("average of decimals", "try_avg");
      if (!value) return std::nullopt;
      return static_cast<Out>(*value);
    }
  });
}

// average(sum, count): also a plain function, so that a plan can share the sum and the count with others.
KernelPtr MakeDivideKernel(OverflowMode mode) {
  ScalarKernel kernel;
  kernel.variant = std::string(1, static_cast<char>('0' + static_cast<int>(mode)));
  kernel.compute = [mode](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    return VisitFixedWidth(
        arguments[0].type,
        [&](auto sum) -> Column {
          using Sum = typename decltype(sum)::Native;
          if constexpr (std::is_same_v<Sum, double>) {
            return DivideSums<double, double>(arguments, rows, result, mode);
          } else if constexpr (std::is_same_v<Sum, int32_t>) {
            return DivideSums<int32_t, int32_t>(arguments, rows, result, mode);
          } else if constexpr (std::is_same_v<Sum, int64_t> || std::is_same_v<Sum, Int128>) {
            const bool short_result = result.is_short_decimal() || result.is_interval();
            return short_result ? DivideSums<int64_t, Sum>(arguments, rows, result, mode)
                                : DivideSums<Int128, Sum>(arguments, rows, result, mode);
          } else {
            QUELL_CHECK(false);
          }
        },
        []() -> Column { QUELL_CHECK(false); });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// A sum and a count side by side.
class AvgStates final : public AggregateStates {
 public:
  AvgStates(std::unique_ptr<AggregateStates> sums, std::unique_ptr<AggregateStates> counts, KernelPtr divide,
            Type result)
      : sums_(std::move(sums)), counts_(std::move(counts)), divide_(std::move(divide)), result_(std::move(result)) {}

  void Resize(int64_t num_groups) override {
    sums_->Resize(num_groups);
    counts_->Resize(num_groups);
  }
  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    sums_->Update(group_ids, arguments, rows);
    counts_->Update(group_ids, arguments, rows);
  }
  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    sums_->Merge(group_ids, states.first(1), rows);
    counts_->Merge(group_ids, states.subspan(1), rows);
  }
  std::vector<Column> Export(int64_t begin, int64_t end) const override {
    return {sums_->Export(begin, end)[0], counts_->Export(begin, end)[0]};
  }
  Column Finish(int64_t begin, int64_t end) const override {
    const std::vector<Column> parts = Export(begin, end);
    const Rows rows{end - begin, nullptr};
    Column average = divide_->compute(parts, rows, result_);
    // A sum that is NULL, since it overflowed without an error, makes the average NULL.
    const uint8_t* average_bits = average.validity();
    BufferPtr validity = AndBits(average_bits, 0, parts[0].validity(), parts[0].data->offset, rows.num_rows);
    return MakeFlat(result_, rows.num_rows, average.data->buffers[1], std::move(validity));
  }
  int64_t memory_bytes() const override { return sums_->memory_bytes() + counts_->memory_bytes(); }

 private:
  const std::unique_ptr<AggregateStates> sums_;
  const std::unique_ptr<AggregateStates> counts_;
  const KernelPtr divide_;
  const Type result_;
};

ExprPtr SummedArgument(const FunctionCall& call) {
  const bool is_interval = call.arguments[0]->type().is_interval();
  ExprPtr argument = is_interval ? call.arguments[0] : NumericArgument(call, 0);
  const Type summed = SummedType(argument->type());
  return ImplicitCast(std::move(argument), summed, call.settings);
}

FunctionBinder BindAvg(const char* name, bool is_try) {
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 1);
    ExprPtr argument = SummedArgument(call);
    const OverflowMode mode = is_try ? OverflowMode::kNull : ModeOf(call);
    const AggregateFunction sum = SumFunction(argument->type(), mode);
    const AggregateFunction count = CountFunction();
    AggregateFunction function;
    function.result_type = AvgType(argument->type());
    function.state_types = {sum.result_type, kLong};
    const KernelPtr divide = MakeDivideKernel(mode);
    function.make_states = [=, result = function.result_type]() -> std::unique_ptr<AggregateStates> {
      return std::make_unique<AvgStates>(sum.make_states(), count.make_states(), divide, result);
    };
    const FunctionCall named{name, call.arguments, call.location, call.settings, call.is_distinct, call.filter};
    return MakeAggregate(named, {std::move(argument)}, std::move(function));
  };
}

}  // namespace

std::optional<AggregateParts> SplitAggregate(const AggregateCall& call, const ExpressionSettings& settings) {
  const bool is_try = call.name() == "try_avg";
  if (call.name() != "avg" && !is_try) return std::nullopt;
  const ExprList arguments{call.children()[0]};
  const ExprPtr filter = call.has_filter() ? call.children().back() : nullptr;
  const auto part = [&](const char* name) {
    const FunctionCall function{name, arguments, {}, settings, call.is_distinct(), filter};
    return FunctionRegistry::BuiltIn().Bind(function);
  };
  const OverflowMode mode = is_try ? OverflowMode::kNull : settings.ansi ? OverflowMode::kRaise : OverflowMode::kWrap;
  const Type type = call.type();
  return AggregateParts{{part(is_try ? "try_sum" : "sum"), part("count")}, [=](ExprList results) -> ExprPtr {
                          return std::make_shared<Call>("average", MakeDivideKernel(mode), type, true,
                                                        std::move(results));
                        }};
}

void RegisterAvg(FunctionRegistry& registry) {
  registry.AddAggregate("avg", BindAvg("avg", false));
  registry.AddAggregate("mean", BindAvg("avg", false));
  registry.AddAggregate("try_avg", BindAvg("try_avg", true));
}

}  // namespace quell
