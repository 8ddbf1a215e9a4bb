#include "execution/operators/project/expand.h"

namespace quell::execution {

ExpandTransform::ExpandTransform(const ExpandNode& node) {
  for (const std::vector<int>& kept : node.kept_columns) {
    std::vector<bool>& keeps = keeps_.emplace_back(node.schema().num_fields(), false);
    for (const int column : kept) keeps[column] = true;
  }
}

Batch ExpandTransform::Apply(Batch input) {
  std::vector<int32_t> selected;
  selected.reserve(input.num_selected());
  if (input.selection) {
    selected = *input.selection;
  } else {
    for (int32_t row = 0; row < input.num_rows; ++row) selected.push_back(row);
  }
  Batch output;
  output.num_rows = static_cast<int64_t>(selected.size() * keeps_.size());
  std::vector<int32_t> rows;
  for (size_t column = 0; column < input.columns.size(); ++column) {
    rows.clear();
    for (const std::vector<bool>& keeps : keeps_) {
      if (keeps[column]) {
        rows.insert(rows.end(), selected.begin(), selected.end());
      } else {
        rows.insert(rows.end(), selected.size(), -1);
      }
    }
    output.columns.push_back(Take(input.columns[column], rows));
  }
  return output;
}

}  // namespace quell::execution
