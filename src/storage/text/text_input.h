// The text of a file, decompressed where its name says so.
#pragma once

#include <memory>

#include <arrow/io/interfaces.h>

#include "storage/file_system.h"

namespace quell::storage {

// A stream over the whole file. Files named *.gz, *.bz2, *.zst and *.lz4 are decompressed on the way. Memory is
// bounded.
std::shared_ptr<arrow::io::InputStream> OpenTextInput(FileSystem& files, const Uri& uri);

}  // namespace quell::storage
