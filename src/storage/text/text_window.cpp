#include "storage/text/text_window.h"

#include <algorithm>
#include <utility>

#include "base/arrow_result.h"
#include "base/error_classes.h"

namespace quell::storage {

bool TextWindow::ReadMore() {
  if (is_at_end_) return false;
  const size_t held = text_.size() - begin_;
  // As much again, so that a long row is not looked through too often.
  const size_t wanted = held + std::max(held, step_bytes_);
  if (text_.capacity() > 4 * wanted) {
    // An assignment would keep the memory for a short text.
    std::string(pending()).swap(text_);
  } else {
    text_.erase(0, begin_);
  }
  begin_ = 0;
  text_.resize(wanted);
  const int64_t got = Unwrap(input_->Read(static_cast<int64_t>(wanted - held), text_.data() + held),
                             error_class::kFailedReadFile, what_);
  text_.resize(held + static_cast<size_t>(got));
  is_at_end_ = got == 0;
  return !is_at_end_;
}

}  // namespace quell::storage
