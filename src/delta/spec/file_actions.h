// The actions add, remove and cdc: files that enter and leave the table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quell::delta {

// By physical column name; no value means null. Few columns, so a flat list.
using PartitionValues = std::vector<std::pair<std::string, std::optional<std::string>>>;
using Tags = std::map<std::string, std::string>;

// Where the deleted rows of a data file are kept; delta/deletion_vector reads them.
struct DeletionVectorDescriptor {
  char storage_type = 'u';     // 'u': file named by a UUID, 'p': file at an absolute path, 'i': inline
  std::string path_or_inline;  // as the storage type says
  std::optional<int32_t> offset = {};
  int32_t size_bytes = 0;
  int64_t cardinality = 0;

  // Together with the path of the data file, this names one state of a file in the log.
  std::string UniqueId() const;
  bool operator==(const DeletionVectorDescriptor&) const = default;
};

// Paths are held decoded, in the log they are URI-encoded: relative to the table's folder, or absolute.
struct AddFile {
  std::string path;
  PartitionValues partition_values = {};
  int64_t size_bytes = 0;
  int64_t modification_time_ms = 0;
  bool data_change = true;
  std::string stats = {};  // JSON text, see delta/stats; empty: none
  std::optional<Tags> tags = {};
  std::optional<DeletionVectorDescriptor> deletion_vector = {};
  std::optional<int64_t> base_row_id = {};
  std::optional<int64_t> default_row_commit_version = {};
  std::optional<std::string> clustering_provider = {};

  bool operator==(const AddFile&) const = default;
};

struct RemoveFile {
  std::string path;
  std::optional<int64_t> deletion_timestamp_ms = {};
  bool data_change = true;
  // True when partition values, size and tags are those of the file.
  bool extended_file_metadata = false;
  PartitionValues partition_values = {};
  std::optional<int64_t> size_bytes = {};
  std::string stats = {};
  std::optional<Tags> tags = {};
  std::optional<DeletionVectorDescriptor> deletion_vector = {};
  std::optional<int64_t> base_row_id = {};
  std::optional<int64_t> default_row_commit_version = {};

  bool operator==(const RemoveFile&) const = default;
};

// The tombstone of a file.
RemoveFile RemoveOf(const AddFile& file, int64_t deletion_timestamp_ms, bool data_change);

// A change data file. Readers of snapshots ignore it.
struct CdcFile {
  std::string path;
  PartitionValues partition_values = {};
  int64_t size_bytes = 0;
  std::optional<Tags> tags = {};

  bool operator==(const CdcFile&) const = default;
};

}  // namespace quell::delta
