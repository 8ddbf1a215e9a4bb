// Files and objects behind one interface: local disks and S3.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/metrics.h"
#include "storage/uri.h"

namespace quell::storage {

struct FileInfo {
  std::string path;  // as Uri::ToString
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;  // since the epoch, UTC
  std::string etag;         // S3 only
};

struct ListOptions {
  bool recursive = true;
  std::string start_after;  // names, relative to the folder, that come after this one in byte order; empty: all
};

// Random reads of one file or object. Thread-safe: reads at several offsets may run at once.
class RandomAccessFile {
 public:
  virtual ~RandomAccessFile() = default;
  virtual int64_t size_bytes() const = 0;
  virtual const std::string& path() const = 0;
  // Fills `out` from `offset`; throws FAILED_READ_FILE when the file is shorter.
  virtual void ReadAt(int64_t offset, std::span<uint8_t> out) = 0;
  // True when requests are slow and wide ranges cheap (object stores): readers coalesce and prefetch.
  virtual bool is_remote() const = 0;
};

// A new file or object. It becomes visible as a whole at Close(), or never: destroyed before, it leaves nothing.
class OutputFile {
 public:
  virtual ~OutputFile() = default;
  virtual void Write(std::span<const uint8_t> data) = 0;
  virtual int64_t bytes_written() const = 0;
  virtual void Close() = 0;
};

enum class PutResult { kCreated, kAlreadyExists };

// Thread-safe. Errors are Error with the path in the message; a name that is not there is
// FAILED_READ_FILE.FILE_NOT_EXIST.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual std::unique_ptr<RandomAccessFile> Open(const Uri& uri, std::optional<int64_t> known_size_bytes = {}) = 0;
  virtual std::unique_ptr<OutputFile> Create(const Uri& uri) = 0;
  virtual std::string ReadAll(const Uri& uri) = 0;
  // nullopt when it is not there. A local folder gives nullopt, too.
  virtual std::optional<FileInfo> Stat(const Uri& uri) = 0;
  // Files below `folder` in byte order of their names, one call of `visit` each until it returns false. A folder that
  // is not there has no files. Hidden files are not left out.
  virtual void List(const Uri& folder, const ListOptions& options, const std::function<bool(FileInfo)>& visit) = 0;
  // Creates the file with these bytes, durably, only if there is none: exactly one of any number of racing callers gets
  // kCreated, even when the answer of the store is lost on the way. Throws OBJECT_STORE_WITHOUT_CONDITIONAL_WRITES
  // where a store cannot.
  virtual PutResult PutIfAbsent(const Uri& uri, std::span<const uint8_t> data) = 0;
  // Creates or replaces, atomically.
  virtual void Put(const Uri& uri, std::span<const uint8_t> data) = 0;
  // Deletes files that may be absent.
  virtual void Delete(const std::vector<Uri>& uris) = 0;
  // Makes sure that PutIfAbsent is honest here (a real race against the store, once per process, endpoint and bucket).
  virtual void ProbePutIfAbsent(const Uri& folder) = 0;
};

using FileSystemPtr = std::shared_ptr<FileSystem>;

// What all file systems of a statement share. `metrics` and `cancel` may be null; they outlive the file systems.
struct StorageContext {
  Metrics* metrics = nullptr;
  CancelTokenPtr cancel;
  bool fsync = true;  // of files and folders on local disks
};

// The file system for a scheme. Local file systems cost nothing to make; the S3 client resolves credentials at first
// use and keeps connections for the whole process.
FileSystemPtr MakeFileSystem(const Uri& uri, const StorageContext& context);

}  // namespace quell::storage
