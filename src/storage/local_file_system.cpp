#include "storage/local_file_system.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error_classes.h"
#include "storage/temporary_file.h"

namespace quell::storage {

namespace {

[[noreturn]] void ThrowRead(int error_number, const char* action, const std::string& path) {
  if (error_number == ENOENT || error_number == ENOTDIR) ThrowErrno(ENOENT, action, path);
  throw Error(error_class::kFailedReadFile, "cannot {} '{}': {}; check the path and its permissions", action, path,
              std::generic_category().message(error_number));
}

FileInfo InfoOf(const std::string& path, const struct stat& status) {
  constexpr int64_t kMillisPerSecond = 1000;
  constexpr int64_t kNanosPerMilli = 1'000'000;
  FileInfo info;
  info.path = path;
  info.size_bytes = status.st_size;
  info.modified_ms = status.st_mtim.tv_sec * kMillisPerSecond + status.st_mtim.tv_nsec / kNanosPerMilli;
  return info;
}

class LocalFile final : public RandomAccessFile {
 public:
  LocalFile(const std::string& path, const StorageContext& context) : path_(path), context_(context) {
    fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd_ < 0) ThrowRead(errno, "open", path);
    struct stat status;
    if (fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) {
      const int error_number = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
      close(fd_);
      ThrowRead(error_number, "open", path);
    }
    size_bytes_ = status.st_size;
  }
  ~LocalFile() override { close(fd_); }

  int64_t size_bytes() const override { return size_bytes_; }
  const std::string& path() const override { return path_; }
  bool is_remote() const override { return false; }

  void ReadAt(int64_t offset, std::span<uint8_t> out) override {
    if (context_.cancel) context_.cancel->ThrowIfCancelled();
    const size_t wanted = out.size();
    while (!out.empty()) {
      const ssize_t got = pread(fd_, out.data(), out.size(), offset);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) ThrowRead(errno, "read", path_);
      if (got == 0) {
        throw Error(error_class::kFailedReadFile,
                    "file '{}' ends at byte {}, before the {} bytes that are needed there; it is truncated", path_,
                    offset, out.size());
      }
      offset += got;
      out = out.subspan(got);
    }
    if (context_.metrics) context_.metrics->bytes_read.Add(static_cast<int64_t>(wanted));
  }

 private:
  const std::string path_;
  const StorageContext context_;
  int fd_;
  int64_t size_bytes_ = 0;
};

class LocalOutputFile final : public OutputFile {
 public:
  LocalOutputFile(const Uri& uri, const StorageContext& context) : file_(uri.path), context_(context) {}

  void Write(std::span<const uint8_t> data) override {
    if (context_.cancel) context_.cancel->ThrowIfCancelled();
    file_.Write(data);
    bytes_written_ += static_cast<int64_t>(data.size());
  }
  int64_t bytes_written() const override { return bytes_written_; }
  void Close() override {
    file_.Replace(context_.fsync);
    if (context_.metrics) context_.metrics->bytes_written.Add(bytes_written_);
  }

 private:
  TemporaryFile file_;
  const StorageContext context_;
  int64_t bytes_written_ = 0;
};

// Lists a tree in byte order of the paths relative to its root.
class TreeLister {
 public:
  TreeLister(std::string root, const ListOptions& options, const StorageContext& context,
             const std::function<bool(FileInfo)>& visit)
      : root_(std::move(root)), options_(options), context_(context), visit_(visit) {}

  // False when `visit` asked to stop. `prefix` is relative to the root, empty or with a slash at its end.
  bool ListFolder(const std::string& prefix) const {
    if (context_.cancel) context_.cancel->ThrowIfCancelled();
    const std::string folder = root_ + "/" + prefix;
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    if (error) {
      if (error.value() == ENOENT || error.value() == ENOTDIR) return true;
      ThrowRead(error.value(), "list", folder);
    }
    // The slash takes part in the order: "a.b" comes before "a/b", which comes before "a0".
    std::vector<std::string> names;
    for (const auto& entry : entries) {
      std::string name = entry.path().filename().string();
      if (entry.is_directory(error)) name += '/';
      names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      if (!Visit(prefix + name)) return false;
    }
    return true;
  }

 private:
  bool Visit(const std::string& relative) const {
    const std::string& after = options_.start_after;
    if (relative.back() == '/') {
      const bool all_before = after > relative && !after.starts_with(relative);
      return !options_.recursive || all_before || ListFolder(relative);
    }
    if (relative <= after) return true;
    const std::string path = root_ + "/" + relative;
    struct stat status;
    // A file may vanish between its listing and this look at it.
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return true;
    return visit_(InfoOf(path, status));
  }

  const std::string root_;
  const ListOptions& options_;
  const StorageContext& context_;
  const std::function<bool(FileInfo)>& visit_;
};

}  // namespace

std::unique_ptr<RandomAccessFile> LocalFileSystem::Open(const Uri& uri, std::optional<int64_t>) {
  return std::make_unique<LocalFile>(uri.path, context_);
}

std::unique_ptr<OutputFile> LocalFileSystem::Create(const Uri& uri) {
  return std::make_unique<LocalOutputFile>(uri, context_);
}

std::string LocalFileSystem::ReadAll(const Uri& uri) {
  LocalFile file(uri.path, context_);
  std::string bytes(file.size_bytes(), '\0');
  file.ReadAt(0, {reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

std::optional<FileInfo> LocalFileSystem::Stat(const Uri& uri) {
  struct stat status;
  if (stat(uri.path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    ThrowRead(errno, "look at", uri.path);
  }
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return InfoOf(uri.path, status);
}

void LocalFileSystem::List(const Uri& folder, const ListOptions& options, const std::function<bool(FileInfo)>& visit) {
  TreeLister(folder.path == "/" ? "" : folder.path, options, context_, visit).ListFolder("");
}

PutResult LocalFileSystem::PutIfAbsent(const Uri& uri, std::span<const uint8_t> data) {
  TemporaryFile file(uri.path);
  file.Write(data);
  if (!file.LinkIfAbsent(context_.fsync)) return PutResult::kAlreadyExists;
  if (context_.metrics) context_.metrics->bytes_written.Add(static_cast<int64_t>(data.size()));
  return PutResult::kCreated;
}

void LocalFileSystem::Put(const Uri& uri, std::span<const uint8_t> data) {
  LocalOutputFile file(uri, context_);
  file.Write(data);
  file.Close();
}

void LocalFileSystem::Delete(const std::vector<Uri>& uris) {
  for (const Uri& uri : uris) {
    if (unlink(uri.path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) ThrowErrno(errno, "delete", uri.path);
  }
}

// link(2) never overwrites: there is nothing to find out.
void LocalFileSystem::ProbePutIfAbsent(const Uri&) {}

}  // namespace quell::storage
