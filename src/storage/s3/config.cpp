#include "storage/s3/config.h"

#include <charconv>
#include <cstdlib>
#include <initializer_list>

#include "base/error_classes.h"
#include "storage/s3/url.h"

namespace quell::storage::s3 {

namespace {

std::string FirstOf(std::initializer_list<const char*> variables, const Profile& profile, std::string_view setting,
                    const char* fallback) {
  for (const char* variable : variables) {
    if (const char* value = std::getenv(variable); value && *value) return value;
  }
  const auto it = profile.find(setting);
  return it == profile.end() ? fallback : it->second;
}

}  // namespace

Config Config::FromEnvironment() {
  constexpr int kDefaultAttempts = 7;
  const Profile profile = LoadProfile();
  Config config;
  config.region = FirstOf({"AWS_REGION", "AWS_DEFAULT_REGION"}, profile, "region", "us-east-1");
  config.endpoint = FirstOf({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"}, profile, "endpoint_url", "");
  while (config.endpoint.ends_with('/')) config.endpoint.pop_back();
  if (!config.endpoint.empty() && !config.endpoint.starts_with("http://") && !config.endpoint.starts_with("https://")) {
    throw Error(error_class::kInvalidConfValue, "AWS_ENDPOINT_URL is no http:// or https:// URL: {}", config.endpoint);
  }
  const std::string attempts = FirstOf({"AWS_MAX_ATTEMPTS"}, profile, "max_attempts", "");
  const auto parsed = std::from_chars(attempts.data(), attempts.data() + attempts.size(), config.max_attempts);
  if (parsed.ec != std::errc() || config.max_attempts < 1) config.max_attempts = kDefaultAttempts;
  config.ca_bundle = FirstOf({"AWS_CA_BUNDLE"}, profile, "ca_bundle", "");
  return config;
}

std::string Config::UrlOf(std::string_view bucket, std::string_view key) const {
  const std::string path = PercentEncode(key, /*keep_slashes=*/true);
  const std::string name = PercentEncode(bucket, /*keep_slashes=*/false);
  if (!endpoint.empty()) return endpoint + "/" + name + "/" + path;
  const std::string host = "s3." + region + ".amazonaws.com" + (region.starts_with("cn-") ? ".cn" : "");
  if (bucket.find('.') != std::string_view::npos) return "https://" + host + "/" + name + "/" + path;
  return "https://" + name + "." + host + "/" + path;
}

}  // namespace quell::storage::s3
