// Deletion vectors: the rows of a data file that are deleted (PROTOCOL.md, "Deletion Vectors").
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "delta/spec/file_actions.h"
#include "storage/file_system.h"

namespace quell::delta {

// Ascending positions of the deleted rows. Reads inline vectors ('i'), files named by a UUID ('u') and files at an
// absolute path ('p'). Throws DELTA_DELETION_VECTOR_INVALID where size, checksum, format or cardinality do not agree.
std::vector<int64_t> ReadDeletionVector(storage::FileSystem& files, const storage::Uri& table,
                                        const DeletionVectorDescriptor& vector);

// The bitmap itself, of `cardinality` rows: a magic number, then 64-bit Roaring in its portable format. `what` names it
// in errors.
std::vector<int64_t> DecodeDeletionVector(std::span<const uint8_t> bytes, int64_t cardinality, const std::string& what);

}  // namespace quell::delta
