// What decode kernels throw when bytes break the format.
#pragma once

#include <exception>

namespace quell::storage {

// Caught where file, row group and column are known, and turned into an Error that names them. `what` is a literal.
class CorruptPage : public std::exception {
 public:
  explicit CorruptPage(const char* what) : what_(what) {}
  const char* what() const noexcept override { return what_; }

 private:
  const char* what_;
};

inline void RequireFormat(bool holds, const char* what) {
  if (!holds) [[unlikely]]
    throw CorruptPage(what);
}

}  // namespace quell::storage
