// Casts of arrays, maps and structs: their children are cast; as text they print like values.
#include <arrow/array/data.h>

#include "base/check.h"
#include "expression/cast/cast.h"
#include "expression/functions/kernel.h"

namespace quell {

namespace {

KernelPtr PrintNested(const Type& from, const std::string& time_zone) {
  ScalarKernel kernel;
  kernel.compute = [=](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    StringWriter writer(rows.num_rows);
    rows.ForEach([&](int64_t row) {
      writer.SkipTo(row);
      writer.Append(FormatValue(ValueAt(arguments[0], row), from, time_zone));
    });
    return writer.Finish(result);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// The child with nulls of its own left out of the cast, so that no error comes of what stands there.
ArrayDataPtr CastChild(const ScalarKernel& kernel, const ArrayDataPtr& child, const Type& from, const Type& to) {
  const Column column{from, Encoding::kFlat, child};
  const int64_t length = child->length;
  if (from == to) return child;
  Selection valid;
  const ValidityReader reader(column);
  for (int64_t row = 0; row < length; ++row) {
    if (reader[row]) valid.push_back(static_cast<int32_t>(row));
  }
  if (valid.empty()) return Flatten(MakeConstant(to, Value{}), length).data;
  const Column cast = Flatten(kernel.compute({&column, 1}, Rows{length, &valid}, to), length);
  auto data = std::make_shared<arrow::ArrayData>(*cast.data);
  const uint8_t* own = column.validity();
  BufferPtr bits = AndBits(own, child->offset, cast.validity(), data->offset, length);
  if (bits) {
    QUELL_CHECK(data->offset == 0);
    data->buffers[0] = std::move(bits);
    data->SetNullCount(arrow::kUnknownNullCount);
  }
  return data;
}

}  // namespace

KernelPtr CastNested(const Type& from, const Type& to, CastMode mode, const std::string& time_zone) {
  if (to.id() == TypeId::kString) return PrintNested(from, time_zone);
  std::vector<KernelPtr> kernels;
  for (size_t i = 0; i < from.children().size(); ++i) {
    kernels.push_back(MakeCastKernel(from.children()[i].type, to.children()[i].type, mode, time_zone));
  }
  ScalarKernel kernel;
  kernel.skips_nulls = false;
  kernel.compute = [=](std::span<const Column> arguments, const Rows&, const Type& result) {
    auto data = std::make_shared<arrow::ArrayData>(*arguments[0].data);
    data->type = ToArrowType(result);
    auto* children = &data->child_data;
    if (from.id() == TypeId::kMap) {
      auto entries = std::make_shared<arrow::ArrayData>(*data->child_data[0]);
      entries->type = data->type->field(0)->type();
      data->child_data[0] = entries;
      children = &entries->child_data;
    }
    for (size_t i = 0; i < kernels.size(); ++i) {
      (*children)[i] = CastChild(*kernels[i], (*children)[i], from.children()[i].type, to.children()[i].type);
    }
    return Column{result, arguments[0].encoding, std::move(data)};
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

}  // namespace quell
