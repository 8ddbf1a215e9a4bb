// factorial, width_bucket, luhn_check.
#include <cmath>

#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kDouble(TypeId::kDouble);
const Type kInt(TypeId::kInt);
const Type kLong(TypeId::kLong);

// The bucket, from 1, of equal ones between two bounds; 0 before the first, count + 1 behind the last.
std::optional<int64_t> WidthBucket(double value, double low, double high, int64_t count) {
  const bool invalid = count <= 0 || count == std::numeric_limits<int64_t>::max() || std::isnan(value) || low == high ||
                       !std::isfinite(low) || !std::isfinite(high);
  if (invalid) return std::nullopt;
  const double least = std::min(low, high);
  const double most = std::max(low, high);
  const bool ascending = low < high;
  if (value < least) return ascending ? 0 : count + 1;
  if (value >= most && ascending) return count + 1;
  if (value > most) return 0;
  const double share = ascending ? (value - least) / (most - least) : (most - value) / (most - least);
  const auto bucket = static_cast<int64_t>(static_cast<double>(count) * share) + 1;
  return !ascending && value == least ? count + 1 : bucket;
}

ExprPtr BindWidthBucket(const FunctionCall& call) {
  static const KernelPtr kDoubles = MakeKernel<int64_t, double, double, double, int64_t>(WidthBucket);
  static const KernelPtr kMonths = MakeKernel<int64_t, int32_t, int32_t, int32_t, int64_t>(
      [](int32_t v, int32_t low, int32_t high, int64_t n) { return WidthBucket(v, low, high, n); });
  static const KernelPtr kMicros =
      MakeKernel<int64_t, int64_t, int64_t, int64_t, int64_t>([](int64_t v, int64_t low, int64_t high, int64_t n) {
        return WidthBucket(static_cast<double>(v), static_cast<double>(low), static_cast<double>(high), n);
      });
  CheckArity(call, 4, 4);
  const TypeId id = call.arguments[0]->type().id();
  if (call.arguments[0]->type().is_interval()) {
    ExprList arguments;
    for (size_t i = 0; i < 3; ++i) {
      if (call.arguments[i]->type().id() != id) ThrowMismatch(call, i, call.arguments[0]->type().ToSql());
      arguments.push_back(call.arguments[i]);
    }
    arguments.push_back(Argument(call, 3, kLong));
    return MakeCall(call, kLong, std::move(arguments), id == TypeId::kYearMonthInterval ? kMonths : kMicros, true);
  }
  return MakeCall(
      call, kLong,
      {Argument(call, 0, kDouble), Argument(call, 1, kDouble), Argument(call, 2, kDouble), Argument(call, 3, kLong)},
      kDoubles, true);
}

std::optional<int64_t> Factorial(int32_t n) {
  if (n < 0 || n > 20) return std::nullopt;
  int64_t product = 1;
  for (int32_t i = 2; i <= n; ++i) product *= i;
  return product;
}

// The checksum of card numbers: every second digit from the right counts twice.
bool LuhnCheck(std::string_view digits) {
  int32_t sum = 0;
  bool twice = false;
  for (size_t i = digits.size(); i-- > 0;) {
    if (digits[i] < '0' || digits[i] > '9') return false;
    int32_t digit = digits[i] - '0';
    if (twice) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
    sum += digit;
    twice = !twice;
  }
  return !digits.empty() && sum % 10 == 0;
}

}  // namespace

void RegisterMathIntegers(FunctionRegistry& registry) {
  registry.Add("factorial", Simple({kInt}, kLong, MakeSafeKernel<int64_t, int32_t>(Factorial), true));
  registry.Add("width_bucket", BindWidthBucket);
  registry.Add("luhn_check",
               Simple({TypeId::kString}, TypeId::kBoolean, MakeSafeKernel<bool, std::string_view>(LuhnCheck)));
}

}  // namespace quell
