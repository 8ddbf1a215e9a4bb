#include <arrow/array.h>
#include <arrow/array/concatenate.h>

#include "base/arrow_result.h"
#include "base/check.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "data/buffers.h"
#include "data/visit_type.h"
#include "expression/evaluator/node.h"

namespace quell {

namespace {

// The value of a branch, and the rows that reached it.
struct Branch {
  Column value;
  Selection rows;
};

bool IsNull(const Column& column, int64_t row) {
  if (column.data->type->id() == arrow::Type::NA) return true;
  const uint8_t* validity = column.validity();
  if (column.encoding == Encoding::kConstant) row = 0;
  return validity && !GetBit(validity, column.data->offset + row);
}

BufferPtr MergeValidity(const std::vector<Branch>& branches, int64_t num_rows) {
  BufferPtr bits = AllocateBits(num_rows, false);
  for (const Branch& branch : branches) {
    for (const int32_t row : branch.rows) {
      if (!IsNull(branch.value, row)) SetBit(bits->mutable_data(), row);
    }
  }
  return bits;
}

// Constant strings become a dictionary with one value for each branch.
Column MergeConstants(const Type& type, const std::vector<Branch>& branches, int64_t num_rows) {
  std::vector<Value> values;
  BufferPtr codes_buffer = AllocateBytes(num_rows * static_cast<int64_t>(sizeof(int32_t)));
  auto* codes = reinterpret_cast<int32_t*>(codes_buffer->mutable_data());
  std::fill(codes, codes + num_rows, 0);
  for (const Branch& branch : branches) {
    for (const int32_t row : branch.rows) codes[row] = static_cast<int32_t>(values.size());
    Value value = ValueAt(branch.value, 0);
    values.push_back(value.is_null() ? Value{std::string()} : std::move(value));
  }
  return MakeDictionary(type, num_rows, std::move(codes_buffer), MergeValidity(branches, num_rows),
                        MakeColumn(type, values).data);
}

// Flat values of all branches after one another, then each row from its place.
Column MergeByTake(const Type& type, const std::vector<Branch>& branches, int64_t num_rows) {
  std::vector<int32_t> places(static_cast<size_t>(num_rows), -1);
  arrow::ArrayVector arrays;
  int64_t base = 0;
  for (const Branch& branch : branches) {
    const Column dense = Take(branch.value, branch.rows);
    const auto count = static_cast<int64_t>(branch.rows.size());
    arrays.push_back(arrow::MakeArray(Flatten(dense, count).data));
    for (int64_t i = 0; i < count; ++i) places[static_cast<size_t>(branch.rows[i])] = static_cast<int32_t>(base + i);
    base += count;
  }
  const auto joined =
      Unwrap(arrow::Concatenate(arrays, EnginePool()), error_class::kOutOfMemory, "merge the branches of CASE");
  return Take(Column{type, Encoding::kFlat, joined->data()}, places);
}

template <typename T>
Column MergeFixed(const Type& type, const std::vector<Branch>& branches, int64_t num_rows) {
  BufferPtr buffer;
  if constexpr (std::is_same_v<T, bool>) {
    buffer = AllocateBits(num_rows, false);
    for (const Branch& branch : branches) {
      const arrow::ArrayData& data = *branch.value.data;
      const bool constant = branch.value.encoding == Encoding::kConstant;
      for (const int32_t row : branch.rows) {
        if (GetBit(data.buffers[1]->data(), data.offset + (constant ? 0 : row))) SetBit(buffer->mutable_data(), row);
      }
    }
  } else {
    buffer = AllocateBytes(num_rows * static_cast<int64_t>(sizeof(T)));
    std::memset(buffer->mutable_data(), 0, static_cast<size_t>(buffer->size()));
    auto* to = reinterpret_cast<T*>(buffer->mutable_data());
    for (const Branch& branch : branches) {
      const T* from = branch.value.values<T>();
      const bool constant = branch.value.encoding == Encoding::kConstant;
      for (const int32_t row : branch.rows) to[row] = from[constant ? 0 : row];
    }
  }
  return MakeFlat(type, num_rows, std::move(buffer), MergeValidity(branches, num_rows));
}

Column Merge(const Type& type, std::vector<Branch> branches, int64_t num_rows, int64_t num_wanted) {
  if (branches.empty()) return MakeNullConstant(type);
  // Unselected rows may hold anything, so one branch that took all is the result.
  if (branches.size() == 1 && static_cast<int64_t>(branches[0].rows.size()) == num_wanted) return branches[0].value;
  if (type.id() == TypeId::kNull) return MakeNullConstant(type);
  const bool all_constant = std::all_of(branches.begin(), branches.end(), [](const Branch& branch) {
    return branch.value.encoding == Encoding::kConstant;
  });
  const bool is_string = type.id() == TypeId::kString || type.id() == TypeId::kBinary;
  if (all_constant && is_string) return MergeConstants(type, branches, num_rows);
  return VisitFixedWidth(
      type,
      [&](auto tag) {
        for (Branch& branch : branches) {
          if (branch.value.encoding == Encoding::kDictionary) branch.value = Flatten(branch.value, num_rows);
        }
        return MergeFixed<typename decltype(tag)::Native>(type, branches, num_rows);
      },
      [&] { return MergeByTake(type, branches, num_rows); });
}

class CaseNode final : public EvaluatorNode {
 public:
  CaseNode(const Type& type, std::vector<NodePtr> children) : type_(type), children_(std::move(children)) {}

  Column Evaluate(const Batch& batch, const Rows& rows) override {
    std::vector<Branch> branches;
    Selection rest;
    const Selection* remaining = rows.selection;
    for (size_t i = 0; i + 1 < children_.size(); i += 2) {
      const Rows reached{rows.num_rows, remaining};
      if (reached.count() == 0) break;
      Branch branch;
      children_[i]->Filter(batch, reached, branch.rows);
      rest = Without(reached, branch.rows);
      remaining = &rest;
      if (branch.rows.empty()) continue;
      branch.value = children_[i + 1]->Evaluate(batch, Rows{rows.num_rows, &branch.rows});
      branches.push_back(std::move(branch));
    }
    if (children_.size() % 2 == 1 && !rest.empty()) {
      Branch branch{children_.back()->Evaluate(batch, Rows{rows.num_rows, &rest}), rest};
      branches.push_back(std::move(branch));
    }
    return Merge(type_, std::move(branches), rows.num_rows, rows.count());
  }

 private:
  const Type type_;
  const std::vector<NodePtr> children_;
};

}  // namespace

NodePtr MakeCaseNode(const Type& type, std::vector<NodePtr> children) {
  return std::make_unique<CaseNode>(type, std::move(children));
}

}  // namespace quell
