#include "fuzz/memory_files.h"

#include <cstring>

#include "base/error_classes.h"

namespace quell::fuzz {
namespace {

using storage::FileInfo;
using storage::Uri;

class MemoryFile final : public storage::RandomAccessFile {
 public:
  MemoryFile(std::string path, std::string_view bytes) : path_(std::move(path)), bytes_(bytes) {}

  int64_t size_bytes() const override { return static_cast<int64_t>(bytes_.size()); }
  const std::string& path() const override { return path_; }
  bool is_remote() const override { return false; }
  void ReadAt(int64_t offset, std::span<uint8_t> out) override {
    const auto begin = static_cast<size_t>(offset);
    if (offset < 0 || begin > bytes_.size() || out.size() > bytes_.size() - begin) {
      throw Error(error_class::kFailedReadFile, "cannot read {}: it ends too early", path_);
    }
    if (!out.empty()) std::memcpy(out.data(), bytes_.data() + begin, out.size());
  }

 private:
  const std::string path_;
  const std::string_view bytes_;
};

class MemoryOutput final : public storage::OutputFile {
 public:
  explicit MemoryOutput(std::string* target) : target_(target) {}

  void Write(std::span<const uint8_t> data) override {
    bytes_.append(reinterpret_cast<const char*>(data.data()), data.size());
  }
  int64_t bytes_written() const override { return static_cast<int64_t>(bytes_.size()); }
  void Close() override { *target_ = std::move(bytes_); }

 private:
  std::string* const target_;
  std::string bytes_;
};

FileInfo InfoOf(const std::string& path, const std::string& bytes) {
  FileInfo info;
  info.path = path;
  info.size_bytes = static_cast<int64_t>(bytes.size());
  return info;
}

}  // namespace

const std::string& MemoryFiles::Find(const Uri& uri) const {
  const auto found = contents_.find(uri.path);
  if (found == contents_.end()) {
    throw Error(error_class::kFailedReadFileNotExist, "cannot read {}: there is no such file", uri.ToString());
  }
  return found->second;
}

std::unique_ptr<storage::RandomAccessFile> MemoryFiles::Open(const Uri& uri, std::optional<int64_t>) {
  return std::make_unique<MemoryFile>(uri.path, Find(uri));
}

std::unique_ptr<storage::OutputFile> MemoryFiles::Create(const Uri& uri) {
  return std::make_unique<MemoryOutput>(&contents_[uri.path]);
}

std::optional<FileInfo> MemoryFiles::Stat(const Uri& uri) {
  const auto found = contents_.find(uri.path);
  if (found == contents_.end()) return std::nullopt;
  return InfoOf(found->first, found->second);
}

void MemoryFiles::List(const Uri& folder, const storage::ListOptions&, const std::function<bool(FileInfo)>& visit) {
  for (const auto& [path, bytes] : contents_) {
    if (!path.starts_with(folder.path)) continue;
    if (!visit(InfoOf(path, bytes))) return;
  }
}

storage::PutResult MemoryFiles::PutIfAbsent(const Uri& uri, std::span<const uint8_t> data) {
  if (contents_.contains(uri.path)) return storage::PutResult::kAlreadyExists;
  Put(uri, data);
  return storage::PutResult::kCreated;
}

void MemoryFiles::Put(const Uri& uri, std::span<const uint8_t> data) {
  contents_[uri.path].assign(reinterpret_cast<const char*>(data.data()), data.size());
}

void MemoryFiles::Delete(const std::vector<Uri>& uris) {
  for (const Uri& uri : uris) contents_.erase(uri.path);
}

}  // namespace quell::fuzz
