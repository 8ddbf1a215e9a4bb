// The part of a text that is looked at: rows and lines are cut from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <arrow/io/interfaces.h>

namespace quell::storage {

// Holds what was read of a stream and not taken yet. Grows where a row is longer than a step, and shrinks again behind
// it. Not thread-safe.
class TextWindow {
 public:
  // The most bytes of one row: what is not a text of rows at all, or has a quote that nobody closes, is a row without
  // an end. Rows that hold whole documents are shorter.
  static constexpr size_t kMaxRowBytes = size_t{128} << 20;

  // Reads `step_bytes` at a time. `what` is for errors: "read CSV file ...".
  TextWindow(std::shared_ptr<arrow::io::InputStream> input, size_t step_bytes, std::string what)
      : input_(std::move(input)), step_bytes_(step_bytes), what_(std::move(what)) {}

  std::string_view pending() const { return std::string_view(text_).substr(begin_); }
  void Take(size_t bytes) { begin_ += bytes; }
  // Reads on behind what is pending, whose place in memory changes. False at the end of the text. Throws
  // FAILED_READ_FILE, and what the file throws.
  bool ReadMore();
  bool is_at_end() const { return is_at_end_; }
  // Whether more is pending than one row may have.
  bool is_full() const { return pending().size() > kMaxRowBytes; }
  int64_t memory_bytes() const { return static_cast<int64_t>(text_.capacity()); }

 private:
  const std::shared_ptr<arrow::io::InputStream> input_;
  const size_t step_bytes_;
  const std::string what_;
  std::string text_;
  size_t begin_ = 0;  // of what is pending
  bool is_at_end_ = false;
};

}  // namespace quell::storage
