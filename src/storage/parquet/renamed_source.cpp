#include "storage/parquet/renamed_source.h"

#include <utility>

namespace quell::storage {
namespace {

// The same memory under another type of the same shape.
ArrayDataPtr WithType(const ArrayDataPtr& data, const std::shared_ptr<arrow::DataType>& type) {
  ArrayDataPtr renamed = data->Copy();
  renamed->type = type;
  for (int i = 0; i < type->num_fields(); ++i) {
    renamed->child_data[i] = WithType(data->child_data[i], type->field(i)->type());
  }
  return renamed;
}

class RenamedSource final : public ColumnSource {
 public:
  RenamedSource(std::unique_ptr<ColumnSource> source, const Type& type)
      : source_(std::move(source)), type_(type), arrow_type_(ToArrowType(type)) {}

  Column Read(RowRange rows, std::span<const RowRange> wanted) override {
    const Column column = source_->Read(rows, wanted);
    return Column{type_, column.encoding, WithType(column.data, arrow_type_)};
  }
  void Prefetch() override { source_->Prefetch(); }

 private:
  const std::unique_ptr<ColumnSource> source_;
  const Type type_;
  const std::shared_ptr<arrow::DataType> arrow_type_;
};

}  // namespace

std::unique_ptr<ColumnSource> RenameMembers(std::unique_ptr<ColumnSource> source, const Type& type) {
  return std::make_unique<RenamedSource>(std::move(source), type);
}

}  // namespace quell::storage
