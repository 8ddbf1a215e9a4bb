// A new file of ours as Arrow's writers want it.
#pragma once

#include <memory>

#include <arrow/io/interfaces.h>

#include "storage/file_system.h"

namespace quell::storage {

// Closing the stream does not close `file`: the caller does so once all is written. Errors of the file pass through as
// the Error that they are. `file` outlives the stream.
std::shared_ptr<arrow::io::OutputStream> MakeArrowOutput(OutputFile* file);

}  // namespace quell::storage
