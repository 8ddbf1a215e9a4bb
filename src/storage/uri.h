// Names of files and objects, as users write them.
#pragma once

#include <string>
#include <string_view>

namespace quell::storage {

// A parsed location. `s3://b/k` and `s3a://b/k` have scheme "s3", bucket and key; `file:/p`, `file:///p` and plain
// paths have scheme "file" and an absolute `path` (relative paths are made absolute).
struct Uri {
  std::string scheme;
  std::string bucket;  // S3 only
  std::string path;    // S3: the key without leading slash. Local: the absolute path

  // Throws INVALID_PARAMETER_VALUE for a scheme that is not known.
  static Uri Parse(std::string_view text);
  std::string ToString() const;  // "s3://bucket/key" or "/absolute/path"
  Uri Child(std::string_view relative) const;
  bool operator==(const Uri&) const = default;
};

}  // namespace quell::storage
