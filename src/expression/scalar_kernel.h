// How a scalar function is computed on columns.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "data/column.h"

namespace quell {

// The rows that a kernel must compute. `num_rows` is the length of flat results; rows outside of the selection hold
// anything (but valid memory) in the result and must never raise an error.
struct Rows {
  int64_t num_rows = 0;
  const Selection* selection = nullptr;  // nullptr: all of them

  int64_t count() const { return selection ? static_cast<int64_t>(selection->size()) : num_rows; }
  // Calls f(row) for each, ascending; a dense loop without a selection, so that it vectorizes.
  template <typename F>
  void ForEach(F&& f) const {
    if (!selection) {
      for (int64_t row = 0; row < num_rows; ++row) f(row);
    } else {
      for (const int32_t row : *selection) f(row);
    }
  }
};

struct ScalarKernel {
  // Computes the result of type `result` from the arguments; each argument is flat or constant unless
  // `takes_dictionaries`. A result of constants alone may be constant.
  std::function<Column(std::span<const Column> arguments, const Rows& rows, const Type& result)> compute;
  // May be empty. Of a BOOLEAN function: appends the rows for which it is true, ascending, without making a column;
  // returns false, with nothing done, for arguments that it has no fast way for. Looks at nulls itself.
  std::function<bool(std::span<const Column> arguments, const Rows& rows, Selection& selected)> filter = {};
  // The evaluator sets rows to NULL where any argument is NULL, and the kernel need not look.
  bool null_propagating = true;
  // With null_propagating: `rows` leaves out the rows with a NULL argument, since what stands there could raise an
  // error. A kernel that computes whole columns at once, and looks for nulls only once something went wrong, turns it
  // off.
  bool skips_nulls = true;
  // Same arguments, same result: may be folded, and evaluated once for each value of a dictionary.
  bool deterministic = true;
  bool takes_dictionaries = false;
  // Distinguishes kernels of one name (settings they were bound with), for Equal().
  std::string variant = {};
};

}  // namespace quell
