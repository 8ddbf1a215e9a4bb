// rand, randn, uuid: functions whose value changes from row to row.
#include <atomic>
#include <bit>
#include <cmath>
#include <mutex>
#include <random>

#include <fmt/format.h>

#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

constexpr ErrorClass kSeedUnfoldable{"SEED_EXPRESSION_IS_UNFOLDABLE", "42K08"};

// MurmurHash3 (x86, 32 bits; Austin Appleby, public domain) of a number in big-endian bytes, as Spark's
// XORShiftRandom.hashSeed takes it.
uint32_t HashOfNumber(uint64_t number, uint32_t seed) {
  const uint64_t bytes = __builtin_bswap64(number);
  uint32_t hash = seed;
  for (const uint32_t block : {static_cast<uint32_t>(bytes), static_cast<uint32_t>(bytes >> 32)}) {
    hash ^= std::rotl(block * 0xCC9E2D51U, 15) * 0x1B873593U;
    hash = std::rotl(hash, 13) * 5 + 0xE6546B64U;
  }
  hash ^= sizeof(number);
  hash = (hash ^ (hash >> 16)) * 0x85EBCA6BU;
  hash = (hash ^ (hash >> 13)) * 0xC2B2AE35U;
  return hash ^ (hash >> 16);
}

// The numbers that Spark's XORShiftRandom gives for a seed in a partition of its own.
class RandomNumbers {
 public:
  explicit RandomNumbers(int64_t seed) {
    constexpr uint32_t kArraySeed = 0x3C074A61;
    const auto number = static_cast<uint64_t>(seed);
    const uint32_t low = HashOfNumber(number, kArraySeed);
    state_ = static_cast<uint64_t>(HashOfNumber(number, low)) << 32 | low;
  }

  // In [0, 1).
  double NextUniform() {
    const uint64_t high = NextBits(26);
    return static_cast<double>((high << 27) + NextBits(27)) * 0x1.0p-53;
  }

  // By the polar method, which gives two numbers at once.
  double NextNormal() {
    if (std::isnan(spare_)) {
      double x = 0, y = 0, square = 0;
      do {
        x = 2 * NextUniform() - 1;
        y = 2 * NextUniform() - 1;
        square = x * x + y * y;
      } while (square >= 1 || square == 0);
      const double factor = std::sqrt(-2 * std::log(square) / square);
      spare_ = y * factor;
      return x * factor;
    }
    return std::exchange(spare_, std::nan(""));
  }

 private:
  uint64_t NextBits(int count) {
    state_ ^= state_ << 21;
    state_ ^= state_ >> 35;
    state_ ^= state_ << 4;
    return state_ & ((uint64_t{1} << count) - 1);
  }

  uint64_t state_;
  double spare_ = std::nan("");
};

int64_t NewSeed() {
  std::random_device device;
  return static_cast<int64_t>(static_cast<uint64_t>(device()) << 32 | device());
}

// No two calls without a seed are the same expression.
std::string NewVariant() {
  static std::atomic<int64_t> next{0};
  return fmt::format("call {}", next.fetch_add(1, std::memory_order_relaxed));
}

// Threads share the numbers of a call, so that no row gets one that another has.
KernelPtr NumberKernel(double (RandomNumbers::*next)(), int64_t seed, std::string variant) {
  struct Shared {
    explicit Shared(int64_t seed) : numbers(seed) {}
    std::mutex mutex;
    RandomNumbers numbers;
  };
  auto shared = std::make_shared<Shared>(seed);
  ScalarKernel kernel;
  kernel.deterministic = false;
  kernel.null_propagating = false;
  kernel.variant = std::move(variant);
  kernel.compute = [shared, next](std::span<const Column>, const Rows& rows, const Type& result) {
    FixedWriter<double> writer(rows.num_rows, rows.selection != nullptr);
    const std::lock_guard lock(shared->mutex);
    rows.ForEach([&](int64_t row) { writer.values()[row] = (shared->numbers.*next)(); });
    return writer.Finish(result);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

FunctionBinder BindNumber(double (RandomNumbers::*next)()) {
  return [next](const FunctionCall& call) {
    CheckArity(call, 0, 1);
    const Type type(TypeId::kDouble);
    if (call.arguments.empty()) return MakeCall(call, type, {}, NumberKernel(next, NewSeed(), NewVariant()));
    ExprPtr argument = call.arguments[0];
    if (!argument->type().is_integral() && argument->type().id() != TypeId::kNull) ThrowMismatch(call, 0, "INTEGRAL");
    if (!IsConstant(*argument)) {
      throw Error(kSeedUnfoldable, call.location, "the seed of {} must be constant, not {}", call.name,
                  ToString(*argument));
    }
    argument = Argument(call, 0, Type(TypeId::kLong));
    const std::optional<Value> seed =
        ConstantArgument(FunctionCall{call.name, {argument}, call.location, call.settings}, 0);
    const int64_t number = seed->is_null() ? 0 : std::get<int64_t>(seed->data);
    return MakeCall(call, type, {}, NumberKernel(next, number, fmt::format("seed {}", number)));
  };
}

// Version 4, variant 1 of RFC 9562: 122 random bits.
void AppendUuid(std::mt19937_64& numbers, StringWriter& out) {
  const uint64_t high = (numbers() & 0xFFFFFFFFFFFF0FFFU) | 0x4000;
  const uint64_t low = (numbers() & 0x3FFFFFFFFFFFFFFFU) | 0x8000000000000000U;
  out.AppendPart(fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xFFFF, high & 0xFFFF,
                             low >> 48, low & 0xFFFFFFFFFFFFU));
}

ExprPtr BindUuid(const FunctionCall& call) {
  CheckArity(call, 0, 0);
  ScalarKernel kernel;
  kernel.deterministic = false;
  kernel.null_propagating = false;
  kernel.variant = NewVariant();
  kernel.compute = [](std::span<const Column>, const Rows& rows, const Type& result) {
    thread_local std::mt19937_64 numbers(static_cast<uint64_t>(NewSeed()));
    constexpr int64_t kUuidBytes = 36;
    StringWriter writer(rows.num_rows, rows.count() * kUuidBytes);
    rows.ForEach([&](int64_t row) {
      writer.SkipTo(row);
      AppendUuid(numbers, writer);
      writer.EndRow();
    });
    return writer.Finish(result, nullptr);
  };
  return MakeCall(call, Type(TypeId::kString), {}, std::make_shared<const ScalarKernel>(std::move(kernel)));
}

}  // namespace

void RegisterRandom(FunctionRegistry& registry) {
  for (const char* name : {"rand", "random"}) registry.Add(name, BindNumber(&RandomNumbers::NextUniform));
  registry.Add("randn", BindNumber(&RandomNumbers::NextNormal));
  registry.Add("uuid", BindUuid);
}

}  // namespace quell
