// HTTP over libcurl: connections that are kept, AWS signatures, cancellation.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cancellation.h"
#include "storage/s3/credentials.h"

namespace quell::storage::s3 {

struct HttpRequest {
  std::string method;                   // GET, HEAD, PUT, POST or DELETE
  std::string url;                      // encoded, its query canonical
  std::vector<std::string> headers;     // "name: value"
  std::span<const uint8_t> body;        // of PUT and POST; borrowed
  std::span<uint8_t> out;               // takes the body of a good answer; empty: HttpResponse::body takes it
  const Credentials* signer = nullptr;  // null: not signed
  std::string region;                   // of the signature
  std::string ca_bundle;                // a PEM file of the certificates to trust; empty: those of the system
  int64_t timeout_ms = 0;               // for all of it; 0: only a transfer that stands still is given up
};

struct HttpResponse {
  int status = 0;                                            // 0: no whole answer came
  std::string failure;                                       // why not
  bool is_hopeless = false;                                  // another try would fail, too
  bool is_untrusted = false;                                 // for nobody known vouches for the server's certificate
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;         // of a bad answer always, of a good one unless the request had `out`
  size_t out_bytes = 0;     // how much of `out` was filled
  bool overflowed = false;  // the answer was longer than `out`

  bool ok() const { return status >= 200 && status < 300; }
  // Empty when there is none.
  std::string_view Header(std::string_view name) const;
};

// Sends one request and waits for the answer. Thread-safe: each call has a connection of its own, out of a pool of the
// process that a fork does not share. Throws OPERATION_CANCELED when `cancel` (which may be null) says so.
HttpResponse Perform(const HttpRequest& request, const CancelToken* cancel);

}  // namespace quell::storage::s3
