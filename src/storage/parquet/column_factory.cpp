#include "storage/parquet/column_factory.h"

#include <algorithm>
#include <utility>

#include "base/error_classes.h"
#include "expression/evaluator.h"
#include "storage/parquet/arrow_reader.h"
#include "storage/parquet/leaf_reader.h"

namespace quell::storage {

namespace {

constexpr ErrorClass kTypeMismatch{"FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH", "KD001"};

int DecimalDigits(TypeId id) {
  switch (id) {
    case TypeId::kByte: return 3;
    case TypeId::kShort: return 5;
    case TypeId::kInt: return 10;
    default: return 20;
  }
}

// Whether every value of `from` is one of `to`.
bool IsWidening(const Type& from, const Type& to) {
  if (to.id() == TypeId::kDouble)
    return from.id() == TypeId::kFloat || (from.is_integral() && from.id() < TypeId::kLong);
  if (to.id() == TypeId::kDecimal && from.is_integral()) return to.precision() - to.scale() >= DecimalDigits(from.id());
  if (to.id() == TypeId::kDecimal && from.id() == TypeId::kDecimal) {
    return to.scale() >= from.scale() && to.precision() - to.scale() >= from.precision() - from.scale();
  }
  if (from.is_integral() && to.is_integral()) return to.id() > from.id();
  return from.id() == TypeId::kDate && to.id() == TypeId::kTimestampNtz;
}

class CastSource final : public ColumnSource {
 public:
  CastSource(std::unique_ptr<ColumnSource> source, const Type& from, const Type& to)
      : source_(std::move(source)),
        cast_(std::make_shared<Cast>(std::make_shared<InputRef>(0, from, true), to, CastMode::kAnsi, "UTC")) {}

  Column Read(RowRange rows, std::span<const RowRange> wanted) override {
    Batch batch;
    batch.columns.push_back(source_->Read(rows, wanted));
    batch.num_rows = rows.size();
    // Rows that are not wanted have no values to cast.
    const bool is_whole = wanted.size() == 1 && wanted[0] == rows;
    if (!is_whole) {
      auto selection = std::make_shared<Selection>();
      for (const RowRange& range : wanted) {
        for (int64_t row = range.begin; row < range.end; ++row) {
          selection->push_back(static_cast<int32_t>(row - rows.begin));
        }
      }
      batch.selection = std::move(selection);
    }
    return cast_.Evaluate(batch);
  }
  void Prefetch() override { source_->Prefetch(); }

 private:
  const std::unique_ptr<ColumnSource> source_;
  Evaluator cast_;
};

std::unique_ptr<ColumnSource> MakeLeafReader(const ParquetFilePtr& file, int row_group, const ColumnRequest& request,
                                             LeafType leaf) {
  const int position = request.file_column.leaves.front();
  const auto chunk = file->metadata()->RowGroup(row_group)->ColumnChunk(position);
  int64_t begin = chunk->data_page_offset();
  if (chunk->has_dictionary_page() && chunk->dictionary_page_offset() > 0) {
    begin = std::min(begin, chunk->dictionary_page_offset());
  }
  auto stream = std::make_unique<ChunkStream>(file->input(), begin, begin + chunk->total_compressed_size(),
                                              request.window_bytes, request.reader);
  return std::make_unique<LeafReader>(std::move(leaf), std::move(stream), *chunk,
                                      *file->metadata()->schema()->Column(position), request.offsets,
                                      file->Place(row_group, position), request.metrics);
}

}  // namespace

std::unique_ptr<ColumnSource> MakeColumnSource(const ParquetFilePtr& file, int row_group,
                                               const ColumnRequest& request) {
  const FileColumn& column = request.file_column;
  if (column.leaves.empty()) {
    throw Error(error_class::kFailedReadFile, "file '{}': the struct '{}' has no members; write the file again",
                file->path(), fmt::join(request.path, "."));
  }
  const parquet::ColumnDescriptor& descriptor = *file->metadata()->schema()->Column(column.leaves.front());
  if (!column.is_leaf || !IsLeafReadable(descriptor)) {
    return std::make_unique<ArrowReader>(file, row_group, request.path, column, request.type, request.metrics);
  }
  const LeafType leaf = LeafType::Of(descriptor);
  if (auto adapted = leaf.As(request.type)) return MakeLeafReader(file, row_group, request, *std::move(adapted));
  if (!IsWidening(leaf.type, request.type)) {
    throw Error(kTypeMismatch,
                "{}: the file has {}, which the table's {} cannot hold; give the table the type of the file",
                file->Place(row_group, column.leaves.front()), leaf.type.ToSql(), request.type.ToSql());
  }
  return std::make_unique<CastSource>(MakeLeafReader(file, row_group, request, leaf), leaf.type, request.type);
}

}  // namespace quell::storage
