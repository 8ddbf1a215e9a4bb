// The loops of the main job, row by row: date_trunc, a filter on dictionary codes, sum, min, max and count by group.
#include <benchmark/benchmark.h>

#include <random>

#include "data/buffers.h"
#include "data/schema.h"
#include "expression/aggregate_function.h"
#include "expression/evaluator.h"
#include "expression/function_registry.h"

namespace quell {
namespace {

const ExpressionSettings kSettings;

ExprPtr Bind(std::string_view name, ExprList arguments) {
  return FunctionRegistry::BuiltIn().Bind(FunctionCall{name, std::move(arguments), {}, kSettings});
}

ExprPtr Text(const char* text) { return std::make_shared<Literal>(Type(TypeId::kString), Value{std::string(text)}); }

Column RandomLongs(const Type& type, int64_t begin, int64_t end) {
  std::mt19937_64 random(1);
  BufferPtr buffer = AllocateBytes(kBatchRows * 8);
  auto* values = reinterpret_cast<int64_t*>(buffer->mutable_data());
  for (int64_t row = 0; row < kBatchRows; ++row) {
    values[row] = begin + static_cast<int64_t>(random() % static_cast<uint64_t>(end - begin));
  }
  return MakeFlat(type, kBatchRows, std::move(buffer));
}

Selection NineOfTen() {
  Selection selection;
  for (int32_t row = 0; row < kBatchRows; ++row) {
    if (row % 10 != 3) selection.push_back(row);
  }
  return selection;
}

void DateTruncWeek(benchmark::State& state) {
  const Type type(TypeId::kTimestamp);
  const Batch batch{{RandomLongs(type, 1'700'000'000'000'000, 1'760'000'000'000'000)},
                    kBatchRows,
                    std::make_shared<Selection>(NineOfTen())};
  Evaluator evaluator(Bind("date_trunc", {Text("WEEK"), std::make_shared<InputRef>(0, type, true)}));
  for (auto _ : state) benchmark::DoNotOptimize(evaluator.Evaluate(batch));
  state.SetItemsProcessed(state.iterations() * kBatchRows);
}
BENCHMARK(DateTruncWeek);

void FilterOnCodes(benchmark::State& state) {
  const Type type(TypeId::kString);
  BufferPtr codes = AllocateBytes(kBatchRows * 4);
  std::mt19937 random(1);
  for (int64_t row = 0; row < kBatchRows; ++row) {
    reinterpret_cast<int32_t*>(codes->mutable_data())[row] =
        random() % 10 == 0 ? 1 + static_cast<int32_t>(random() % 3) : 0;
  }
  const Column values = MakeColumn(type, {Value{std::string("completed")}, Value{std::string("pending")},
                                          Value{std::string("failed")}, Value{std::string("refunded")}});
  const Batch batch{{MakeDictionary(type, kBatchRows, codes, nullptr, values.data)}, kBatchRows, nullptr};
  Evaluator evaluator(Bind("=", {std::make_shared<InputRef>(0, type, true), Text("completed")}));
  for (auto _ : state) benchmark::DoNotOptimize(evaluator.Filter(batch));
  state.SetItemsProcessed(state.iterations() * kBatchRows);
}
BENCHMARK(FilterOnCodes);

void Aggregate(benchmark::State& state, const char* name) {
  constexpr int64_t kGroups = 25'000;
  const Type type = Type::Decimal(12, 2);
  const Column amounts = RandomLongs(type, -100'000, 10'000'000);
  const ExprPtr call = Bind(name, {std::make_shared<InputRef>(0, type, true)});
  const auto states = call->As<AggregateCall>()->function().make_states();
  states->Resize(kGroups);
  const Selection selection = NineOfTen();
  std::vector<uint32_t> groups;
  std::mt19937 random(1);
  // A batch holds a few weeks, so that its groups lie together.
  for (size_t k = 0; k < selection.size(); ++k) groups.push_back(10'000 + random() % 500);
  const std::vector<Column> arguments{amounts};
  for (auto _ : state) states->Update(groups.data(), arguments, Rows{kBatchRows, &selection});
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(selection.size()));
}
BENCHMARK_CAPTURE(Aggregate, sum, "sum");
BENCHMARK_CAPTURE(Aggregate, min, "min");
BENCHMARK_CAPTURE(Aggregate, max, "max");
BENCHMARK_CAPTURE(Aggregate, count, "count");
BENCHMARK_CAPTURE(Aggregate, avg, "avg");

}  // namespace
}  // namespace quell
