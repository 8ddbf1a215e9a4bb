// Decompression of Snappy pages by our kernel and by the library: an event time of 8 bytes a row, mostly in order;
// noise.
#include <benchmark/benchmark.h>
#include <snappy.h>

#include <random>
#include <string>

#include "storage/parquet/decode/snappy_decoder.h"

namespace quell::storage {
namespace {

constexpr int64_t kPageBytes = 1 << 20;
constexpr double kMeanGapUs = 630'000;

std::string Compress(const std::string& page) {
  std::string block;
  snappy::Compress(page.data(), page.size(), &block);
  return block;
}

std::string EventTimes() {
  std::mt19937_64 random(1);
  std::exponential_distribution<double> gap(1 / kMeanGapUs);
  std::string page;
  for (int64_t time_us = 1'700'000'000'000'000; page.size() < kPageBytes;
       time_us += static_cast<int64_t>(gap(random))) {
    page.append(reinterpret_cast<const char*>(&time_us), sizeof(time_us));
  }
  return Compress(page);
}

std::string Noise() {
  std::mt19937_64 random(1);
  std::string page(kPageBytes, '\0');
  for (char& byte : page) byte = static_cast<char>(random());
  return Compress(page);
}

void Ours(benchmark::State& state, const std::string& block) {
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(block.data()), block.size());
  std::vector<uint8_t> out(SnappyLength(bytes));
  for (auto _ : state) {
    DecompressSnappy(bytes, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * kPageBytes);
}

void Library(benchmark::State& state, const std::string& block) {
  std::string out(kPageBytes, '\0');
  for (auto _ : state) {
    snappy::RawUncompress(block.data(), block.size(), out.data());
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * kPageBytes);
}

BENCHMARK_CAPTURE(Ours, SnappyEventTimes, EventTimes());
BENCHMARK_CAPTURE(Library, SnappyEventTimes, EventTimes());
BENCHMARK_CAPTURE(Ours, SnappyNoise, Noise());
BENCHMARK_CAPTURE(Library, SnappyNoise, Noise());

}  // namespace
}  // namespace quell::storage
