#include "analyzer/length_limits.h"

#include "analyzer/require.h"
#include "expression/functions/kernel.h"

namespace quell::analyzer {
namespace {

constexpr ErrorClass kTooLong{"DELTA_EXCEED_CHAR_VARCHAR_LIMIT", "22001"};

// Whether each value fits; NULL does.
KernelPtr FitsKernel(const LengthLimits& limits) {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [=](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    if (limits.kind == LengthLimits::Kind::kNone) {
      const std::vector<uint8_t> fits = FitsLimits(arguments[0], limits);
      BufferPtr bits = AllocateBits(rows.num_rows, false);
      PackBits(fits.data(), rows.num_rows, bits->mutable_data());
      return MakeFlat(result, rows.num_rows, std::move(bits));
    }
    FixedWriter<bool> writer(rows.num_rows, true);
    bool* out = writer.values();
    const StringReader texts(arguments[0]);
    const ValidityReader valid(arguments[0]);
    rows.ForEach([&](int64_t row) { out[row] = !valid[row] || FitsLimits(texts[row], limits); });
    return writer.Finish(result);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

}  // namespace

logical::PlanPtr RequireLengths(logical::PlanPtr rows, const Schema& schema,
                                const std::vector<catalog::LimitedColumn>& columns) {
  for (const auto& [position, limits] : columns) {
    const Field& field = schema.field(position);
    const std::string text = ToString(LimitedType{field.type, limits});
    const ExprPtr value = rows->output()[static_cast<size_t>(position)].Ref();
    const ExprPtr fits =
        std::make_shared<Call>("fits", FitsKernel(limits), Type(TypeId::kBoolean), false, ExprList{value});
    rows = Require(std::move(rows), fits, {value}, [=](const std::vector<Value>& values) {
      throw Error(kTooLong,
                  "the value '{}' is too long for the column {} {}; shorten it, or make the column longer with Spark",
                  FormatValue(values[0], field.type), field.name, text);
    });
  }
  return rows;
}

}  // namespace quell::analyzer
