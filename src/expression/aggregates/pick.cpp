// Aggregates that pick whole values: first, last, any_value, max_by, min_by, collect_list, collect_set.
#include <set>

#include "expression/aggregates/aggregates.h"
#include "expression/aggregates/states.h"
#include "expression/coercion.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);

int64_t ValueBytes(const Value& value) {
  int64_t bytes = sizeof(Value);
  if (const auto* text = std::get_if<std::string>(&value.data)) bytes += static_cast<int64_t>(text->capacity());
  if (const auto* items = std::get_if<std::vector<Value>>(&value.data)) {
    for (const Value& item : *items) bytes += ValueBytes(item);
  }
  return bytes;
}

// The first or last row of each group; with `ignore_nulls`, of those that are not NULL.
class EdgeStates final : public AggregateStates {
 public:
  EdgeStates(Type type, bool last, bool ignore_nulls)
      : type_(std::move(type)), last_(last), ignore_nulls_(ignore_nulls) {}

  void Resize(int64_t num_groups) override {
    values_.resize(static_cast<size_t>(num_groups));
    seen_.resize(static_cast<size_t>(num_groups));
    rows_.resize(static_cast<size_t>(num_groups), -1);
  }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    const ValidityReader valid(arguments[0]);
    Pick(group_ids, arguments[0], rows, [&](int64_t row) { return !ignore_nulls_ || valid[row]; });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    const Reader<bool> seen(states[1]);
    Pick(group_ids, states[0], rows, [&](int64_t row) { return seen[row]; });
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override {
    BufferPtr bits = SeenBits(seen_, begin, end);
    return {Finish(begin, end), MakeFlat(kBoolean, end - begin, std::move(bits))};
  }

  Column Finish(int64_t begin, int64_t end) const override {
    return MakeColumn(type_, std::vector<Value>(values_.begin() + begin, values_.begin() + end));
  }

  int64_t memory_bytes() const override {
    return bytes_ + VectorBytes(values_) + VectorBytes(seen_) + VectorBytes(rows_);
  }

 private:
  // Notes the row of each group first, so that a value is copied once a batch.
  template <typename Counts>
  void Pick(const uint32_t* group_ids, const Column& column, const Rows& rows, Counts counts) {
    touched_.clear();
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      const uint32_t group = group_ids[k++];
      if ((!last_ && (seen_[group] || rows_[group] >= 0)) || !counts(row)) return;
      if (rows_[group] < 0) touched_.push_back(group);
      rows_[group] = static_cast<int32_t>(row);
    });
    for (const uint32_t group : touched_) {
      bytes_ -= ValueBytes(values_[group]);
      values_[group] = ValueAt(column, rows_[group]);
      bytes_ += ValueBytes(values_[group]);
      seen_[group] = 1;
      rows_[group] = -1;
    }
  }

  const Type type_;
  const bool last_;
  const bool ignore_nulls_;
  int64_t bytes_ = 0;
  std::vector<Value> values_;
  std::vector<uint8_t> seen_;
  std::vector<int32_t> rows_;  // of this batch; -1 for none
  std::vector<uint32_t> touched_;
};

// The value beside the largest or smallest order; later ones win ties, as in Spark.
class ByStates final : public AggregateStates {
 public:
  ByStates(Type value, Type order, bool max)
      : value_type_(std::move(value)), order_type_(std::move(order)), max_(max) {}

  void Resize(int64_t num_groups) override {
    values_.resize(static_cast<size_t>(num_groups));
    orders_.resize(static_cast<size_t>(num_groups));
  }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      const uint32_t group = group_ids[k++];
      Value order = ValueAt(arguments[1], row);
      if (order.is_null()) return;
      if (!orders_[group].is_null()) {
        const int comparison = CompareValues(order, orders_[group]);
        if (max_ ? comparison < 0 : comparison > 0) return;
      }
      orders_[group] = std::move(order);
      values_[group] = ValueAt(arguments[0], row);
    });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    Update(group_ids, states, rows);
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override {
    return {Finish(begin, end), MakeColumn(order_type_, {orders_.begin() + begin, orders_.begin() + end})};
  }

  Column Finish(int64_t begin, int64_t end) const override {
    return MakeColumn(value_type_, {values_.begin() + begin, values_.begin() + end});
  }

  int64_t memory_bytes() const override { return 2 * (VectorBytes(values_) + VectorBytes(orders_)); }

 private:
  const Type value_type_;
  const Type order_type_;
  const bool max_;
  std::vector<Value> values_;
  std::vector<Value> orders_;
};

struct ValueOrder {
  bool operator()(const Value& a, const Value& b) const { return CompareValues(a, b) < 0; }
};

// All values of each group that are not NULL.
class CollectStates final : public AggregateStates {
 public:
  CollectStates(Type array, bool distinct) : array_(std::move(array)), distinct_(distinct) {}

  void Resize(int64_t num_groups) override {
    lists_.resize(static_cast<size_t>(num_groups));
    if (distinct_) sets_.resize(static_cast<size_t>(num_groups));
  }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    int64_t k = 0;
    rows.ForEach([&](int64_t row) { Add(group_ids[k++], ValueAt(arguments[0], row)); });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      const uint32_t group = group_ids[k++];
      Value list = ValueAt(states[0], row);
      for (Value& item : std::get<std::vector<Value>>(list.data)) Add(group, std::move(item));
    });
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override { return {Finish(begin, end)}; }

  Column Finish(int64_t begin, int64_t end) const override {
    std::vector<Value> values;
    for (int64_t group = begin; group < end; ++group) values.push_back(Value{lists_[static_cast<size_t>(group)]});
    return MakeColumn(array_, values);
  }

  int64_t memory_bytes() const override { return bytes_ + VectorBytes(lists_) + VectorBytes(sets_); }

 private:
  void Add(uint32_t group, Value value) {
    if (value.is_null()) return;
    if (distinct_ && !sets_[group].insert(value).second) return;
    bytes_ += ValueBytes(value) * (distinct_ ? 3 : 2);
    lists_[group].push_back(std::move(value));
  }

  const Type array_;
  const bool distinct_;
  int64_t bytes_ = 0;
  std::vector<std::vector<Value>> lists_;
  std::vector<std::set<Value, ValueOrder>> sets_;
};

FunctionBinder BindEdge(bool last) {
  return [=](const FunctionCall& call) {
    CheckArity(call, 1, 2);
    bool ignore_nulls = call.ignore_nulls;
    if (call.arguments.size() == 2) {
      const std::optional<Value> flag = ConstantArgument(call, 1);
      const bool* value = flag ? std::get_if<bool>(&flag->data) : nullptr;
      if (!value) ThrowMismatch(call, 1, "a constant BOOLEAN");
      ignore_nulls = *value;
    }
    const Type type = call.arguments[0]->type();
    AggregateFunction function;
    function.result_type = type;
    function.state_types = {type, kBoolean};
    function.variant = std::to_string(ignore_nulls);
    function.make_states = [=] { return std::make_unique<EdgeStates>(type, last, ignore_nulls); };
    return MakeAggregate(call, {call.arguments[0]}, std::move(function));
  };
}

FunctionBinder BindBy(bool max) {
  return [=](const FunctionCall& call) {
    CheckArity(call, 2, 2);
    const Type value = call.arguments[0]->type();
    const Type order = call.arguments[1]->type();
    if (!IsOrderable(order)) {
      throw Error(kInvalidOrderingType, call.location, "{} cannot order values of the type {}", call.name,
                  order.ToSql());
    }
    AggregateFunction function;
    function.result_type = value;
    function.state_types = {value, order};
    function.make_states = [=] { return std::make_unique<ByStates>(value, order, max); };
    return MakeAggregate(call, call.arguments, std::move(function));
  };
}

FunctionBinder BindCollect(bool distinct) {
  return [=](const FunctionCall& call) {
    CheckArity(call, 1, 1);
    const Type array = Type::Array(call.arguments[0]->type(), false);
    AggregateFunction function;
    function.result_type = array;
    function.state_types = {array};
    function.make_states = [=] { return std::make_unique<CollectStates>(array, distinct); };
    function.null_when_empty = false;
    return MakeAggregate(call, call.arguments, std::move(function));
  };
}

}  // namespace

void RegisterPick(FunctionRegistry& registry) {
  for (const char* name : {"first", "first_value", "any_value"}) registry.AddAggregate(name, BindEdge(false));
  for (const char* name : {"last", "last_value"}) registry.AddAggregate(name, BindEdge(true));
  registry.AddAggregate("max_by", BindBy(true));
  registry.AddAggregate("min_by", BindBy(false));
  for (const char* name : {"collect_list", "array_agg"}) registry.AddAggregate(name, BindCollect(false));
  registry.AddAggregate("collect_set", BindCollect(true));
}

}  // namespace quell
