// Lines of a stream of text.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/io/interfaces.h>

#include "storage/text/text_window.h"

namespace quell::storage {

// Not thread-safe. `path` is for errors.
class LineReader {
 public:
  LineReader(std::shared_ptr<arrow::io::InputStream> input, std::string path)
      : path_(std::move(path)), window_(std::move(input), kStepBytes, "read JSON file " + path_) {}

  // The next line that is not blank, without its end; it holds until the next call.
  std::optional<std::string_view> Next();
  // Of the line that Next returned last, from 1.
  int64_t line_number() const { return line_number_; }
  int64_t memory_bytes() const { return window_.memory_bytes(); }

 private:
  static constexpr size_t kStepBytes = size_t{256} << 10;

  const std::string path_;
  TextWindow window_;
  int64_t line_number_ = 0;
};

}  // namespace quell::storage
