#include "storage/parquet/row_group_pruning.h"

#include <algorithm>
#include <set>
#include <utility>

#include <parquet/bloom_filter.h>
#include <parquet/bloom_filter_reader.h>
#include <parquet/exception.h>
#include <parquet/properties.h>

#include "base/memory_pool.h"
#include "storage/parquet/arrow_input.h"
#include "storage/parquet/leaf_type.h"

namespace quell::storage {

namespace {

using FileColumns = std::vector<std::optional<FileColumn>>;

// libparquet's index readers keep a reference to the properties.
const parquet::ReaderProperties& IndexProperties() {
  static const parquet::ReaderProperties properties(EnginePool());
  return properties;
}

// Statistics of the file hold for the wanted type where both hold equal values in the same way.
bool SharesValues(const Type& file_type, const Type& wanted) {
  return file_type == wanted || (file_type.is_integral() && wanted.is_integral()) ||
         (file_type.is_fractional() && wanted.is_fractional()) ||
         (file_type.id() == TypeId::kDecimal && wanted.id() == TypeId::kDecimal && file_type.scale() == wanted.scale());
}

ColumnRange RangeOfConstant(const Value& value, int64_t num_rows) {
  if (value.is_null()) return ColumnRange{{}, {}, num_rows, num_rows};
  return ColumnRange{value, value, 0, num_rows};
}

class Pruner {
 public:
  Pruner(const ParquetFile& file, int row_group, const ScanSpec& spec, const FileColumns& columns)
      : file_(file), row_group_(row_group), spec_(spec), columns_(columns) {}

  bool MayMatchStatistics() const {
    const auto ranges = [this](int input) { return RowGroupRange(input); };
    return std::all_of(spec_.filter.begin(), spec_.filter.end(),
                       [&](const ExprPtr& conjunct) { return MayBeTrue(*conjunct, ranges); });
  }

  bool MayMatchBloomFilters() const {
    return std::all_of(spec_.filter.begin(), spec_.filter.end(),
                       [this](const ExprPtr& conjunct) { return MayMatchBloomFilter(*conjunct); });
  }

  std::vector<RowRange> PrunePages(RowRange rows) const {
    std::vector<RowRange> left = {rows};
    for (const ExprPtr& conjunct : spec_.filter) {
      const std::optional<int> input = OnlyPrunableInput(*conjunct);
      if (input) left = PruneByColumn(*conjunct, *input, std::move(left));
    }
    return left;
  }

 private:
  // The primitive column behind an input whose statistics hold for it.
  std::optional<int> Leaf(int input) const {
    const auto& column = columns_[input];
    if (!column || !column->is_leaf || !SharesValues(column->type, spec_.columns[input].type)) return std::nullopt;
    return column->leaves.front();
  }

  std::optional<ColumnRange> RowGroupRange(int input) const {
    const ScanColumn& wanted = spec_.columns[input];
    if (wanted.constant) return RangeOfConstant(*wanted.constant, file_.row_group_rows(row_group_));
    if (!columns_[input]) return RangeOfConstant(Value{}, file_.row_group_rows(row_group_));
    const auto leaf = Leaf(input);
    if (!leaf) return std::nullopt;
    return file_.Range(row_group_, *leaf);
  }

  bool MayMatchBloomFilter(const Expression& conjunct) const {
    const auto test = AsEqualityTest(conjunct);
    const auto leaf = test ? Leaf(test->column->index()) : std::nullopt;
    if (!leaf) return true;
    const LeafType type = LeafType::Of(*file_.metadata()->schema()->Column(*leaf));
    const bool is_hashable = (type.conversion == LeafConversion::kNone && !type.type.is_fractional()) ||
                             type.conversion == LeafConversion::kBytes;
    if (!is_hashable) return true;
    if (!file_.metadata()->RowGroup(row_group_)->ColumnChunk(*leaf)->bloom_filter_offset()) return true;
    const auto reader =
        parquet::BloomFilterReader::Make(MakeArrowInput(file_.input()), file_.metadata(), IndexProperties());
    const auto row_group = reader->RowGroup(row_group_);
    const auto filter = row_group ? row_group->GetColumnBloomFilter(*leaf) : nullptr;
    if (!filter) return true;
    return std::any_of(test->literals.begin(), test->literals.end(), [&](const Literal* literal) {
      return filter->FindHash(HashOf(*filter, type, literal->value()));
    });
  }

  static uint64_t HashOf(const parquet::BloomFilter& filter, const LeafType& type, const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value.data)) return filter.Hash(std::string_view(*text));
    const auto* unscaled = std::get_if<Int128>(&value.data);
    const int64_t number = unscaled ? static_cast<int64_t>(*unscaled) : std::get<int64_t>(value.data);
    return type.stored_width == sizeof(int32_t) ? filter.Hash(static_cast<int32_t>(number)) : filter.Hash(number);
  }

  static void CollectInputs(const Expression& expr, std::set<int>* inputs) {
    if (const auto* input = expr.As<InputRef>()) inputs->insert(input->index());
    for (const ExprPtr& child : expr.children()) CollectInputs(*child, inputs);
  }

  // The one column that the conjunct reads: then pages of that column alone can refute it.
  std::optional<int> OnlyPrunableInput(const Expression& conjunct) const {
    std::set<int> inputs;
    CollectInputs(conjunct, &inputs);
    if (inputs.size() != 1 || !Leaf(*inputs.begin())) return std::nullopt;
    return *inputs.begin();
  }

  std::vector<RowRange> PruneByColumn(const Expression& conjunct, int input, std::vector<RowRange> left) const {
    const int leaf = *Leaf(input);
    const auto chunk = file_.metadata()->RowGroup(row_group_)->ColumnChunk(leaf);
    if (!chunk->GetColumnIndexLocation() || !chunk->GetOffsetIndexLocation()) return left;
    const auto source = MakeArrowInput(file_.input());
    const auto reader = parquet::PageIndexReader::Make(source.get(), file_.metadata(), IndexProperties());
    const auto row_group = reader->RowGroup(row_group_);
    const auto values = row_group ? row_group->GetColumnIndex(leaf) : nullptr;
    const auto offsets = row_group ? row_group->GetOffsetIndex(leaf) : nullptr;
    if (!values || !offsets) return left;
    return Intersect(conjunct, LeafType::Of(*file_.metadata()->schema()->Column(leaf)), *values, *offsets,
                     std::move(left));
  }

  std::vector<RowRange> Intersect(const Expression& conjunct, const LeafType& type, const parquet::ColumnIndex& values,
                                  const parquet::OffsetIndex& offsets, std::vector<RowRange> left) const {
    const auto& pages = offsets.page_locations();
    const size_t num_pages = pages.size();
    const bool fits = values.null_pages().size() == num_pages && values.encoded_min_values().size() == num_pages &&
                      values.encoded_max_values().size() == num_pages &&
                      (!values.has_null_counts() || values.null_counts().size() == num_pages);
    if (!fits) return left;
    std::vector<RowRange> kept;
    int64_t pruned = 0;
    for (size_t page = 0; page < num_pages; ++page) {
      const int64_t begin = pages[page].first_row_index;
      const int64_t end = page + 1 < num_pages ? pages[page + 1].first_row_index : file_.row_group_rows(row_group_);
      if (begin < 0 || end < begin) return left;
      ColumnRange range;
      range.num_rows = end - begin;
      if (values.has_null_counts()) range.null_count = values.null_counts()[page];
      if (values.null_pages()[page]) {
        range.null_count = range.num_rows;
      } else {
        range.min = DecodeBound(type, values.encoded_min_values()[page]);
        range.max = DecodeBound(type, values.encoded_max_values()[page]);
      }
      if (!MayBeTrue(conjunct, [&](int) { return std::optional<ColumnRange>(range); })) {
        ++pruned;
        continue;
      }
      for (const RowRange& rows : left) {
        const RowRange both{std::max(rows.begin, begin), std::min(rows.end, end)};
        if (both.begin >= both.end) continue;
        if (!kept.empty() && kept.back().end == both.begin) {
          kept.back().end = both.end;
        } else {
          kept.push_back(both);
        }
      }
    }
    if (spec_.metrics) spec_.metrics->pages_pruned.Add(pruned);
    return kept;
  }

  const ParquetFile& file_;
  const int row_group_;
  const ScanSpec& spec_;
  const FileColumns& columns_;
};

}  // namespace

std::vector<RowRange> PruneRows(const ParquetFile& file, int row_group, RowRange rows, const ScanSpec& spec,
                                const FileColumns& file_columns) {
  if (rows.begin >= rows.end) return {};
  if (!spec.use_statistics || spec.filter.empty()) return {rows};
  const Pruner pruner(file, row_group, spec, file_columns);
  bool may_match = pruner.MayMatchStatistics();
  std::vector<RowRange> left = {rows};
  try {
    may_match = may_match && pruner.MayMatchBloomFilters();
    if (may_match) left = pruner.PrunePages(rows);
  } catch (const parquet::ParquetException&) {
    // An index is only a help: without it the pages tell.
    left = {rows};
  }
  if (!may_match) left.clear();
  if (left.empty() && spec.metrics && rows.begin == 0) spec.metrics->row_groups_pruned.Add(1);
  return left;
}

std::shared_ptr<parquet::OffsetIndex> ReadOffsetIndex(const ParquetFile& file, int row_group, int leaf) {
  try {
    if (!file.metadata()->RowGroup(row_group)->ColumnChunk(leaf)->GetOffsetIndexLocation()) return nullptr;
    const auto source = MakeArrowInput(file.input());
    const auto reader = parquet::PageIndexReader::Make(source.get(), file.metadata(), IndexProperties());
    const auto row_group_reader = reader->RowGroup(row_group);
    return row_group_reader ? row_group_reader->GetOffsetIndex(leaf) : nullptr;
  } catch (const parquet::ParquetException&) {
    return nullptr;
  }
}

}  // namespace quell::storage
