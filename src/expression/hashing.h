// Spark's hashes of values: xxhash64() and hash(), whose results users and sketches see.
#pragma once

#include <cstdint>
#include <vector>

#include "data/column.h"
#include "expression/scalar_kernel.h"

namespace quell {

// hashes[row] = the hash of the value with the hash so far as the seed; NULL leaves it. The column is flat or constant.
void UpdateXxHash64(const Column& column, const Rows& rows, uint64_t* hashes);
void UpdateMurmur3(const Column& column, const Rows& rows, uint32_t* hashes);

}  // namespace quell
