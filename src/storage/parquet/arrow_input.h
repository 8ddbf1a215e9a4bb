// A file of ours as Arrow's readers want it.
#pragma once

#include <memory>

#include <arrow/io/interfaces.h>

#include "storage/file_system.h"

namespace quell::storage {

// Thread-safe, as the file is. Errors of the file pass through as the Error that they are.
std::shared_ptr<arrow::io::RandomAccessFile> MakeArrowInput(std::shared_ptr<RandomAccessFile> file);

}  // namespace quell::storage
