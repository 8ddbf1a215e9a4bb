// The loops of date and time functions, under a zone whose offset changes.
#include <benchmark/benchmark.h>

#include <random>

#include "data/buffers.h"
#include "data/schema.h"
#include "expression/evaluator.h"
#include "expression/function_registry.h"

namespace quell {
namespace {

const Type kTimestamp(TypeId::kTimestamp);
constexpr const char* kZone = "Europe/Berlin";

ExprPtr Bind(std::string_view name, ExprList arguments) {
  ExpressionSettings settings;
  settings.time_zone = kZone;
  return FunctionRegistry::BuiltIn().Bind(FunctionCall{name, std::move(arguments), {}, settings});
}

ExprPtr Text(const char* text) { return std::make_shared<Literal>(Type(TypeId::kString), Value{std::string(text)}); }

ExprPtr Time() { return std::make_shared<InputRef>(0, kTimestamp, true); }

// Instants of one summer in any order.
Column Summer(bool with_nulls) {
  constexpr int64_t kBegin = 1'748'728'800'000'000;
  constexpr uint64_t kLength = uint64_t{90} * 86'400'000'000;
  std::mt19937_64 random(1);
  BufferPtr buffer = AllocateBytes(kBatchRows * 8);
  auto* values = reinterpret_cast<int64_t*>(buffer->mutable_data());
  for (int64_t row = 0; row < kBatchRows; ++row) values[row] = kBegin + static_cast<int64_t>(random() % kLength);
  if (!with_nulls) return MakeFlat(kTimestamp, kBatchRows, std::move(buffer));
  BufferPtr validity = AllocateBits(kBatchRows, true);
  for (int64_t row = 0; row < kBatchRows; row += 10) ClearBit(validity->mutable_data(), row);
  return MakeFlat(kTimestamp, kBatchRows, std::move(buffer), std::move(validity));
}

void Run(benchmark::State& state, ExprPtr expression, bool with_nulls = false) {
  const Batch batch{{Summer(with_nulls)}, kBatchRows, nullptr};
  Evaluator evaluator(std::move(expression));
  for (auto _ : state) benchmark::DoNotOptimize(evaluator.Evaluate(batch));
  state.SetItemsProcessed(state.iterations() * kBatchRows);
}

ExprPtr ToDate() { return std::make_shared<Cast>(Time(), Type(TypeId::kDate), CastMode::kAnsi, kZone); }

void TimestampToDate(benchmark::State& state) { Run(state, ToDate()); }
BENCHMARK(TimestampToDate);

void TimestampWithNullsToDate(benchmark::State& state) { Run(state, ToDate(), true); }
BENCHMARK(TimestampWithNullsToDate);

void TimestampField(benchmark::State& state, const char* name) { Run(state, Bind(name, {Time()})); }
BENCHMARK_CAPTURE(TimestampField, hour, "hour");
BENCHMARK_CAPTURE(TimestampField, month, "month");

void DateTrunc(benchmark::State& state, const char* unit) { Run(state, Bind("date_trunc", {Text(unit), Time()})); }
BENCHMARK_CAPTURE(DateTrunc, minute, "MINUTE");
BENCHMARK_CAPTURE(DateTrunc, hour, "HOUR");
BENCHMARK_CAPTURE(DateTrunc, day, "DAY");
BENCHMARK_CAPTURE(DateTrunc, month, "MONTH");

void ShiftZone(benchmark::State& state, const char* name) {
  Run(state, Bind(name, {Time(), Text("America/New_York")}));
}
BENCHMARK_CAPTURE(ShiftZone, from_utc, "from_utc_timestamp");
BENCHMARK_CAPTURE(ShiftZone, to_utc, "to_utc_timestamp");

void AddMonth(benchmark::State& state) {
  Run(state, Bind("+", {Time(), std::make_shared<Literal>(Type::YearMonthInterval(), Value{int64_t{1}})}));
}
BENCHMARK(AddMonth);

}  // namespace
}  // namespace quell
