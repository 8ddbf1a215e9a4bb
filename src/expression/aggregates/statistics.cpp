// stddev, variance, skewness, kurtosis; covar, corr and the regr_ family. Central moments are kept as Spark does
// (Welford, Chan).
#include <cmath>

#include "expression/aggregates/aggregates.h"
#include "expression/aggregates/states.h"

namespace quell {

namespace {

const Type kDouble(TypeId::kDouble);

// Count, mean and sums of powers of distances from the mean.
struct Moments {
  double n = 0;
  double mean = 0;
  double m2 = 0;
  double m3 = 0;
  double m4 = 0;

  void Add(double x) { Merge(Moments{1, x, 0, 0, 0}); }

  void Merge(const Moments& o) {
    if (o.n == 0) return;
    const double total = n + o.n;
    const double delta = o.mean - mean;
    const double d = delta / total;
    const double new_m4 = m4 + o.m4 + d * d * d * delta * n * o.n * (n * n - n * o.n + o.n * o.n) +
                          6 * d * d * (n * n * o.m2 + o.n * o.n * m2) + 4 * d * (n * o.m3 - o.n * m3);
    const double new_m3 = m3 + o.m3 + d * d * delta * n * o.n * (n - o.n) + 3 * d * (n * o.m2 - o.n * m2);
    m2 += o.m2 + delta * d * n * o.n;
    m3 = new_m3;
    m4 = new_m4;
    mean += d * o.n;
    n = total;
  }

  // Of variance and deviation only.
  void AddSecond(double x) {
    n += 1;
    const double delta = x - mean;
    const double step = delta / n;
    mean += step;
    m2 += delta * (delta - step);
  }
};

using Finisher = std::optional<double> (*)(const Moments& moments);

class MomentStates final : public AggregateStates {
 public:
  MomentStates(Finisher finisher, bool needs_all) : finisher_(finisher), needs_all_(needs_all) {}

  void Resize(int64_t num_groups) override { moments_.resize(static_cast<size_t>(num_groups)); }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    const Column column = WithoutDictionary(arguments[0], rows);
    const Reader<double> values(column);
    if (needs_all_) {
      ForEachValid(column, rows, [&](int64_t k, int64_t row) { moments_[group_ids[k]].Add(values[row]); });
    } else {
      ForEachValid(column, rows, [&](int64_t k, int64_t row) { moments_[group_ids[k]].AddSecond(values[row]); });
    }
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    const std::vector<Reader<double>> parts(states.begin(), states.end());
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      moments_[group_ids[k++]].Merge({parts[0][row], parts[1][row], parts[2][row], parts[3][row], parts[4][row]});
    });
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override {
    const auto part = [&](double Moments::* member) {
      return ColumnOfGroups<double>(kDouble, begin, end, nullptr,
                                    [&](size_t group) { return moments_[group].*member; });
    };
    return {part(&Moments::n), part(&Moments::mean), part(&Moments::m2), part(&Moments::m3), part(&Moments::m4)};
  }

  Column Finish(int64_t begin, int64_t end) const override {
    std::vector<Value> values;
    for (int64_t group = begin; group < end; ++group) {
      const std::optional<double> value = finisher_(moments_[static_cast<size_t>(group)]);
      values.push_back(value ? Value{*value} : Value{});
    }
    return MakeColumn(kDouble, values);
  }

  int64_t memory_bytes() const override { return VectorBytes(moments_); }

 private:
  const Finisher finisher_;
  const bool needs_all_;
  std::vector<Moments> moments_;
};

struct Statistic {
  const char* name;
  Finisher finisher;
  bool needs_all = false;
};

std::optional<double> VariancePop(const Moments& m) {
  if (m.n == 0) return std::nullopt;
  return m.m2 / m.n;
}
std::optional<double> VarianceSample(const Moments& m) {
  if (m.n <= 1) return std::nullopt;
  return m.m2 / (m.n - 1);
}
std::optional<double> Root(std::optional<double> variance) {
  if (!variance) return variance;
  return std::sqrt(*variance);
}

constexpr Statistic kStatistics[] = {
    {"var_pop", VariancePop},
    {"var_samp", VarianceSample},
    {"variance", VarianceSample},
    {"stddev_pop", [](const Moments& m) { return Root(VariancePop(m)); }},
    {"stddev_samp", [](const Moments& m) { return Root(VarianceSample(m)); }},
    {"stddev", [](const Moments& m) { return Root(VarianceSample(m)); }},
    {"std", [](const Moments& m) { return Root(VarianceSample(m)); }},
    {"skewness",
     [](const Moments& m) -> std::optional<double> {
       if (m.n == 0 || m.m2 == 0) return std::nullopt;
       return std::sqrt(m.n) * m.m3 / std::sqrt(m.m2 * m.m2 * m.m2);
     },
     true},
    {"kurtosis",
     [](const Moments& m) -> std::optional<double> {
       if (m.n == 0 || m.m2 == 0) return std::nullopt;
       return m.n * m.m4 / (m.m2 * m.m2) - 3.0;
     },
     true},
};

FunctionBinder BindStatistic(const Statistic& statistic) {
  return [statistic](const FunctionCall& call) {
    CheckArity(call, 1, 1);
    AggregateFunction function;
    function.result_type = kDouble;
    function.state_types.assign(5, kDouble);
    function.make_states = [statistic] {
      return std::make_unique<MomentStates>(statistic.finisher, statistic.needs_all);
    };
    return MakeAggregate(call, {Argument(call, 0, kDouble)}, std::move(function));
  };
}

// Of pairs (x, y): the second moments of both, and what they have in common.
struct CoMoments {
  double n = 0;
  double x_mean = 0;
  double y_mean = 0;
  double xy = 0;
  double xx = 0;
  double yy = 0;

  // The moments of one side are added as Spark's correlation does with `paired`, else as its variance does: they differ
  // in the last digit.
  void Add(double x, double y, bool paired) {
    n += 1;
    const double dx = x - x_mean;
    const double dy = y - y_mean;
    const double x_step = dx / n;
    const double y_step = dy / n;
    x_mean += x_step;
    y_mean += y_step;
    xy += dx * (y - y_mean);
    xx += dx * (paired ? x - x_mean : dx - x_step);
    yy += dy * (paired ? y - y_mean : dy - y_step);
  }

  void Merge(const CoMoments& o) {
    if (o.n == 0) return;
    const double total = n + o.n;
    const double dx = o.x_mean - x_mean;
    const double dy = o.y_mean - y_mean;
    const double weight = n == 0 ? 0 : n * o.n / total;
    xy += o.xy + dx * dy * weight;
    xx += o.xx + dx * dx * weight;
    yy += o.yy + dy * dy * weight;
    x_mean += dx * o.n / total;
    y_mean += dy * o.n / total;
    n = total;
  }
};

using CoFinisher = std::optional<double> (*)(const CoMoments& moments);

class CoMomentStates final : public AggregateStates {
 public:
  CoMomentStates(CoFinisher finisher, bool paired) : finisher_(finisher), paired_(paired) {}

  void Resize(int64_t num_groups) override { moments_.resize(static_cast<size_t>(num_groups)); }

  // Arguments are (y, x) of a regression, and (x, y) of a pair.
  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    const Column y_column = WithoutDictionary(arguments[paired_ ? 1 : 0], rows);
    const Column x_column = WithoutDictionary(arguments[paired_ ? 0 : 1], rows);
    const Reader<double> x(x_column);
    const Reader<double> y(y_column);
    const ValidityReader x_valid(x_column);
    ForEachValid(y_column, rows, [&](int64_t k, int64_t row) {
      if (x_valid[row]) moments_[group_ids[k]].Add(x[row], y[row], paired_);
    });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    const std::vector<Reader<double>> p(states.begin(), states.end());
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      moments_[group_ids[k++]].Merge({p[0][row], p[1][row], p[2][row], p[3][row], p[4][row], p[5][row]});
    });
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override {
    const auto part = [&](double CoMoments::* member) {
      return ColumnOfGroups<double>(kDouble, begin, end, nullptr,
                                    [&](size_t group) { return moments_[group].*member; });
    };
    return {part(&CoMoments::n),  part(&CoMoments::x_mean), part(&CoMoments::y_mean),
            part(&CoMoments::xy), part(&CoMoments::xx),     part(&CoMoments::yy)};
  }

  Column Finish(int64_t begin, int64_t end) const override {
    std::vector<Value> values;
    for (int64_t group = begin; group < end; ++group) {
      const std::optional<double> value = finisher_(moments_[static_cast<size_t>(group)]);
      values.push_back(value ? Value{*value} : Value{});
    }
    return MakeColumn(kDouble, values);
  }

  int64_t memory_bytes() const override { return VectorBytes(moments_); }

 private:
  const CoFinisher finisher_;
  const bool paired_;
  std::vector<CoMoments> moments_;
};

struct CoStatistic {
  const char* name;
  CoFinisher finisher;
  bool paired = false;
};

// A statistic of at least `kLeast` pairs.
template <int kLeast, double (*kFormula)(const CoMoments&)>
std::optional<double> AtLeast(const CoMoments& m) {
  if (m.n < kLeast) return std::nullopt;
  return kFormula(m);
}

constexpr CoStatistic kCoStatistics[] = {
    {"covar_pop", AtLeast<1, [](const CoMoments& m) { return m.xy / m.n; }>, true},
    {"covar_samp", AtLeast<2, [](const CoMoments& m) { return m.xy / (m.n - 1); }>, true},
    {"regr_avgx", AtLeast<1, [](const CoMoments& m) { return m.x_mean; }>},
    {"regr_avgy", AtLeast<1, [](const CoMoments& m) { return m.y_mean; }>},
    {"regr_sxx", AtLeast<1, [](const CoMoments& m) { return m.xx; }>},
    {"regr_syy", AtLeast<1, [](const CoMoments& m) { return m.yy; }>},
    {"regr_sxy", AtLeast<1, [](const CoMoments& m) { return m.xy; }>},
    {"corr",
     [](const CoMoments& m) -> std::optional<double> {
       if (m.n < 2 || m.xx == 0 || m.yy == 0) return std::nullopt;
       return m.xy / std::sqrt(m.xx * m.yy);
     },
     true},
    {"regr_slope",
     [](const CoMoments& m) -> std::optional<double> {
       if (m.n < 2 || m.xx == 0) return std::nullopt;
       return m.xy / m.xx;
     }},
    {"regr_intercept",
     [](const CoMoments& m) -> std::optional<double> {
       if (m.n < 2 || m.xx == 0) return std::nullopt;
       return m.y_mean - m.xy / m.xx * m.x_mean;
     }},
    {"regr_r2",
     [](const CoMoments& m) -> std::optional<double> {
       if (m.n < 2 || m.xx == 0) return std::nullopt;
       if (m.yy == 0) return 1.0;
       return m.xy * m.xy / (m.xx * m.yy);
     },
     true},
};

FunctionBinder BindCoStatistic(const CoStatistic& statistic) {
  return [statistic](const FunctionCall& call) {
    CheckArity(call, 2, 2);
    AggregateFunction function;
    function.result_type = kDouble;
    function.state_types.assign(6, kDouble);
    function.make_states = [statistic] {
      return std::make_unique<CoMomentStates>(statistic.finisher, statistic.paired);
    };
    return MakeAggregate(call, {Argument(call, 0, kDouble), Argument(call, 1, kDouble)}, std::move(function));
  };
}

}  // namespace

void RegisterStatistics(FunctionRegistry& registry) {
  for (const Statistic& statistic : kStatistics) registry.AddAggregate(statistic.name, BindStatistic(statistic));
  for (const CoStatistic& statistic : kCoStatistics) {
    registry.AddAggregate(statistic.name, BindCoStatistic(statistic));
  }
}

}  // namespace quell
