#include "storage/s3/client.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <thread>

#include "base/error_classes.h"
#include "storage/s3/curl_library.h"

namespace quell::storage::s3 {

// One operation: the request without what signing adds, and how it is counted.
struct Client::Call {
  const char* method;
  const Uri& object;
  Query query = {};
  std::vector<std::string> headers = {};
  std::span<const uint8_t> body = {};
  std::span<uint8_t> out = {};
  Counter Metrics::* counter;
};

namespace {

bool IsPassing(const HttpResponse& response) {
  constexpr std::array kStatuses = {0, 408, 429, 500, 502, 503, 504};
  if (response.overflowed || response.is_hopeless) return false;
  if (std::find(kStatuses.begin(), kStatuses.end(), response.status) != kStatuses.end()) return true;
  if (response.status != 400) return false;
  const std::string code = ParseError(response.body).code;
  return code == "RequestTimeout" || code == "SlowDown";
}

// CompleteMultipartUpload and copies may fail after the status was sent.
bool IsHiddenError(const HttpResponse& response) {
  return response.status == 200 && response.body.find("<Error>") != std::string::npos &&
         !ParseError(response.body).code.empty();
}

std::span<const uint8_t> BytesOf(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// The checksum that S3 wants of DeleteObjects: CRC-32 of zlib, big-endian, in base 64.
std::string ChecksumHeader(std::string_view body) {
  uint32_t crc = 0xFFFFFFFF;
  for (const char c : body) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0xEDB88320u : 0);
  }
  crc = ~crc;
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const uint64_t bits = uint64_t{crc} << 4;  // 36 bits: six digits
  std::string text = "x-amz-checksum-crc32: ";
  for (int shift = 30; shift >= 0; shift -= 6) text += kDigits[(bits >> shift) & 63];
  return text + "==";
}

ObjectHead HeadOf(const HttpResponse& response) {
  ObjectHead head;
  head.size_bytes = std::atoll(std::string(response.Header("content-length")).c_str());
  head.modified_ms = Curl().getdate(std::string(response.Header("last-modified")).c_str(), nullptr) * int64_t{1000};
  head.etag = response.Header("etag");
  head.put_id = response.Header(kPutIdHeader);
  return head;
}

}  // namespace

std::string RandomId() {
  // From the system each time: a generator of our own would give a forked process the ids of its parent.
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

Client::Client(Config config, const StorageContext& context)
    : config_(std::move(config)), context_(context), credentials_(CredentialsProvider::FromEnvironment()) {}

HttpRequest Client::MakeRequest(const Call& call, const Credentials& credentials) const {
  HttpRequest request;
  request.method = call.method;
  request.url = config_.UrlOf(call.object.bucket, call.object.path);
  if (!call.query.empty()) request.url += "?" + CanonicalQuery(call.query);
  request.headers = call.headers;
  request.body = call.body;
  request.out = call.out;
  request.signer = &credentials;
  request.region = config_.region;
  request.ca_bundle = config_.ca_bundle;
  return request;
}

HttpResponse Client::SendOnce(const Call& call) const {
  const Credentials credentials = credentials_->Get();
  const HttpRequest request = MakeRequest(call, credentials);
  HttpResponse response = Perform(request, context_.cancel.get());
  if (Metrics* metrics = context_.metrics) {
    (metrics->*call.counter).Add(1);
    metrics->bytes_read.Add(static_cast<int64_t>(response.out_bytes));
    if (response.ok() && request.method == "PUT") metrics->bytes_written.Add(static_cast<int64_t>(call.body.size()));
  }
  return response;
}

HttpResponse Client::Send(const Call& call) const {
  for (int attempt = 1;; ++attempt) {
    HttpResponse response = SendOnce(call);
    if (!IsPassing(response) && !IsHiddenError(response)) return response;
    if (!WaitBeforeRetry(attempt)) return response;
  }
}

bool Client::WaitBeforeRetry(int attempt) const {
  if (attempt >= config_.max_attempts) return false;
  constexpr int64_t kFirstMs = 100;
  constexpr int64_t kLongestMs = 5000;
  constexpr int64_t kStepMs = 50;
  const int64_t longest = std::min(kLongestMs, kFirstMs << std::min(attempt - 1, 10));
  std::random_device random;
  int64_t wait_ms = std::uniform_int_distribution<int64_t>(longest / 2, longest)(random);
  while (wait_ms > 0) {
    if (context_.cancel) context_.cancel->ThrowIfCancelled();
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(wait_ms, kStepMs)));
    wait_ms -= kStepMs;
  }
  return true;
}

std::optional<ObjectHead> Client::Head(const Uri& object) const {
  const HttpResponse response = Send({.method = "HEAD", .object = object, .counter = &Metrics::s3_head});
  if (response.status == 404) return std::nullopt;
  if (!response.ok()) ThrowFailure(response, "look at", object);
  return HeadOf(response);
}

size_t Client::GetRange(const Uri& object, int64_t offset, std::span<uint8_t> out) const {
  if (out.empty()) return 0;
  const std::string range = fmt::format("Range: bytes={}-{}", offset, offset + static_cast<int64_t>(out.size()) - 1);
  const HttpResponse response =
      Send({.method = "GET", .object = object, .headers = {range}, .out = out, .counter = &Metrics::s3_get});
  if (response.status == 416) return 0;
  // A store that takes no notice of ranges must not pass the head of the object for its middle.
  if (response.status == 200 && (offset != 0 || response.overflowed)) {
    throw Error(error_class::kObjectStore, "{} ignores ranges (it answered 200 for a part of {}); use another store",
                config_.StoreName(), object.ToString());
  }
  if (!response.ok()) ThrowFailure(response, "read", object);
  return response.out_bytes;
}

std::string Client::Get(const Uri& object) const {
  HttpResponse response = Send({.method = "GET", .object = object, .counter = &Metrics::s3_get});
  if (!response.ok()) ThrowFailure(response, "read", object);
  if (context_.metrics) context_.metrics->bytes_read.Add(static_cast<int64_t>(response.body.size()));
  return std::move(response.body);
}

ListPage Client::List(const Uri& bucket, const std::string& prefix, const std::string& start_after, bool recursive,
                      const std::string& token) const {
  Query query = {{"list-type", "2"}, {"encoding-type", "url"}};
  if (!prefix.empty()) query.emplace_back("prefix", prefix);
  if (!recursive) query.emplace_back("delimiter", "/");
  if (!start_after.empty() && token.empty()) query.emplace_back("start-after", start_after);
  if (!token.empty()) query.emplace_back("continuation-token", token);
  const Uri target{"s3", bucket.bucket, ""};
  const HttpResponse response =
      Send({.method = "GET", .object = target, .query = std::move(query), .counter = &Metrics::s3_list});
  if (!response.ok()) ThrowFailure(response, "list", bucket);
  std::optional<ListPage> page = ParseListPage(response.body);
  if (!page) throw Error(error_class::kObjectStore, "{} gave no listing of {}", config_.StoreName(), bucket.ToString());
  return std::move(*page);
}

void Client::Put(const Uri& object, std::span<const uint8_t> data) const {
  const HttpResponse response = Send({.method = "PUT", .object = object, .body = data, .counter = &Metrics::s3_put});
  if (!response.ok()) ThrowFailure(response, "write", object);
}

ConditionalAnswer Client::TryPutIfAbsent(const Uri& object, std::span<const uint8_t> data,
                                         const std::string& put_id) const {
  const HttpResponse response = SendOnce({.method = "PUT",
                                          .object = object,
                                          .headers = {"If-None-Match: *", fmt::format("{}: {}", kPutIdHeader, put_id)},
                                          .body = data,
                                          .counter = &Metrics::s3_put});
  if (response.ok()) return ConditionalAnswer::kCreated;
  if (response.status == 412) return ConditionalAnswer::kExists;
  if (response.status == 409) return ConditionalAnswer::kConflict;
  if (response.status == 501) {
    throw Error(error_class::kUnsafeObjectStore, "{} has no conditional writes (If-None-Match); a table needs them",
                config_.StoreName());
  }
  if (IsPassing(response)) return ConditionalAnswer::kUnknown;
  ThrowFailure(response, "write", object);
}

void Client::Delete(const Uri& object) const {
  const HttpResponse response = Send({.method = "DELETE", .object = object, .counter = &Metrics::s3_delete});
  if (!response.ok() && response.status != 404) ThrowFailure(response, "delete", object);
}

void Client::DeleteMany(const Uri& bucket, const std::vector<std::string_view>& keys) const {
  const std::string body = DeleteObjectsXml(keys);
  const Uri target{"s3", bucket.bucket, ""};
  const HttpResponse response = Send({.method = "POST",
                                      .object = target,
                                      .query = {{"delete", ""}},
                                      .headers = {"Content-Type: application/xml", ChecksumHeader(body)},
                                      .body = BytesOf(body),
                                      .counter = &Metrics::s3_delete});
  if (!response.ok()) ThrowFailure(response, "delete objects of", target);
  for (const S3Error& error : ParseDeleteErrors(response.body)) {
    if (error.code == "NoSuchKey") continue;
    throw Error(error_class::kObjectStore, "cannot delete s3://{}/{}: {} ({})", bucket.bucket, error.key, error.code,
                error.message);
  }
}

std::string Client::CreateMultipart(const Uri& object, const std::string& put_id) const {
  const HttpResponse response =
      Send({.method = "POST",
            .object = object,
            .query = {{"uploads", ""}},
            .headers = {"Content-Type: application/octet-stream", fmt::format("{}: {}", kPutIdHeader, put_id)},
            .counter = &Metrics::s3_put});
  if (!response.ok()) ThrowFailure(response, "begin to write", object);
  std::optional<std::string> upload = ParseUploadId(response.body);
  if (!upload)
    throw Error(error_class::kObjectStore, "{} gave no upload id for {}", config_.StoreName(), object.ToString());
  return std::move(*upload);
}

std::string Client::UploadPart(const Uri& object, const std::string& upload, int part,
                               std::span<const uint8_t> data) const {
  const HttpResponse response = Send({.method = "PUT",
                                      .object = object,
                                      .query = {{"partNumber", std::to_string(part)}, {"uploadId", upload}},
                                      .body = data,
                                      .counter = &Metrics::s3_put});
  if (!response.ok()) ThrowFailure(response, "write a part of", object);
  return std::string(response.Header("etag"));
}

void Client::CompleteMultipart(const Uri& object, const std::string& upload, const std::vector<std::string>& etags,
                               const std::string& put_id) const {
  const std::string body = CompleteMultipartXml(etags);
  const HttpResponse response = Send({.method = "POST",
                                      .object = object,
                                      .query = {{"uploadId", upload}},
                                      .headers = {"Content-Type: application/xml"},
                                      .body = BytesOf(body),
                                      .counter = &Metrics::s3_put});
  if (response.ok() && !IsHiddenError(response)) return;
  // An upload that is gone may be one that was completed, and whose answer was lost.
  if (ParseError(response.body).code == "NoSuchUpload") {
    const std::optional<ObjectHead> head = Head(object);
    if (head && head->put_id == put_id) return;
  }
  ThrowFailure(response, "finish writing", object);
}

void Client::AbortMultipart(const Uri& object, const std::string& upload) const noexcept {
  try {
    Client uncancelled = *this;
    uncancelled.context_.cancel = nullptr;
    uncancelled.config_.max_attempts = 2;
    uncancelled.Send(
        {.method = "DELETE", .object = object, .query = {{"uploadId", upload}}, .counter = &Metrics::s3_delete});
  } catch (const std::exception&) {
    // The store removes abandoned uploads by its own rules.
  }
}

}  // namespace quell::storage::s3
