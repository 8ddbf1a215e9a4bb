// Rows of one file of text, in order.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/cancellation.h"
#include "data/column.h"
#include "data/schema.h"
#include "storage/file_system.h"

namespace quell::storage {

// Options as users write them; names compare without regard to case.
using TextOptions = std::map<std::string, std::string>;

// Not thread-safe. Errors name the file.
class BatchReader {
 public:
  virtual ~BatchReader() = default;
  // Columns as asked for, in their order; nullopt at the end.
  virtual std::optional<Batch> Next() = 0;
  // What it holds of the file, as text and as rows that it has not given yet.
  virtual int64_t memory_bytes() const = 0;
};

// The option, or `otherwise`. A flag is "true" or "false"; throws INVALID_PARAMETER_VALUE for anything else.
std::string TextOption(const TextOptions& options, std::string_view name, std::string otherwise);
bool TextFlag(const TextOptions& options, std::string_view name, bool otherwise);

}  // namespace quell::storage
