// count, count_if, regr_count.
#include "expression/aggregates/aggregates.h"
#include "expression/aggregates/states.h"

namespace quell {

namespace {

const Type kLong(TypeId::kLong);

// Counts the rows where no argument is NULL; without arguments all rows.
class CountStates final : public AggregateStates {
 public:
  void Resize(int64_t num_groups) override { counts_.resize(static_cast<size_t>(num_groups)); }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    bool any_nulls = false;
    for (const Column& argument : arguments) any_nulls |= argument.may_have_nulls();
    if (!any_nulls) return CountAll(group_ids, rows);
    if (arguments.size() == 1) {
      return ForEachValid(arguments[0], rows, [&](int64_t k, int64_t) { ++counts_[group_ids[k]]; });
    }
    std::vector<ValidityReader> valid(arguments.begin(), arguments.end());
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      bool all = true;
      for (const ValidityReader& reader : valid) all &= reader[row];
      counts_[group_ids[k++]] += all;
    });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    const Reader<int64_t> counts(states[0]);
    int64_t k = 0;
    rows.ForEach([&](int64_t row) { counts_[group_ids[k++]] += counts[row]; });
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override { return {Finish(begin, end)}; }

  Column Finish(int64_t begin, int64_t end) const override {
    return ColumnOfGroups<int64_t>(kLong, begin, end, nullptr, [&](size_t group) { return counts_[group]; });
  }

  int64_t memory_bytes() const override { return VectorBytes(counts_); }

 private:
  void CountAll(const uint32_t* group_ids, const Rows& rows) {
    const int64_t count = rows.count();
    if (counts_.size() == 1) {
      counts_[0] += count;
      return;
    }
    int64_t* counts = counts_.data();
    for (int64_t k = 0; k < count; ++k) ++counts[group_ids[k]];
  }

  std::vector<int64_t> counts_;
};

}  // namespace

AggregateFunction CountFunction() {
  AggregateFunction function;
  function.result_type = kLong;
  function.state_types = {kLong};
  function.make_states = [] { return std::make_unique<CountStates>(); };
  function.null_when_empty = false;
  return function;
}

namespace {

ExprPtr BindCount(const FunctionCall& call) {
  // count(1) counts rows like count(*).
  const bool is_literal = call.arguments.size() == 1 && !call.is_distinct && call.arguments[0]->As<Literal>() &&
                          !call.arguments[0]->nullable();
  return MakeAggregate(call, is_literal ? ExprList{} : call.arguments, CountFunction());
}

// count(CASE WHEN condition THEN true END).
ExprPtr BindCountIf(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  ExprPtr condition = Argument(call, 0, Type(TypeId::kBoolean));
  ExprPtr null_unless_true =
      Rebind(call, "case_when", {std::move(condition), MakeLiteral(Value{true}, TypeId::kBoolean)});
  return MakeAggregate(call, {std::move(null_unless_true)}, CountFunction());
}

}  // namespace

void RegisterCount(FunctionRegistry& registry) {
  registry.AddAggregate("count", BindCount);
  registry.AddAggregate("count_if", BindCountIf);
  registry.AddAggregate("regr_count", [](const FunctionCall& call) {
    CheckArity(call, 2, 2);
    return MakeAggregate(call, call.arguments, CountFunction());
  });
}

}  // namespace quell
