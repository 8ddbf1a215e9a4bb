#include "storage/json/line_reader.h"

#include "base/error_classes.h"

namespace quell::storage {

std::optional<std::string_view> LineReader::Next() {
  size_t searched = 0;
  while (true) {
    const size_t end = window_.pending().find('\n', searched);
    if (end == std::string_view::npos) {
      searched = window_.pending().size();
      if (window_.is_full()) {
        throw Error(error_class::kFailedReadFile,
                    "JSON file {}: line {} has more than {} bytes; write one object a line", path_, line_number_ + 1,
                    TextWindow::kMaxRowBytes);
      }
      if (window_.ReadMore()) continue;
      if (searched == 0) return std::nullopt;
    }
    const std::string_view line = window_.pending().substr(0, end);
    window_.Take(line.size() + (end == std::string_view::npos ? 0 : 1));
    searched = 0;
    ++line_number_;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) return line;
  }
}

}  // namespace quell::storage
