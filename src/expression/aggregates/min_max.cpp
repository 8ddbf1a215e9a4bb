// min, max.
#include <limits>

#include "data/visit_type.h"
#include "expression/aggregates/aggregates.h"
#include "expression/aggregates/states.h"
#include "expression/coercion.h"
#include "expression/functions/comparison.h"

namespace quell {

namespace {

// The better of two values: the smaller for min, the larger for max.
template <bool kMax, typename T>
T Better(T a, T b) {
  return LessThan::Apply<T>(kMax ? a : b, kMax ? b : a) ? b : a;
}

// What every value is better than, or as good as.
template <bool kMax, typename T>
T Worst() {
  if constexpr (std::is_floating_point_v<T>) {
    return kMax ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::quiet_NaN();
  } else if constexpr (std::is_same_v<T, Int128>) {
    constexpr Int128 kLargest = static_cast<Int128>(~static_cast<unsigned __int128>(0) >> 1);
    return kMax ? -kLargest - 1 : kLargest;
  } else {
    return kMax ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
  }
}

template <bool kMax, typename T>
class FixedStates final : public AggregateStates {
 public:
  explicit FixedStates(Type type) : type_(std::move(type)) {}

  void Resize(int64_t num_groups) override {
    values_.resize(static_cast<size_t>(num_groups), Worst<kMax, T>());
    seen_.resize(static_cast<size_t>(num_groups));
  }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    const Column column = WithoutDictionary(arguments[0], rows);
    if constexpr (!std::is_same_v<T, bool>) {
      if (column.encoding != Encoding::kConstant) {
        return Add(group_ids, column, rows, [values = column.values<T>()](int64_t row) { return values[row]; });
      }
    }
    if (column.data->type->id() == arrow::Type::NA) return;
    Add(group_ids, column, rows, Reader<T>(column));
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    Update(group_ids, states, rows);
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override { return {Finish(begin, end)}; }

  Column Finish(int64_t begin, int64_t end) const override {
    BufferPtr validity = SeenBits(seen_, begin, end);
    if constexpr (std::is_same_v<T, bool>) {
      BufferPtr bits = AllocateBits(end - begin, false);
      for (int64_t group = begin; group < end; ++group) {
        if (values_[static_cast<size_t>(group)]) SetBit(bits->mutable_data(), group - begin);
      }
      return MakeFlat(type_, end - begin, std::move(bits), std::move(validity));
    } else {
      return ColumnOfGroups<T>(type_, begin, end, std::move(validity), [&](size_t group) { return values_[group]; });
    }
  }

  int64_t memory_bytes() const override { return VectorBytes(values_) + VectorBytes(seen_); }

 private:
  // A vector of bool has no data().
  using Slot = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;

  template <typename Values>
  void Add(const uint32_t* group_ids, const Column& column, const Rows& rows, Values reader) {
    const auto value_at = [&](int64_t row) {
      if constexpr (std::is_invocable_v<Values, int64_t>) {
        return static_cast<T>(reader(row));
      } else {
        return static_cast<T>(reader[row]);
      }
    };
    if (values_.size() == 1) {
      T best = static_cast<T>(values_[0]);
      bool any = false;
      ForEachValid(column, rows, [&](int64_t, int64_t row) {
        best = Better<kMax, T>(best, value_at(row));
        any = true;
      });
      values_[0] = best;
      seen_[0] |= any;
      return;
    }
    Slot* values = values_.data();
    uint8_t* seen = seen_.data();
    ForEachValid(column, rows, [&](int64_t k, int64_t row) {
      const uint32_t group = group_ids[k];
      values[group] = Better<kMax, T>(static_cast<T>(values[group]), value_at(row));
      seen[group] = 1;
    });
  }

  const Type type_;
  std::vector<Slot> values_;
  std::vector<uint8_t> seen_;
};

template <bool kMax>
class StringStates final : public AggregateStates {
 public:
  explicit StringStates(Type type) : type_(std::move(type)) {}

  void Resize(int64_t num_groups) override {
    values_.resize(static_cast<size_t>(num_groups));
    seen_.resize(static_cast<size_t>(num_groups));
  }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    const Column column = WithoutDictionary(arguments[0], rows);
    if (column.data->type->id() == arrow::Type::NA) return;
    const StringReader reader(column);
    ForEachValid(column, rows, [&](int64_t k, int64_t row) {
      const uint32_t group = group_ids[k];
      const std::string_view value = reader[row];
      std::string& best = values_[group];
      if (seen_[group] && !(kMax ? std::string_view(best) < value : value < std::string_view(best))) return;
      heap_bytes_ -= HeapBytes(best);
      best.assign(value);
      heap_bytes_ += HeapBytes(best);
      seen_[group] = 1;
    });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    Update(group_ids, states, rows);
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override { return {Finish(begin, end)}; }

  Column Finish(int64_t begin, int64_t end) const override {
    StringWriter writer(end - begin);
    for (int64_t group = begin; group < end; ++group) writer.Append(values_[static_cast<size_t>(group)]);
    return writer.Finish(type_, SeenBits(seen_, begin, end));
  }

  int64_t memory_bytes() const override { return VectorBytes(values_) + VectorBytes(seen_) + heap_bytes_; }

 private:
  static int64_t HeapBytes(const std::string& value) {
    return value.capacity() > 15 ? static_cast<int64_t>(value.capacity()) : 0;
  }

  const Type type_;
  int64_t heap_bytes_ = 0;
  std::vector<std::string> values_;
  std::vector<uint8_t> seen_;
};

// Arrays and structs, as values.
template <bool kMax>
class NestedStates final : public AggregateStates {
 public:
  explicit NestedStates(Type type) : type_(std::move(type)) {}

  void Resize(int64_t num_groups) override { values_.resize(static_cast<size_t>(num_groups)); }
  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      Value& best = values_[group_ids[k++]];
      Value value = ValueAt(arguments[0], row);
      if (value.is_null()) return;
      const int order = best.is_null() ? 0 : CompareValues(value, best);
      if (best.is_null() || (kMax ? order > 0 : order < 0)) best = std::move(value);
    });
  }
  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    Update(group_ids, states, rows);
  }
  std::vector<Column> Export(int64_t begin, int64_t end) const override { return {Finish(begin, end)}; }
  Column Finish(int64_t begin, int64_t end) const override {
    return MakeColumn(type_, std::vector<Value>(values_.begin() + begin, values_.begin() + end));
  }
  // An estimate: values of nested types are not counted one by one.
  int64_t memory_bytes() const override { return VectorBytes(values_) * 4; }

 private:
  const Type type_;
  std::vector<Value> values_;
};

template <bool kMax>
std::unique_ptr<AggregateStates> MakeStates(const Type& type) {
  return VisitType(
      type,
      [&](auto tag) -> std::unique_ptr<AggregateStates> {
        using T = typename decltype(tag)::Native;
        if constexpr (std::is_same_v<T, std::string_view>) {
          return std::make_unique<StringStates<kMax>>(type);
        } else {
          return std::make_unique<FixedStates<kMax, T>>(type);
        }
      },
      [&]() -> std::unique_ptr<AggregateStates> { return std::make_unique<NestedStates<kMax>>(type); });
}

template <bool kMax>
ExprPtr BindMinMax(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  const Type type = call.arguments[0]->type();
  if (!IsOrderable(type)) {
    throw Error(kInvalidOrderingType, call.location, "{} cannot order values of the type {}", call.name, type.ToSql());
  }
  AggregateFunction function;
  function.result_type = type;
  function.state_types = {type};
  function.make_states = [type] { return MakeStates<kMax>(type); };
  return MakeAggregate(call, call.arguments, std::move(function));
}

}  // namespace

void RegisterMinMax(FunctionRegistry& registry) {
  registry.AddAggregate("min", BindMinMax<false>);
  registry.AddAggregate("max", BindMinMax<true>);
}

}  // namespace quell
