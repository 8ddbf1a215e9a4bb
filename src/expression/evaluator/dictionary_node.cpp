// Computes an expression of one column once for each value of its dictionary.
#include <optional>

#include "base/error.h"
#include "data/buffers.h"
#include "data/visit_type.h"
#include "expression/evaluator/node.h"

namespace quell {

namespace {

// A dictionary much longer than a batch is not worth its evaluation.
constexpr int64_t kMaxValuesPerRow = 16;

class DictionaryNode final : public EvaluatorNode {
 public:
  DictionaryNode(const Type& type, int input_index, bool null_propagating, NodePtr node)
      : type_(type),
        input_index_(static_cast<size_t>(input_index)),
        null_propagating_(null_propagating),
        node_(std::move(node)) {}

  Column Evaluate(const Batch& batch, const Rows& rows) override {
    const Column& input = batch.columns[input_index_];
    if (input.encoding != Encoding::kDictionary) return EvaluateRest(batch, rows);
    if (!Prepare(input, batch)) return node_->Evaluate(batch, rows);
    return Map(input, rows.num_rows);
  }

  void Filter(const Batch& batch, const Rows& rows, Selection& selected) override {
    const Column& input = batch.columns[input_index_];
    if (input.encoding != Encoding::kDictionary) {
      if (input.encoding == Encoding::kConstant) return AppendTrueRows(EvaluateRest(batch, rows), rows, selected);
      return node_->Filter(batch, rows, selected);
    }
    if (!Prepare(input, batch)) return node_->Filter(batch, rows, selected);
    if (table_.empty()) BuildTable();
    const int32_t* codes = input.values<int32_t>();
    const uint8_t* validity = input.validity();
    const uint8_t* table = table_.data();
    size_t count = selected.size();
    selected.resize(count + static_cast<size_t>(rows.count()));
    int32_t* to = selected.data();
    if (!validity) {
      rows.ForEach([&](int64_t row) {
        to[count] = static_cast<int32_t>(row);
        count += table[codes[row]];
      });
    } else {
      const int64_t offset = input.data->offset;
      const uint8_t null_result = table_.back();
      rows.ForEach([&](int64_t row) {
        to[count] = static_cast<int32_t>(row);
        count += GetBit(validity, offset + row) ? table[codes[row]] : null_result;
      });
    }
    selected.resize(count);
  }

 private:
  // A constant stays one; a flat column is computed row by row.
  Column EvaluateRest(const Batch& batch, const Rows& rows) {
    if (batch.columns[input_index_].encoding != Encoding::kConstant) return node_->Evaluate(batch, rows);
    Column value = node_->Evaluate(OneColumn(batch, batch.columns[input_index_], 1), Rows{1, nullptr});
    value = Flatten(value, 1);
    value.encoding = Encoding::kConstant;
    return value;
  }

  Batch OneColumn(const Batch& batch, const Column& column, int64_t num_rows) const {
    Batch one;
    one.columns.resize(batch.columns.size());
    one.columns[input_index_] = column;
    one.num_rows = num_rows;
    return one;
  }

  // Computes the values of the dictionary unless they are at hand; false when the rows must be computed one by one:
  // some value raises an error, which may not be among the rows.
  bool Prepare(const Column& input, const Batch& batch) {
    const ArrayDataPtr& dictionary = input.data->dictionary;
    if (dictionary == dictionary_) return values_.has_value();
    if (dictionary->length > kMaxValuesPerRow * batch.num_rows) return false;
    dictionary_ = dictionary;
    values_.reset();
    table_.clear();
    try {
      const int64_t length = dictionary->length;
      Column values = MakeNullConstant(type_);
      if (length > 0) {
        values = node_->Evaluate(OneColumn(batch, DictionaryValues(input), length), Rows{length, nullptr});
      }
      Column null_result = MakeNullConstant(type_);
      if (!null_propagating_) {
        null_result = node_->Evaluate(OneColumn(batch, MakeNullConstant(input.type), 1), Rows{1, nullptr});
      }
      SetValues(Append(Flatten(values, length), Flatten(null_result, 1), length));
    } catch (const Error&) {
      return false;
    }
    return true;
  }

  // The values, and the result for NULL as the last one.
  Column Append(const Column& values, const Column& null_result, int64_t length) const {
    std::vector<Batch> parts{Batch{{values}, length, nullptr}, Batch{{null_result}, 1, nullptr}};
    return Concatenate(parts, Schema({Field{"value", type_}})).columns[0];
  }

  // TRUE by code, and for NULL as the last one.
  void BuildTable() {
    const int64_t length = values_->length();
    table_.assign(static_cast<size_t>(length), 0);
    Selection selected;
    AppendTrueRows(*values_, Rows{length, nullptr}, selected);
    for (const int32_t code : selected) table_[static_cast<size_t>(code)] = 1;
  }

  void SetValues(Column values) {
    const int64_t length = values.length() - 1;
    null_stays_null_ = ValueAt(values, length).is_null();
    const int64_t num_nulls = values.data->GetNullCount();
    result_dictionary_ = num_nulls > (null_stays_null_ ? 1 : 0) ? nullptr : values.data;
    if (result_dictionary_ && null_stays_null_) {
      result_dictionary_ = values.data->Slice(0, length);
      result_dictionary_->SetNullCount(0);
    }
    values_ = std::move(values);
  }

  Column Map(const Column& input, int64_t num_rows) const {
    const uint8_t* validity = input.validity();
    if (result_dictionary_ && (null_stays_null_ || !validity)) {
      auto data = std::make_shared<arrow::ArrayData>(*input.data);
      data->type = arrow::dictionary(arrow::int32(), values_->data->type);
      data->dictionary = result_dictionary_;
      const Column mapped{type_, Encoding::kDictionary, std::move(data)};
      return IsString() ? mapped : Flatten(mapped, num_rows);
    }
    const int32_t* codes = input.values<int32_t>();
    std::vector<int32_t> rows(codes, codes + num_rows);
    if (validity) {
      const auto null_code = static_cast<int32_t>(values_->length() - 1);
      for (int64_t row = 0; row < num_rows; ++row) {
        if (!GetBit(validity, input.data->offset + row)) rows[static_cast<size_t>(row)] = null_code;
      }
    }
    if (!result_dictionary_ || !IsString()) return Take(*values_, rows);
    BufferPtr result_codes = AllocateBytes(num_rows * static_cast<int64_t>(sizeof(int32_t)));
    std::memcpy(result_codes->mutable_data(), rows.data(), rows.size() * sizeof(int32_t));
    return MakeDictionary(type_, num_rows, std::move(result_codes), nullptr, result_dictionary_);
  }

  bool IsString() const { return type_.id() == TypeId::kString || type_.id() == TypeId::kBinary; }

  const Type type_;
  const size_t input_index_;
  const bool null_propagating_;
  const NodePtr node_;
  ArrayDataPtr dictionary_;       // the one that `values_` belong to; kept alive, so that its address is not used again
  std::optional<Column> values_;  // by code, then the result for NULL; empty when computing them raised an error
  bool null_stays_null_ = true;
  ArrayDataPtr result_dictionary_;  // of `values_`, as the dictionary of results; nullptr when some value is NULL
  std::vector<uint8_t> table_;
};

}  // namespace

NodePtr MakeDictionaryNode(const Type& type, int input_index, bool null_propagating, NodePtr node) {
  return std::make_unique<DictionaryNode>(type, input_index, null_propagating, std::move(node));
}

}  // namespace quell
