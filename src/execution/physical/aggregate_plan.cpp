#include "execution/physical/aggregate_plan.h"

#include <algorithm>
#include <numeric>

#include "execution/physical/common_subexpressions.h"
#include "execution/physical/lower.h"
#include "execution/physical/plan.h"
#include "expression/aggregate_function.h"

namespace quell::execution {
namespace {

using AggregateCallPtr = std::shared_ptr<const AggregateCall>;

// The columns that are computed before grouping.
class InputColumns {
 public:
  explicit InputColumns(ExprList keys) : expressions_(std::move(keys)) {}

  // The position of a column that computes `expr`.
  int Add(const ExprPtr& expr) {
    for (size_t i = 0; i < expressions_.size(); ++i) {
      if (Equal(*expressions_[i], *expr)) return static_cast<int>(i);
    }
    return AddNew(expr);
  }
  int AddNew(const ExprPtr& expr) {
    expressions_.push_back(expr);
    return static_cast<int>(expressions_.size()) - 1;
  }

  PhysicalNodePtr Plan(PhysicalNodePtr input) && {
    std::vector<Field> fields;
    for (const ExprPtr& expr : expressions_) {
      std::string name = PrintExpression(expr, input->schema());
      fields.push_back({.name = std::move(name), .type = expr->type(), .nullable = expr->nullable()});
    }
    ExprList common = ExtractCommon(input->schema().num_fields(), &expressions_);
    return std::make_shared<ProjectNode>(std::move(input), std::move(common), std::move(expressions_),
                                         Schema(std::move(fields)));
  }

 private:
  ExprList expressions_;
};

// The arguments of a distinct aggregate; the filter makes rows NULL, which every distinct aggregate passes over.
ExprList DistinctArguments(const AggregateCall& call) {
  ExprList arguments(call.children().begin(), call.children().begin() + call.num_arguments());
  if (!call.has_filter()) return arguments;
  for (ExprPtr& argument : arguments) {
    argument = std::make_shared<Case>(argument->type(), ExprList{call.children().back(), argument});
  }
  return arguments;
}

bool SameLists(const ExprList& a, const ExprList& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ExprPtr& x, const ExprPtr& y) { return Equal(*x, *y); });
}

std::vector<int> Iota(int begin, int end) {
  std::vector<int> positions(end - begin);
  std::iota(positions.begin(), positions.end(), begin);
  return positions;
}

class AggregatePlanner {
 public:
  explicit AggregatePlanner(const logical::Aggregate& aggregate)
      : aggregate_(aggregate), num_keys_(static_cast<int>(aggregate.groups().size())) {}

  PhysicalNodePtr Plan() {
    CollectCalls();
    PhysicalNodePtr input = MakePhysicalPlan(aggregate_.input());
    PhysicalNodePtr grouped = distinct_sets_.empty() ? PlanOneLevel(std::move(input)) : PlanTwoLevels(std::move(input));
    return Restore(std::move(grouped));
  }

 private:
  void CollectCalls() {
    const ColumnPositions positions(aggregate_.input()->output());
    for (const logical::NamedExpr& group : aggregate_.groups()) keys_.push_back(positions.Lower(group.expr));
    for (const logical::NamedExpr& named : aggregate_.aggregates()) {
      const ExprPtr lowered = positions.Lower(named.expr);
      const auto same = std::find_if(calls_.begin(), calls_.end(),
                                     [&](const AggregateCallPtr& call) { return Equal(*call, *lowered); });
      call_of_output_.push_back(static_cast<int>(same - calls_.begin()));
      if (same == calls_.end()) calls_.push_back(std::static_pointer_cast<const AggregateCall>(lowered));
    }
    for (const AggregateCallPtr& call : calls_) {
      int set = -1;
      if (KeepsDistinctValues(*call)) {
        ExprList arguments = DistinctArguments(*call);
        const auto same = std::find_if(distinct_sets_.begin(), distinct_sets_.end(),
                                       [&](const ExprList& list) { return SameLists(list, arguments); });
        set = static_cast<int>(same - distinct_sets_.begin());
        if (same == distinct_sets_.end()) distinct_sets_.push_back(std::move(arguments));
      }
      set_of_call_.push_back(set);
    }
  }

  static AggregateStep PlainStep(const AggregateCallPtr& call, InputColumns* columns) {
    AggregateStep step{.call = call, .inputs = {}};
    for (size_t i = 0; i < call->num_arguments(); ++i) step.inputs.push_back(columns->Add(call->children()[i]));
    if (call->has_filter()) step.filter = columns->Add(call->children().back());
    return step;
  }

  // The column of a call's result, named as in the query.
  Field FieldOf(const AggregateCallPtr& call) const {
    return {.name = PrintExpression(call, SchemaOf(aggregate_.input()->output())),
            .type = call->type(),
            .nullable = call->nullable()};
  }

  std::vector<Field> KeyFields() const {
    std::vector<Field> fields;
    for (const logical::NamedExpr& group : aggregate_.groups()) {
      fields.push_back({.name = group.column.name, .type = group.column.type, .nullable = group.column.nullable});
    }
    return fields;
  }

  PhysicalNodePtr PlanOneLevel(PhysicalNodePtr input) {
    InputColumns columns(keys_);
    std::vector<AggregateStep> steps;
    std::vector<Field> fields = KeyFields();
    for (const AggregateCallPtr& call : calls_) {
      steps.push_back(PlainStep(call, &columns));
      fields.push_back(FieldOf(call));
    }
    return std::make_shared<AggregateNode>(std::move(columns).Plan(std::move(input)), Iota(0, num_keys_),
                                           std::move(steps), Schema(std::move(fields)));
  }

  // Inner level: groups by the keys and the distinct arguments, which leaves each distinct value once; the other
  // aggregates travel as states. Several sets of distinct arguments take turns (Expand): a row of one set has NULL for
  // all else.
  PhysicalNodePtr PlanTwoLevels(PhysicalNodePtr input) {
    InputColumns columns(keys_);
    std::vector<AggregateStep> inner_steps;
    for (size_t i = 0; i < calls_.size(); ++i) {
      if (set_of_call_[i] < 0) inner_steps.push_back(PlainStep(calls_[i], &columns));
    }
    const bool expands = distinct_sets_.size() > 1;
    std::vector<std::vector<int>> kept_columns;
    if (expands && !inner_steps.empty()) {
      const auto is_first_copy = std::make_shared<Literal>(Type(TypeId::kBoolean), Value{true});
      std::vector<int> kept = Iota(0, num_keys_);
      for (AggregateStep& step : inner_steps) {
        if (!step.filter) step.filter = columns.Add(is_first_copy);
        kept.push_back(*step.filter);
        kept.insert(kept.end(), step.inputs.begin(), step.inputs.end());
      }
      kept_columns.push_back(std::move(kept));
    }
    std::vector<int> inner_keys = Iota(0, num_keys_);
    std::vector<std::vector<int>> set_columns;  // by position in the inner level's output
    for (const ExprList& set : distinct_sets_) {
      std::vector<int> kept = Iota(0, num_keys_);
      set_columns.emplace_back();
      for (const ExprPtr& argument : set) {
        const int column = expands ? columns.AddNew(argument) : columns.Add(argument);
        set_columns.back().push_back(static_cast<int>(inner_keys.size()));
        inner_keys.push_back(column);
        kept.push_back(column);
      }
      kept_columns.push_back(std::move(kept));
    }
    PhysicalNodePtr below = std::move(columns).Plan(std::move(input));
    if (expands) below = std::make_shared<ExpandNode>(std::move(below), std::move(kept_columns));
    return PlanOuter(PlanInner(std::move(below), std::move(inner_keys), std::move(inner_steps)), set_columns);
  }

  PhysicalNodePtr PlanInner(PhysicalNodePtr below, std::vector<int> keys, std::vector<AggregateStep> steps) const {
    std::vector<Field> fields;
    for (const int key : keys) {
      fields.push_back(below->schema().field(key));
      fields.back().nullable = true;
    }
    for (AggregateStep& step : steps) {
      step.exports_state = true;
      for (const Type& type : step.call->function().state_types) {
        fields.push_back({.name = FieldOf(step.call).name, .type = type, .nullable = true});
      }
    }
    return std::make_shared<AggregateNode>(std::move(below), std::move(keys), std::move(steps),
                                           Schema(std::move(fields)));
  }

  PhysicalNodePtr PlanOuter(PhysicalNodePtr inner, const std::vector<std::vector<int>>& set_columns) {
    std::vector<Field> fields = KeyFields();
    std::vector<AggregateStep> steps;
    int next_state = static_cast<int>(inner->As<AggregateNode>().keys.size());
    for (size_t i = 0; i < calls_.size(); ++i) {
      AggregateStep step{.call = calls_[i], .inputs = {}};
      if (set_of_call_[i] >= 0) {
        step.inputs = set_columns[set_of_call_[i]];
      } else {
        const int num_states = static_cast<int>(calls_[i]->function().state_types.size());
        step.inputs = Iota(next_state, next_state + num_states);
        step.merges_states = true;
        next_state += num_states;
      }
      steps.push_back(std::move(step));
      fields.push_back(FieldOf(calls_[i]));
    }
    return std::make_shared<AggregateNode>(std::move(inner), Iota(0, num_keys_), std::move(steps),
                                           Schema(std::move(fields)));
  }

  // The outputs that the query asked for, where equal calls share a column.
  PhysicalNodePtr Restore(PhysicalNodePtr grouped) const {
    if (calls_.size() == call_of_output_.size()) return grouped;
    ExprList expressions;
    for (int i = 0; i < num_keys_ + static_cast<int>(call_of_output_.size()); ++i) {
      const int column = i < num_keys_ ? i : num_keys_ + call_of_output_[i - num_keys_];
      const Field& field = grouped->schema().field(column);
      expressions.push_back(std::make_shared<InputRef>(column, field.type, field.nullable));
    }
    return std::make_shared<ProjectNode>(std::move(grouped), ExprList{}, std::move(expressions),
                                         SchemaOf(aggregate_.output()));
  }

  const logical::Aggregate& aggregate_;
  const int num_keys_;
  ExprList keys_;
  std::vector<AggregateCallPtr> calls_;  // without repeats
  std::vector<int> call_of_output_;      // which of them each output is
  std::vector<ExprList> distinct_sets_;  // argument lists of distinct aggregates, without repeats
  std::vector<int> set_of_call_;         // -1: not distinct
};

}  // namespace

bool KeepsDistinctValues(const AggregateCall& call) {
  const bool ignores_repeats = call.name() == "min" || call.name() == "max" || call.name() == "approx_count_distinct";
  return call.is_distinct() && !ignores_repeats;
}

PhysicalNodePtr PlanAggregate(const logical::Aggregate& aggregate) { return AggregatePlanner(aggregate).Plan(); }

}  // namespace quell::execution
