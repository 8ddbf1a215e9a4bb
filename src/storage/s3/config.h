// Where S3 is, and how a bucket is addressed there.
#pragma once

#include <string>
#include <string_view>

#include "storage/s3/credentials.h"

namespace quell::storage::s3 {

struct Config {
  std::string region;
  std::string endpoint;        // "http://127.0.0.1:4566", without a slash at its end; empty: AWS
  int max_attempts = 0;        // of one request, the first included
  std::string ca_bundle = {};  // a PEM file of the certificates to trust; empty: those of the system

  // From AWS_REGION or AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, AWS_MAX_ATTEMPTS,
  // AWS_CA_BUNDLE; then from the profile (region, endpoint_url, max_attempts, ca_bundle).
  static Config FromEnvironment();

  // The URL of an object, of a bucket when `key` is empty. Buckets of AWS are host names where TLS allows it; behind an
  // endpoint of one's own, and with a dot in the name, they are the first part of the path.
  std::string UrlOf(std::string_view bucket, std::string_view key) const;

  // The store's name in messages, and in what is remembered about it.
  std::string StoreName() const { return endpoint.empty() ? "AWS S3 in " + region : endpoint; }

  bool operator==(const Config&) const = default;
};

}  // namespace quell::storage::s3
