// percentile, median, mode: aggregates that keep every value of a group.
#include <algorithm>
#include <cmath>
#include <map>

#include "expression/aggregates/aggregates.h"
#include "expression/aggregates/states.h"

namespace quell {

namespace {

const Type kDouble(TypeId::kDouble);
const Type kDoubles = Type::Array(Type(TypeId::kDouble), false);

// Between the two values beside the place, by how near each is.
double Interpolated(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const double lower = std::floor(place);
  const double low = sorted[static_cast<size_t>(lower)];
  if (lower == place) return low;
  const double high = sorted[static_cast<size_t>(lower) + 1];
  return (lower + 1 - place) * low + (place - lower) * high;
}

class PercentileStates final : public AggregateStates {
 public:
  // With `as_array` the result is an array with one value for each share.
  PercentileStates(std::vector<double> shares, bool as_array) : shares_(std::move(shares)), as_array_(as_array) {}

  void Resize(int64_t num_groups) override { values_.resize(static_cast<size_t>(num_groups)); }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    const Column column = WithoutDictionary(arguments[0], rows);
    const Reader<double> reader(column);
    ForEachValid(column, rows, [&](int64_t k, int64_t row) { Add(group_ids[k], reader[row]); });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    const int32_t* offsets = states[0].data->GetValues<int32_t>(1);
    const double* values = states[0].data->child_data[0]->GetValues<double>(1);
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      const uint32_t group = group_ids[k++];
      for (int32_t i = offsets[row]; i < offsets[row + 1]; ++i) Add(group, values[i]);
    });
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override {
    std::vector<Value> lists;
    for (int64_t group = begin; group < end; ++group) {
      std::vector<Value> items;
      for (const double value : values_[static_cast<size_t>(group)]) items.push_back(Value{value});
      lists.push_back(Value{std::move(items)});
    }
    return {MakeColumn(kDoubles, lists)};
  }

  Column Finish(int64_t begin, int64_t end) const override {
    std::vector<Value> results;
    for (int64_t group = begin; group < end; ++group) {
      std::vector<double> sorted = values_[static_cast<size_t>(group)];
      if (sorted.empty()) {
        results.push_back(Value{});
        continue;
      }
      std::sort(sorted.begin(), sorted.end());
      std::vector<Value> items;
      for (const double share : shares_) items.push_back(Value{Interpolated(sorted, share)});
      results.push_back(as_array_ ? Value{std::move(items)} : items[0]);
    }
    return MakeColumn(as_array_ ? kDoubles : kDouble, results);
  }

  int64_t memory_bytes() const override {
    return VectorBytes(values_) + num_values_ * static_cast<int64_t>(2 * sizeof(double));
  }

 private:
  void Add(uint32_t group, double value) {
    values_[group].push_back(value);
    ++num_values_;
  }

  const std::vector<double> shares_;
  const bool as_array_;
  int64_t num_values_ = 0;
  std::vector<std::vector<double>> values_;
};

ExprPtr MakePercentile(const FunctionCall& call, std::vector<double> shares, bool as_array) {
  AggregateFunction function;
  function.result_type = as_array ? kDoubles : kDouble;
  function.state_types = {kDoubles};
  for (const double share : shares) function.variant += fmt::format("{}/", share);
  function.make_states = [=] { return std::make_unique<PercentileStates>(shares, as_array); };
  return MakeAggregate(call, {Argument(call, 0, kDouble)}, std::move(function));
}

ExprPtr BindMedian(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  return MakePercentile(call, {0.5}, false);
}

ExprPtr BindPercentile(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  const bool as_array = call.arguments[1]->type().id() == TypeId::kArray;
  const FunctionCall typed{
      call.name, {call.arguments[0], Argument(call, 1, as_array ? kDoubles : kDouble)}, call.location, call.settings};
  const std::optional<Value> value = ConstantArgument(typed, 1);
  std::vector<double> shares;
  if (value && as_array && !value->is_null()) {
    for (const Value& item : std::get<std::vector<Value>>(value->data)) shares.push_back(std::get<double>(item.data));
  } else if (value && !value->is_null()) {
    shares.push_back(std::get<double>(value->data));
  }
  const bool valid =
      !shares.empty() && std::all_of(shares.begin(), shares.end(), [](double s) { return s >= 0 && s <= 1; });
  if (!valid) {
    throw Error(ErrorClass{"DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", "42K09"}, call.location,
                "the shares of {} must be constants from 0 to 1", call.name);
  }
  return MakePercentile(call, std::move(shares), as_array);
}

struct ValueOrder {
  bool operator()(const Value& a, const Value& b) const { return CompareValues(a, b) < 0; }
};

// How often each value is there; the most frequent one, the smallest of several.
class ModeStates final : public AggregateStates {
 public:
  explicit ModeStates(const Type& value) : value_(value), state_(Type::Map(value, Type(TypeId::kLong), false)) {}

  void Resize(int64_t num_groups) override { counts_.resize(static_cast<size_t>(num_groups)); }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    int64_t k = 0;
    rows.ForEach([&](int64_t row) { Add(group_ids[k++], ValueAt(arguments[0], row), 1); });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      const uint32_t group = group_ids[k++];
      Value map = ValueAt(states[0], row);
      auto& items = std::get<std::vector<Value>>(map.data);
      for (size_t i = 0; i + 1 < items.size(); i += 2)
        Add(group, std::move(items[i]), std::get<int64_t>(items[i + 1].data));
    });
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override {
    std::vector<Value> maps;
    for (int64_t group = begin; group < end; ++group) {
      std::vector<Value> items;
      for (const auto& [value, count] : counts_[static_cast<size_t>(group)]) {
        items.push_back(value);
        items.push_back(Value{count});
      }
      maps.push_back(Value{std::move(items)});
    }
    return {MakeColumn(state_, maps)};
  }

  Column Finish(int64_t begin, int64_t end) const override {
    std::vector<Value> values;
    for (int64_t group = begin; group < end; ++group) {
      const auto& counts = counts_[static_cast<size_t>(group)];
      const auto most = std::max_element(counts.begin(), counts.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
      values.push_back(most == counts.end() ? Value{} : most->first);
    }
    return MakeColumn(value_, values);
  }

  int64_t memory_bytes() const override { return VectorBytes(counts_) + num_values_ * 128; }

 private:
  void Add(uint32_t group, Value value, int64_t count) {
    if (value.is_null()) return;
    const auto [entry, inserted] = counts_[group].emplace(std::move(value), 0);
    entry->second += count;
    num_values_ += inserted;
  }

  const Type value_;
  const Type state_;
  int64_t num_values_ = 0;
  std::vector<std::map<Value, int64_t, ValueOrder>> counts_;
};

ExprPtr BindMode(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  const Type type = call.arguments[0]->type();
  AggregateFunction function;
  function.result_type = type;
  function.state_types = {Type::Map(type, Type(TypeId::kLong), false)};
  function.make_states = [type] { return std::make_unique<ModeStates>(type); };
  return MakeAggregate(call, call.arguments, std::move(function));
}

}  // namespace

void RegisterPercentile(FunctionRegistry& registry) {
  registry.AddAggregate("median", BindMedian);
  registry.AddAggregate("percentile", BindPercentile);
  registry.AddAggregate("mode", BindMode);
}

}  // namespace quell
