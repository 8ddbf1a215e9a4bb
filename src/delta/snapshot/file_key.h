// What names a file in the log: its path and the id of its deletion vector.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include <xxhash.h>

#include "delta/spec/file_actions.h"
#include "delta/spec/path.h"

namespace quell::delta {

// A hash of 128 bits in place of the text: with 1e9 files the chance of any collision is about 1e-21.
struct FileKey {
  uint64_t low = 0;
  uint64_t high = 0;

  static FileKey Of(const std::string& path, const std::optional<DeletionVectorDescriptor>& vector) {
    std::string text = CanonicalPath(path);
    text += '\0';
    if (vector) text += vector->UniqueId();
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return {hash.low64, hash.high64};
  }
  bool operator==(const FileKey&) const = default;
};

struct FileKeyHash {
  size_t operator()(const FileKey& key) const { return key.low; }
};

}  // namespace quell::delta
