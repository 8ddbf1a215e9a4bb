// Requests to S3, tried again where that helps, counted, and with errors that say what to do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/file_system.h"
#include "storage/s3/config.h"
#include "storage/s3/http.h"
#include "storage/s3/url.h"
#include "storage/s3/xml.h"

namespace quell::storage::s3 {

// The metadata header that marks a PUT as ours, so that a lost answer can be resolved by reading it back.
inline constexpr std::string_view kPutIdHeader = "x-amz-meta-quell-put-id";

// 128 random bits in hexadecimal.
std::string RandomId();

struct ObjectHead {
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;
  std::string etag;
  std::string put_id;  // of kPutIdHeader; empty: none
};

// What became of one PUT with If-None-Match, as the store said it.
enum class ConditionalAnswer { kCreated, kExists, kConflict, kUnknown };

// Thread-safe; a copy is cheap. Each request runs in the caller's thread. Throws OBJECT_STORE_ERROR with bucket, key,
// status, the store's own code and the way out; FAILED_READ_FILE.FILE_NOT_EXIST for a key that is not there.
class Client {
 public:
  // One configuration shares its credentials in the whole process.
  Client(Config config, const StorageContext& context);

  const Config& config() const { return config_; }
  const StorageContext& context() const { return context_; }

  std::optional<ObjectHead> Head(const Uri& object) const;
  // Fills `out` from `offset`; returns how much there was.
  size_t GetRange(const Uri& object, int64_t offset, std::span<uint8_t> out) const;
  std::string Get(const Uri& object) const;
  // One page of the keys with this prefix that come after `start_after`, or after the last page when `token` is its
  // token.
  ListPage List(const Uri& bucket, const std::string& prefix, const std::string& start_after, bool recursive,
                const std::string& token) const;
  void Put(const Uri& object, std::span<const uint8_t> data) const;
  // One try, without reading back.
  ConditionalAnswer TryPutIfAbsent(const Uri& object, std::span<const uint8_t> data, const std::string& put_id) const;
  void Delete(const Uri& object) const;
  // At most 1000 keys of one bucket.
  void DeleteMany(const Uri& bucket, const std::vector<std::string_view>& keys) const;

  std::string CreateMultipart(const Uri& object, const std::string& put_id) const;
  // Returns the part's ETag. Parts count from 1.
  std::string UploadPart(const Uri& object, const std::string& upload, int part, std::span<const uint8_t> data) const;
  void CompleteMultipart(const Uri& object, const std::string& upload, const std::vector<std::string>& etags,
                         const std::string& put_id) const;
  // Leaves nothing behind; does not throw, and is not cancelled.
  void AbortMultipart(const Uri& object, const std::string& upload) const noexcept;

  // Waits before another attempt, the longer the more there were; false when there were enough. Throws
  // OPERATION_CANCELED.
  bool WaitBeforeRetry(int attempt) const;
  // Throws what a bad answer means.
  [[noreturn]] void ThrowFailure(const HttpResponse& response, const char* action, const Uri& object) const;

 private:
  struct Call;

  HttpRequest MakeRequest(const Call& call, const Credentials& credentials) const;
  HttpResponse SendOnce(const Call& call) const;
  // Sends until the answer is no passing trouble, and at most `max_attempts` times.
  HttpResponse Send(const Call& call) const;

  Config config_;
  StorageContext context_;
  std::shared_ptr<CredentialsProvider> credentials_;
};

}  // namespace quell::storage::s3
