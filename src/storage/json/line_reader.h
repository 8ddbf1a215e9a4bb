// Lines of a stream of text.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/io/interfaces.h>

namespace quell::storage {

// Not thread-safe. `path` is for errors.
class LineReader {
 public:
  LineReader(std::shared_ptr<arrow::io::InputStream> input, std::string path)
      : input_(std::move(input)), path_(std::move(path)) {}

  // The next line that is not blank, without its end; it holds until the next call.
  std::optional<std::string_view> Next();
  // Of the line that Next returned last, from 1.
  int64_t line_number() const { return line_number_; }

 private:
  bool Fill();

  const std::shared_ptr<arrow::io::InputStream> input_;
  const std::string path_;
  std::string text_;
  size_t position_ = 0;
  bool is_ended_ = false;
  int64_t line_number_ = 0;
};

}  // namespace quell::storage
