// S3, and stores that speak its protocol, as a file system.
#pragma once

#include "storage/file_system.h"
#include "storage/s3/client.h"

namespace quell::storage::s3 {

// Cheap to make: connections and credentials are kept for the process. Thread-safe.
class S3FileSystem final : public FileSystem {
 public:
  explicit S3FileSystem(Client client) : client_(std::move(client)) {}

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
  Client client_;
};

}  // namespace quell::storage::s3
