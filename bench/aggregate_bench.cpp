// How many nanoseconds a row takes in grouping, without reading and filtering.
#include <benchmark/benchmark.h>

#include <random>

#include "data/buffers.h"
#include "execution/operators/aggregate/grouping.h"
#include "expression/function_registry.h"

namespace quell::execution {
namespace {

constexpr int64_t kRows = 4096;
constexpr int64_t kBatches = 256;

Column RandomWords(int64_t num_words, std::mt19937_64& random, const ArrayDataPtr& dictionary) {
  BufferPtr codes = AllocateBytes(kRows * 4);
  for (int64_t i = 0; i < kRows; ++i) {
    reinterpret_cast<int32_t*>(codes->mutable_data())[i] = static_cast<int32_t>(random() % num_words);
  }
  return MakeDictionary(Type(TypeId::kString), kRows, std::move(codes), nullptr, dictionary);
}

ArrayDataPtr Dictionary(int64_t num_words) {
  std::vector<Value> words;
  for (int64_t i = 0; i < num_words; ++i) words.push_back(Value{"word " + std::to_string(i)});
  return MakeColumn(Type(TypeId::kString), words).data;
}

template <typename F>
Column LongsOf(const Type& type, F&& value) {
  BufferPtr values = AllocateBytes(kRows * 8);
  for (int64_t i = 0; i < kRows; ++i) reinterpret_cast<int64_t*>(values->mutable_data())[i] = value(i);
  return MakeFlat(type, kRows, std::move(values));
}

ExprPtr Call(const char* name, ExprList arguments) {
  const ExpressionSettings settings;
  return FunctionRegistry::BuiltIn().Bind({name, std::move(arguments), {}, settings});
}

// Groups by the first `num_keys` columns of (LONG, STRING, STRING, DECIMAL(12,2)); count, sum, avg, min, max of the
// last.
std::shared_ptr<const AggregateNode> Node(int num_keys) {
  const Type amount_type = Type::Decimal(12, 2);
  const Schema schema({{"week", Type(TypeId::kLong)},
                       {"country", Type(TypeId::kString)},
                       {"category", Type(TypeId::kString)},
                       {"amount", amount_type}});
  const auto input = std::make_shared<ValuesNode>(std::vector<ExprList>{}, schema);
  const ExprPtr amount = std::make_shared<InputRef>(3, amount_type, true);
  std::vector<AggregateStep> steps;
  for (const ExprPtr& call : {Call("count", {}), Call("sum", {amount}), Call("avg", {amount}), Call("min", {amount}),
                              Call("max", {amount})}) {
    AggregateStep step{.call = std::static_pointer_cast<const AggregateCall>(call), .inputs = {}};
    if (step.call->num_arguments() > 0) step.inputs = {3};
    steps.push_back(std::move(step));
  }
  std::vector<int> keys;
  for (int i = 0; i < num_keys; ++i) keys.push_back(i);
  return std::make_shared<AggregateNode>(input, std::move(keys), std::move(steps), Schema());
}

// `repeats`: times that the batches come again, with the groups that are there.
void Run(benchmark::State& state, int num_keys, const std::vector<Batch>& batches, int repeats = 1) {
  Metrics metrics;
  ExecutionContext context;
  context.memory = std::make_shared<MemoryBudget>(int64_t{4} << 30);
  context.metrics = &metrics;
  context.num_threads = 1;
  const auto plan = std::make_shared<const GroupingPlan>(Node(num_keys), std::make_shared<const Resources>(context),
                                                         std::make_shared<OperatorCounters>());
  for (auto _ : state) {
    Grouping grouping(plan, 0);
    for (int i = 0; i < repeats; ++i) {
      for (const Batch& batch : batches) grouping.AddInput(batch);
    }
    benchmark::DoNotOptimize(grouping.num_groups());
  }
  int64_t rows = 0;
  for (const Batch& batch : batches) rows += repeats * batch.num_selected();
  state.counters["ns_per_row"] = benchmark::Counter(static_cast<double>(state.iterations() * rows) / 1e9,
                                                    benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

std::vector<Batch> WeeklyBatches(bool with_selection) {
  std::mt19937_64 random(1);
  const ArrayDataPtr countries = Dictionary(12);
  const ArrayDataPtr categories = Dictionary(20);
  std::vector<Batch> batches;
  for (int64_t i = 0; i < kBatches; ++i) {
    Batch batch;
    batch.num_rows = kRows;
    // Two years in order, 2 % of the rows late.
    batch.columns = {LongsOf(Type(TypeId::kLong),
                             [&](int64_t row) {
                               const int64_t week = (i * kRows + row) * 104 / (kRows * kBatches);
                               return (random() % 50 == 0 ? week - 1 : week) * 604'800'000'000;
                             }),
                     RandomWords(12, random, countries), RandomWords(20, random, categories),
                     LongsOf(Type::Decimal(12, 2), [&](int64_t) { return static_cast<int64_t>(random() % 100'000); })};
    if (with_selection) {
      Selection selection;
      for (int32_t row = 0; row < kRows; ++row) {
        if (random() % 10 != 0) selection.push_back(row);
      }
      batch.selection = std::make_shared<const Selection>(std::move(selection));
    }
    batches.push_back(std::move(batch));
  }
  return batches;
}

void Weekly(benchmark::State& state) { Run(state, 3, WeeklyBatches(false), 20); }
BENCHMARK(Weekly);
void WeeklySelected(benchmark::State& state) { Run(state, 3, WeeklyBatches(true), 20); }
BENCHMARK(WeeklySelected);

// Numbers without order, as many different ones as the argument says.
void RandomNumbers(benchmark::State& state) {
  std::mt19937_64 random(1);
  std::vector<Batch> batches = WeeklyBatches(false);
  for (Batch& batch : batches) {
    batch.columns[0] =
        LongsOf(Type(TypeId::kLong), [&](int64_t) { return static_cast<int64_t>(random() % state.range(0)); });
  }
  Run(state, 1, batches);
}
BENCHMARK(RandomNumbers)->Arg(1000)->Arg(100'000)->Arg(10'000'000);

void RandomNumbersAndWords(benchmark::State& state) {
  std::mt19937_64 random(1);
  std::vector<Batch> batches = WeeklyBatches(false);
  for (Batch& batch : batches) {
    batch.columns[0] =
        LongsOf(Type(TypeId::kLong), [&](int64_t) { return static_cast<int64_t>(random() % state.range(0)); });
  }
  Run(state, 3, batches);
}
BENCHMARK(RandomNumbersAndWords)->Arg(1000)->Arg(1'000'000);

}  // namespace
}  // namespace quell::execution
