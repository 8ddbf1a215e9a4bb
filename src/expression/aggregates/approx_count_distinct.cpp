// approx_count_distinct: HyperLogLog++ with Spark's hash and precision.
// Heule, Nunkesser, Hall: HyperLogLog in Practice (2013); Ertl: New cardinality estimation algorithms (2017).
#include <bit>
#include <cmath>
#include <cstring>

#include "expression/aggregates/aggregates.h"
#include "expression/aggregates/states.h"
#include "expression/hashing.h"

namespace quell {

namespace {

const Type kBinary(TypeId::kBinary);
const Type kLong(TypeId::kLong);

// Estimates from registers, by how many hold each value.
class Estimator {
 public:
  explicit Estimator(int32_t precision) : precision_(precision), num_registers_(1 << precision) {}

  int64_t Estimate(const uint8_t* registers) const {
    int32_t counts[65] = {};
    double inverse_sum = 0;
    for (int32_t i = 0; i < num_registers_; ++i) {
      ++counts[registers[i]];
      inverse_sum += std::ldexp(1.0, -registers[i]);
    }
    const double m = num_registers_;
    if (counts[0] > 0) {
      const double linear = m * std::log(m / counts[0]);
      if (linear <= LinearLimit()) return std::llround(linear);
    }
    const double alpha = precision_ == 4   ? 0.673
                         : precision_ == 5 ? 0.697
                         : precision_ == 6 ? 0.709
                                           : 0.7213 / (1 + 1.079 / m);
    const double raw = alpha * m * m / inverse_sum;
    // Below 5 m the raw estimate is biased; Ertl's is not.
    return std::llround(raw > 5 * m ? raw : Unbiased(counts));
  }

 private:
  // Up to here counting empty registers is more exact (the paper's thresholds).
  double LinearLimit() const {
    static constexpr double kLimits[] = {10,   20,   40,    80,    220,   400,    900,   1800,
                                         3100, 6500, 11500, 20000, 50000, 120000, 350000};
    return kLimits[std::min(precision_ - 4, 14)];
  }

  double Unbiased(const int32_t* counts) const {
    const int32_t q = 64 - precision_;
    const double m = num_registers_;
    double z = m * Tau(1 - counts[q + 1] / m);
    for (int32_t k = q; k >= 1; --k) z = 0.5 * (z + counts[k]);
    z += m * Sigma(counts[0] / m);
    return m * m / (2 * std::log(2.0) * z);
  }

  static double Sigma(double x) {
    if (x == 1) return INFINITY;
    double y = 1;
    double z = x;
    for (double before = -1; z != before;) {
      x *= x;
      before = z;
      z += x * y;
      y += y;
    }
    return z;
  }

  static double Tau(double x) {
    if (x == 0 || x == 1) return 0;
    double y = 1;
    double z = 1 - x;
    for (double before = -1; z != before;) {
      x = std::sqrt(x);
      before = z;
      y *= 0.5;
      z -= (1 - x) * (1 - x) * y;
    }
    return z / 3;
  }

  const int32_t precision_;
  const int32_t num_registers_;
};

class SketchStates final : public AggregateStates {
 public:
  explicit SketchStates(int32_t precision) : precision_(precision), size_(size_t{1} << precision) {}

  void Resize(int64_t num_groups) override {
    num_groups_ = num_groups;
    registers_.resize(static_cast<size_t>(num_groups) * size_);
  }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    constexpr uint64_t kSeed = 42;
    const Column column = WithoutDictionary(arguments[0], rows);
    hashes_.assign(static_cast<size_t>(rows.num_rows), kSeed);
    UpdateXxHash64(column, rows, hashes_.data());
    ForEachValid(column, rows, [&](int64_t k, int64_t row) {
      const uint64_t hash = hashes_[static_cast<size_t>(row)];
      const uint64_t padding = uint64_t{1} << (precision_ - 1);
      const auto rank = static_cast<uint8_t>(std::countl_zero((hash << precision_) | padding) + 1);
      uint8_t& slot = registers_[group_ids[k] * size_ + (hash >> (64 - precision_))];
      slot = std::max(slot, rank);
    });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    const StringReader sketches(states[0]);
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      uint8_t* to = registers_.data() + group_ids[k++] * size_;
      const std::string_view from = sketches[row];
      for (size_t i = 0; i < size_; ++i) to[i] = std::max(to[i], static_cast<uint8_t>(from[i]));
    });
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override {
    StringWriter writer(end - begin, (end - begin) * static_cast<int64_t>(size_));
    for (int64_t group = begin; group < end; ++group) {
      writer.Append({reinterpret_cast<const char*>(RegistersOf(group)), size_});
    }
    return {writer.Finish(kBinary)};
  }

  Column Finish(int64_t begin, int64_t end) const override {
    const Estimator estimator(precision_);
    return ColumnOfGroups<int64_t>(kLong, begin, end, nullptr, [&](size_t group) {
      return estimator.Estimate(RegistersOf(static_cast<int64_t>(group)));
    });
  }

  int64_t memory_bytes() const override { return VectorBytes(registers_) + VectorBytes(hashes_); }

 private:
  const uint8_t* RegistersOf(int64_t group) const { return registers_.data() + static_cast<size_t>(group) * size_; }

  const int32_t precision_;
  const size_t size_;
  int64_t num_groups_ = 0;
  std::vector<uint8_t> registers_;
  std::vector<uint64_t> hashes_;
};

// approx_count_distinct(value[, relative standard deviation]).
ExprPtr BindApproxCountDistinct(const FunctionCall& call) {
  CheckArity(call, 1, 2);
  double deviation = 0.05;
  if (call.arguments.size() == 2) {
    const FunctionCall typed{
        call.name, {call.arguments[0], Argument(call, 1, Type(TypeId::kDouble))}, call.location, call.settings};
    const std::optional<Value> value = ConstantArgument(typed, 1);
    const auto* number = value ? std::get_if<double>(&value->data) : nullptr;
    if (!number || *number <= 0 || *number > 0.39) {
      throw Error(error_class::kInvalidParameterValue, call.location,
                  "the relative standard deviation of {} must be a constant above 0 and at most 0.39", call.name);
    }
    deviation = *number;
  }
  const int32_t precision = std::clamp(static_cast<int32_t>(std::ceil(2 * std::log2(1.106 / deviation))), 4, 18);
  AggregateFunction function;
  function.result_type = kLong;
  function.state_types = {kBinary};
  function.variant = std::to_string(precision);
  function.make_states = [precision] { return std::make_unique<SketchStates>(precision); };
  function.null_when_empty = false;
  return MakeAggregate(call, {call.arguments[0]}, std::move(function));
}

}  // namespace

void RegisterApproxCountDistinct(FunctionRegistry& registry) {
  registry.AddAggregate("approx_count_distinct", BindApproxCountDistinct);
}

}  // namespace quell
