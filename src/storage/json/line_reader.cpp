#include "storage/json/line_reader.h"

#include <arrow/buffer.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"

namespace quell::storage {

bool LineReader::Fill() {
  constexpr int64_t kStepBytes = 256 * 1024;
  if (is_ended_) return false;
  text_.erase(0, position_);
  position_ = 0;
  const size_t before = text_.size();
  text_.resize(before + kStepBytes);
  const int64_t read =
      Unwrap(input_->Read(kStepBytes, text_.data() + before), error_class::kFailedReadFile, "read JSON file " + path_);
  text_.resize(before + read);
  is_ended_ = read == 0;
  return !is_ended_;
}

std::optional<std::string_view> LineReader::Next() {
  size_t searched = position_;
  while (true) {
    const size_t end = text_.find('\n', searched);
    if (end == std::string::npos) {
      const size_t pending = text_.size() - position_;
      if (Fill()) {
        searched = pending;
        continue;
      }
      if (pending == 0) return std::nullopt;
    }
    const size_t stop = end == std::string::npos ? text_.size() : end;
    const std::string_view line = std::string_view(text_).substr(position_, stop - position_);
    position_ = end == std::string::npos ? stop : stop + 1;
    searched = position_;
    ++line_number_;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) return line;
  }
}

}  // namespace quell::storage
