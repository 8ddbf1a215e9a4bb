// Values of Arrow arrays by row, whatever widths a writer chose: the leaves of checkpoint rows.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <arrow/array.h>

namespace quell::delta {

// Of a string or binary column; an absent column has nulls alone.
class StringColumn {
 public:
  explicit StringColumn(std::shared_ptr<arrow::Array> array);
  std::optional<std::string> At(int64_t row) const;

 private:
  std::shared_ptr<arrow::Array> array_;
};

// Of an integer column of any width.
class IntegerColumn {
 public:
  explicit IntegerColumn(std::shared_ptr<arrow::Array> array);
  std::optional<int64_t> At(int64_t row) const;

 private:
  std::shared_ptr<arrow::Array> array_;
};

class BooleanColumn {
 public:
  explicit BooleanColumn(std::shared_ptr<arrow::Array> array);
  std::optional<bool> At(int64_t row) const;

 private:
  std::shared_ptr<arrow::Array> array_;
};

// Of a map from string to string, in the order of the file.
class StringMapColumn {
 public:
  using Entries = std::vector<std::pair<std::string, std::optional<std::string>>>;

  explicit StringMapColumn(std::shared_ptr<arrow::Array> array);
  std::optional<Entries> At(int64_t row) const;
  // Without the entries that have no value.
  std::optional<std::map<std::string, std::string>> MapAt(int64_t row) const;

 private:
  std::shared_ptr<arrow::MapArray> array_;
  StringColumn keys_;
  StringColumn values_;
};

class StringListColumn {
 public:
  explicit StringListColumn(std::shared_ptr<arrow::Array> array);
  std::vector<std::string> At(int64_t row) const;

 private:
  std::shared_ptr<arrow::ListArray> array_;
  StringColumn values_;
};

// Of a struct; members that are not there give nullptr.
class StructColumn {
 public:
  explicit StructColumn(const std::shared_ptr<arrow::Array>& array);
  bool IsPresent(int64_t row) const { return array_ && array_->IsValid(row); }
  std::shared_ptr<arrow::Array> Member(const std::string& name) const;

 private:
  std::shared_ptr<arrow::StructArray> array_;
};

}  // namespace quell::delta
