#include "storage/temporary_file.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error_classes.h"

namespace quell::storage {

void ThrowErrno(int error_number, const char* action, const std::string& path) {
  const std::string reason = std::generic_category().message(error_number);
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      throw Error(error_class::kDiskFull, "cannot {} '{}': no space left; free some, or write to another disk", action,
                  path);
    case ENOENT:
      throw Error(error_class::kFailedReadFileNotExist,
                  "cannot {} '{}': no such file; check the path, or refresh the table", action, path);
    case EACCES:
    case EPERM:
    case EROFS:
      throw Error(error_class::kFailedWriteFile, "cannot {} '{}': {}; check the owner and the permissions", action,
                  path, reason);
    default: throw Error(error_class::kFailedWriteFile, "cannot {} '{}': {}", action, path, reason);
  }
}

TemporaryFile::TemporaryFile(std::string target_path)
    : target_path_(std::move(target_path)), folder_(std::filesystem::path(target_path_).parent_path().string()) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) ThrowErrno(error.value(), "make the folder", folder_);
  constexpr mode_t kMode = 0666;
  fd_ = open(folder_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kMode);
  if (fd_ >= 0) return;
  hidden_path_ = HiddenName();
  fd_ = open(hidden_path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kMode);
  if (fd_ < 0) ThrowErrno(errno, "create a file in", folder_);
}

TemporaryFile::~TemporaryFile() {
  if (fd_ >= 0) close(fd_);
  if (!hidden_path_.empty()) unlink(hidden_path_.c_str());
}

std::string TemporaryFile::HiddenName() const {
  std::random_device random;
  return fmt::format("{}/.{}.{:08x}{:08x}.tmp", folder_, std::filesystem::path(target_path_).filename().string(),
                     random(), random());
}

void TemporaryFile::Write(std::span<const uint8_t> data) {
  while (!data.empty()) {
    const ssize_t written = write(fd_, data.data(), data.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      ThrowErrno(errno, "write", target_path_);
    }
    data = data.subspan(written);
  }
}

void TemporaryFile::LinkTo(const std::string& path, int* error_number) {
  const std::string source = hidden_path_.empty() ? fmt::format("/proc/self/fd/{}", fd_) : hidden_path_;
  const int result = linkat(AT_FDCWD, source.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW);
  *error_number = result == 0 ? 0 : errno;
}

void TemporaryFile::SyncData() {
  if (fsync(fd_) != 0) ThrowErrno(errno, "sync", target_path_);
}

void TemporaryFile::SyncFolder() {
  const int folder = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) ThrowErrno(errno, "open the folder", folder_);
  const int result = fsync(folder);
  const int error_number = errno;
  close(folder);
  // Some network and FUSE disks have no fsync of folders; their names are durable by themselves.
  if (result != 0 && error_number != EINVAL && error_number != ENOTSUP)
    ThrowErrno(error_number, "sync the folder", folder_);
}

bool TemporaryFile::LinkIfAbsent(bool fsync) {
  if (fsync) SyncData();
  int error_number = 0;
  LinkTo(target_path_, &error_number);
  if (error_number == EEXIST) return false;
  if (error_number != 0) ThrowErrno(error_number, "link", target_path_);
  if (fsync) SyncFolder();
  return true;
}

void TemporaryFile::Replace(bool fsync) {
  if (fsync) SyncData();
  if (hidden_path_.empty()) {
    // A nameless file can only be linked to a free name, which is the usual case.
    int error_number = 0;
    LinkTo(target_path_, &error_number);
    if (error_number == 0) {
      if (fsync) SyncFolder();
      return;
    }
    if (error_number != EEXIST) ThrowErrno(error_number, "link", target_path_);
    std::string hidden = HiddenName();
    LinkTo(hidden, &error_number);
    if (error_number != 0) ThrowErrno(error_number, "link", hidden);
    hidden_path_ = std::move(hidden);
  }
  if (rename(hidden_path_.c_str(), target_path_.c_str()) != 0) ThrowErrno(errno, "rename to", target_path_);
  hidden_path_.clear();
  if (fsync) SyncFolder();
}

}  // namespace quell::storage
