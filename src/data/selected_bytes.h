// How much data a batch carries.
#pragma once

#include "data/column.h"

namespace quell {

// The bytes of the values of the selected rows, as far as they are rows' own: of a dictionary the codes, of a constant
// one value. Without a look at each row: the selected rows have their share of the bytes of all.
int64_t SelectedBytes(const Batch& batch);

}  // namespace quell
