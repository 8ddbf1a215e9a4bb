#include "storage/s3/http.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <memory>

#include <unistd.h>

#include "base/check.h"
#include "base/fork_safe_mutex.h"
#include "storage/s3/curl_library.h"
#include "storage/s3/url.h"

namespace quell::storage::s3 {

namespace {

// Keeps handles with their connections. Handles that a parent process opened are left alone: its sockets are in use.
class HandlePool {
 public:
  static HandlePool& Get() {
    static auto* pool = new HandlePool;  // Never destroyed: threads may still end requests while the process exits.
    return *pool;
  }

  CURL* Take() {
    {
      const std::lock_guard lock(mutex_);
      ForgetParent();
      if (!idle_.empty()) {
        CURL* handle = idle_.back();
        idle_.pop_back();
        return handle;
      }
    }
    CURL* handle = Curl().easy_init();
    QUELL_CHECK(handle != nullptr);
    return handle;
  }

  void Return(CURL* handle) {
    constexpr size_t kMaxIdle = 64;
    Curl().easy_reset(handle);
    {
      const std::lock_guard lock(mutex_);
      ForgetParent();
      if (idle_.size() < kMaxIdle) {
        idle_.push_back(handle);
        return;
      }
    }
    Curl().easy_cleanup(handle);
  }

 private:
  HandlePool() = default;

  void ForgetParent() {
    if (owner_ == getpid()) return;
    owner_ = getpid();
    idle_.clear();
  }

  ForkSafeMutex mutex_{ForkSafeMutex::Rank::kConnections};
  pid_t owner_ = getpid();
  std::vector<CURL*> idle_;
};

// One request under way, and what its callbacks need.
class Transfer {
 public:
  Transfer(const HttpRequest& request, const CancelToken* cancel)
      : request_(request), cancel_(cancel), handle_(HandlePool::Get().Take()) {}
  ~Transfer() {
    Curl().slist_free_all(headers_);
    HandlePool::Get().Return(handle_);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  HttpResponse Run() {
    SetConnection();
    SetHeaders();
    SetBody();
    SetCallbacks();
    if (request_.signer) Sign();
    Set(CURLOPT_HTTPHEADER, headers_);
    char reason[CURL_ERROR_SIZE] = "";
    Set(CURLOPT_ERRORBUFFER, reason);
    const CURLcode code = Curl().easy_perform(handle_);
    if (cancel_) cancel_->ThrowIfCancelled();
    if (code == CURLE_OK || response_.overflowed) {
      response_.status = Status();
    } else {
      response_.is_untrusted = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
      response_.is_hopeless =
          response_.is_untrusted || code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
      response_.failure = *reason ? reason : Curl().easy_strerror(code);
    }
    return std::move(response_);
  }

 private:
  template <typename Value>
  void Set(CURLoption option, Value value) {
    QUELL_CHECK(Curl().easy_setopt(handle_, option, value) == CURLE_OK);
  }

  void SetConnection() {
    constexpr long kConnectTimeoutMs = 10'000;
    // Each byte is copied out of this buffer: a small one stays in the cache.
    constexpr long kBufferBytes = 128 * 1024;
    Set(CURLOPT_URL, request_.url.c_str());
    Set(CURLOPT_PATH_AS_IS, 1L);
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_TCP_KEEPALIVE, 1L);
    Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    Set(CURLOPT_BUFFERSIZE, kBufferBytes);
    Set(CURLOPT_UPLOAD_BUFFERSIZE, kBufferBytes);
    Set(CURLOPT_CONNECTTIMEOUT_MS,
        request_.timeout_ms > 0 ? static_cast<long>(request_.timeout_ms) : kConnectTimeoutMs);
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout_ms));
    constexpr long kStandstillSeconds = 30;
    Set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    Set(CURLOPT_LOW_SPEED_TIME, kStandstillSeconds);
    if (!request_.ca_bundle.empty()) Set(CURLOPT_CAINFO, request_.ca_bundle.c_str());
    const std::string_view host = HostOf(request_.url);
    // A proxy of the environment is for the world outside.
    if (host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]") ||
        host.starts_with("169.254.")) {
      Set(CURLOPT_PROXY, "");
    }
  }

  void SetHeaders() {
    // libcurl 7.88 signs the host without its port unless the header is given.
    Append("Host: " + std::string(HostOf(request_.url)));
    Append("Expect:");
    Append("Accept:");
    Append("User-Agent: quell");
    for (const std::string& header : request_.headers) Append(header);
  }

  void Append(const std::string& header) {
    headers_ = Curl().slist_append(headers_, header.c_str());
    QUELL_CHECK(headers_ != nullptr);
  }

  void SetBody() {
    if (request_.method == "HEAD") {
      Set(CURLOPT_NOBODY, 1L);
    } else if (request_.method == "PUT") {
      Set(CURLOPT_UPLOAD, 1L);
      Set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      Set(CURLOPT_READFUNCTION, &Transfer::OnRead);
      Set(CURLOPT_READDATA, this);
      Set(CURLOPT_SEEKFUNCTION, &Transfer::OnSeek);
      Set(CURLOPT_SEEKDATA, this);
    } else if (request_.method == "POST") {
      Set(CURLOPT_POST, 1L);
      Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      Set(CURLOPT_POSTFIELDS, request_.body.empty() ? "" : reinterpret_cast<const char*>(request_.body.data()));
    } else if (request_.method != "GET") {
      Set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    }
  }

  void SetCallbacks() {
    Set(CURLOPT_WRITEFUNCTION, &Transfer::OnWrite);
    Set(CURLOPT_WRITEDATA, this);
    Set(CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
    Set(CURLOPT_HEADERDATA, this);
    if (!cancel_) return;
    Set(CURLOPT_NOPROGRESS, 0L);
    Set(CURLOPT_XFERINFOFUNCTION, &Transfer::OnProgress);
    Set(CURLOPT_XFERINFODATA, this);
  }

  void Sign() {
    Append("x-amz-content-sha256: UNSIGNED-PAYLOAD");
    if (!request_.signer->session_token.empty()) Append("x-amz-security-token: " + request_.signer->session_token);
    Set(CURLOPT_AWS_SIGV4, ("aws:amz:" + request_.region + ":s3").c_str());
    Set(CURLOPT_USERNAME, request_.signer->access_key.c_str());
    Set(CURLOPT_PASSWORD, request_.signer->secret_key.c_str());
  }

  int Status() const {
    long status = 0;
    Curl().easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
  }

  size_t TakeBody(const char* data, size_t size) {
    const int status = Status();
    if (request_.out.empty() || status < 200 || status >= 300) {
      response_.body.append(data, size);
      return size;
    }
    if (size > request_.out.size() - response_.out_bytes) {
      response_.overflowed = true;
      return 0;
    }
    std::memcpy(request_.out.data() + response_.out_bytes, data, size);
    response_.out_bytes += size;
    return size;
  }

  void TakeHeader(std::string_view line) {
    if (line.starts_with("HTTP/")) {
      // A new answer begins: that of the connection's second try, or after 100 Continue.
      response_.headers.clear();
      return;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    line.remove_prefix(colon + 1);
    const size_t begin = line.find_first_not_of(" \t");
    const size_t end = line.find_last_not_of(" \t\r\n");
    response_.headers.emplace_back(std::move(name),
                                   begin == std::string_view::npos ? "" : line.substr(begin, end - begin + 1));
  }

  static size_t OnWrite(char* data, size_t size, size_t count, void* self) {
    return static_cast<Transfer*>(self)->TakeBody(data, size * count);
  }
  static size_t OnHeader(char* data, size_t size, size_t count, void* self) {
    static_cast<Transfer*>(self)->TakeHeader({data, size * count});
    return size * count;
  }
  static size_t OnRead(char* data, size_t size, size_t count, void* self) {
    auto* transfer = static_cast<Transfer*>(self);
    const std::span<const uint8_t> body = transfer->request_.body;
    const size_t taken = std::min(size * count, body.size() - transfer->sent_);
    if (taken > 0) std::memcpy(data, body.data() + transfer->sent_, taken);
    transfer->sent_ += taken;
    return taken;
  }
  static int OnSeek(void* self, curl_off_t offset, int origin) {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Transfer*>(self)->sent_ = static_cast<size_t>(offset);
    return CURL_SEEKFUNC_OK;
  }
  static int OnProgress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Transfer*>(self)->cancel_->cancelled() ? 1 : 0;
  }

  const HttpRequest& request_;
  const CancelToken* const cancel_;
  CURL* const handle_;
  curl_slist* headers_ = nullptr;
  HttpResponse response_;
  size_t sent_ = 0;
};

}  // namespace

std::string_view HttpResponse::Header(std::string_view name) const {
  for (const auto& [header, value] : headers) {
    if (header == name) return value;
  }
  return {};
}

HttpResponse Perform(const HttpRequest& request, const CancelToken* cancel) {
  if (cancel) cancel->ThrowIfCancelled();
  return Transfer(request, cancel).Run();
}

}  // namespace quell::storage::s3
