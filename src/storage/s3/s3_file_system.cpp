#include "storage/s3/s3_file_system.h"

#include <map>

#include "base/error_classes.h"
#include "storage/s3/conditional_put.h"
#include "storage/s3/multipart_output.h"

namespace quell::storage::s3 {

namespace {

class S3File final : public RandomAccessFile {
 public:
  S3File(Client client, Uri object, int64_t size_bytes)
      : client_(std::move(client)), object_(std::move(object)), path_(object_.ToString()), size_bytes_(size_bytes) {}

  int64_t size_bytes() const override { return size_bytes_; }
  const std::string& path() const override { return path_; }
  bool is_remote() const override { return true; }

  void ReadAt(int64_t offset, std::span<uint8_t> out) override {
    const size_t got = client_.GetRange(object_, offset, out);
    if (got == out.size()) return;
    throw Error(error_class::kFailedReadFile,
                "object '{}' ends at byte {}, before the {} bytes that are needed there; it is truncated", path_,
                offset + static_cast<int64_t>(got), out.size() - got);
  }

 private:
  const Client client_;
  const Uri object_;
  const std::string path_;
  const int64_t size_bytes_;
};

std::string FolderPrefix(const Uri& folder) {
  if (folder.path.empty() || folder.path.ends_with('/')) return folder.path;
  return folder.path + "/";
}

}  // namespace

std::unique_ptr<RandomAccessFile> S3FileSystem::Open(const Uri& uri, std::optional<int64_t> known_size_bytes) {
  if (known_size_bytes) return std::make_unique<S3File>(client_, uri, *known_size_bytes);
  const std::optional<ObjectHead> head = client_.Head(uri);
  if (!head) {
    HttpResponse absent;
    absent.status = 404;
    client_.ThrowFailure(absent, "open", uri);
  }
  return std::make_unique<S3File>(client_, uri, head->size_bytes);
}

std::unique_ptr<OutputFile> S3FileSystem::Create(const Uri& uri) {
  return std::make_unique<MultipartOutput>(client_, uri);
}

std::string S3FileSystem::ReadAll(const Uri& uri) { return client_.Get(uri); }

std::optional<FileInfo> S3FileSystem::Stat(const Uri& uri) {
  if (uri.path.empty()) return std::nullopt;
  const std::optional<ObjectHead> head = client_.Head(uri);
  if (!head) return std::nullopt;
  return FileInfo{uri.ToString(), head->size_bytes, head->modified_ms, head->etag};
}

void S3FileSystem::List(const Uri& folder, const ListOptions& options, const std::function<bool(FileInfo)>& visit) {
  const std::string prefix = FolderPrefix(folder);
  const std::string start_after = options.start_after.empty() ? "" : prefix + options.start_after;
  std::string token;
  do {
    ListPage page = client_.List(folder, prefix, start_after, options.recursive, token);
    for (ListedObject& object : page.objects) {
      // An empty object with a slash at its end stands for a folder in some programs.
      if (object.key.ends_with('/')) continue;
      const Uri uri{"s3", folder.bucket, std::move(object.key)};
      if (!visit({uri.ToString(), object.size_bytes, object.modified_ms, std::move(object.etag)})) return;
    }
    token = std::move(page.next_token);
  } while (!token.empty());
}

PutResult S3FileSystem::PutIfAbsent(const Uri& uri, std::span<const uint8_t> data) {
  const size_t slash = uri.path.rfind('/');
  ProbePutIfAbsent({"s3", uri.bucket, slash == std::string::npos ? "" : uri.path.substr(0, slash)});
  return s3::PutIfAbsent(client_, uri, data);
}

void S3FileSystem::Put(const Uri& uri, std::span<const uint8_t> data) { client_.Put(uri, data); }

void S3FileSystem::Delete(const std::vector<Uri>& uris) {
  if (uris.size() == 1) return client_.Delete(uris.front());
  constexpr size_t kMostKeys = 1000;
  std::map<std::string, std::vector<std::string_view>> keys_by_bucket;
  for (const Uri& uri : uris) {
    std::vector<std::string_view>& keys = keys_by_bucket[uri.bucket];
    keys.push_back(uri.path);
    if (keys.size() < kMostKeys) continue;
    client_.DeleteMany({"s3", uri.bucket, ""}, keys);
    keys.clear();
  }
  for (const auto& [bucket, keys] : keys_by_bucket) {
    if (!keys.empty()) client_.DeleteMany({"s3", bucket, ""}, keys);
  }
}

void S3FileSystem::ProbePutIfAbsent(const Uri& folder) { ProbeConditionalWrites(client_, folder); }

}  // namespace quell::storage::s3
