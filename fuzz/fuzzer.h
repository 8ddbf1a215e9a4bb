// What each fuzzer of this folder defines: LLVMFuzzerTestOneInput, which libFuzzer calls, and the inputs to start from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error_classes.h"

namespace quell::fuzz {

// Inputs that are well-formed, made by our own writers where there is one. Each of them must reach deep into the code.
std::vector<std::string> Seeds();

// The bytes of one input. The first ones choose what is done, the rest is what it is done with.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : bytes_(data, size) {}

  // 0 when there is no byte left.
  uint8_t TakeByte() {
    if (bytes_.empty()) return 0;
    const uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  std::span<const uint8_t> bytes() const { return bytes_; }
  std::string_view text() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

 private:
  std::span<const uint8_t> bytes_;
};

// Whether `use` accepts its input. It may refuse it with an Error, but not with one that says that the mistake is ours.
template <typename Use>
bool Accepts(const Use& use) {
  try {
    use();
    return true;
  } catch (const Error& error) {
    if (error.error_class() == error_class::kInternalError) throw;
    return false;
  }
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
