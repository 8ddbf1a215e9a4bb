// Removes from the log what no version within its retention needs.
#pragma once

#include <cstdint>

#include "storage/file_system.h"

namespace quell::delta {

// Deletes the files of versions before the last checkpoint that was there at `cutoff_ms`: all versions that were the
// newest at that time or later can still be read. Does nothing where there is no such checkpoint. Returns the number
// of files deleted.
int64_t CleanUpLog(storage::FileSystem& files, const storage::Uri& table, int64_t cutoff_ms);

}  // namespace quell::delta
