// Paths of data files in the log.
#pragma once

#include <string>
#include <string_view>

#include "delta/spec/file_actions.h"
#include "storage/uri.h"

namespace quell::delta {

// As a URI's path: what RFC 3986 does not allow there becomes %XX.
std::string EncodePath(std::string_view path);
std::string DecodePath(std::string_view encoded);

// Where a file of the table is; `path` is decoded, and relative to `table` unless it is absolute.
storage::Uri ResolvePath(const storage::Uri& table, std::string_view path);

// The spelling by which two paths of one file are equal: "file:///a", "file:/a" and "/a" are, "s3a://b/k" and
// "s3://b/k" are, too.
std::string CanonicalPath(std::string_view path);

// "day=2024-01-01/country=DE/": the folder of a partition, escaped as Hive does; null is __HIVE_DEFAULT_PARTITION__.
std::string PartitionFolder(const PartitionValues& values);

}  // namespace quell::delta
