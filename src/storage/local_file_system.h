// Files on local disks.
#pragma once

#include "storage/file_system.h"

namespace quell::storage {

// New files are written without a name (or under a hidden one, where the disk cannot do that), made durable, and then
// linked or renamed into place: readers see a whole file or none, and a killed process leaves nothing. PutIfAbsent is
// link(2), which is atomic on every POSIX file system, NFS included.
class LocalFileSystem final : public FileSystem {
 public:
  explicit LocalFileSystem(StorageContext context) : context_(std::move(context)) {}

  std::unique_ptr<RandomAccessFile> Open(const Uri& uri, std::optional<int64_t> known_size_bytes) override;
  std::unique_ptr<OutputFile> Create(const Uri& uri) override;
  std::string ReadAll(const Uri& uri) override;
  std::optional<FileInfo> Stat(const Uri& uri) override;
  void List(const Uri& folder, const ListOptions& options, const std::function<bool(FileInfo)>& visit) override;
  PutResult PutIfAbsent(const Uri& uri, std::span<const uint8_t> data) override;
  void Put(const Uri& uri, std::span<const uint8_t> data) override;
  void Delete(const std::vector<Uri>& uris) override;
  void ProbePutIfAbsent(const Uri& folder) override;

 private:
  const StorageContext context_;
};

}  // namespace quell::storage
