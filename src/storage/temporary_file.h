// A file on a local disk that has no name yet.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace quell::storage {

// Throws DISK_FULL, FAILED_READ_FILE.FILE_NOT_EXIST or `TASK_WRITE_FAILED` for errno, naming the action and the path.
[[noreturn]] void ThrowErrno(int error_number, const char* action, const std::string& path);

// Written under no name (O_TMPFILE), or under a hidden one beside the target where the file system cannot do that.
// Gone when destroyed, unless it was published. Not thread-safe.
class TemporaryFile {
 public:
  // Makes the missing folders of `target_path`.
  explicit TemporaryFile(std::string target_path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void Write(std::span<const uint8_t> data);
  // Gives the file its name if that is free; false when it is taken. With `fsync`, durable on return.
  bool LinkIfAbsent(bool fsync);
  // Gives the file its name, in place of any file that has it.
  void Replace(bool fsync);

 private:
  void LinkTo(const std::string& path, int* error_number);
  void SyncData();
  void SyncFolder();
  std::string HiddenName() const;

  const std::string target_path_;
  const std::string folder_;
  std::string hidden_path_;  // empty while the file has no name
  int fd_ = -1;
};

}  // namespace quell::storage
