// Files that live in memory, so that an input costs no system call.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "storage/file_system.h"

namespace quell::fuzz {

// Not thread-safe.
class MemoryFiles final : public storage::FileSystem {
 public:
  std::unique_ptr<storage::RandomAccessFile> Open(const storage::Uri& uri,
                                                  std::optional<int64_t> known_size_bytes = {}) override;
  std::unique_ptr<storage::OutputFile> Create(const storage::Uri& uri) override;
  std::string ReadAll(const storage::Uri& uri) override { return Find(uri); }
  std::optional<storage::FileInfo> Stat(const storage::Uri& uri) override;
  void List(const storage::Uri& folder, const storage::ListOptions& options,
            const std::function<bool(storage::FileInfo)>& visit) override;
  storage::PutResult PutIfAbsent(const storage::Uri& uri, std::span<const uint8_t> data) override;
  void Put(const storage::Uri& uri, std::span<const uint8_t> data) override;
  void Delete(const std::vector<storage::Uri>& uris) override;
  void ProbePutIfAbsent(const storage::Uri&) override {}

 private:
  const std::string& Find(const storage::Uri& uri) const;

  std::map<std::string, std::string> contents_;  // by path
};

}  // namespace quell::fuzz
