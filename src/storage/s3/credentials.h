// Who we are to AWS, and where its services are: found where the AWS command line finds them.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/fork_safe_mutex.h"

namespace quell::storage::s3 {

using Clock = std::chrono::system_clock;

struct Credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;                // empty: long-lived keys
  std::optional<Clock::time_point> expiry;  // nullopt: they do not expire

  bool operator==(const Credentials&) const = default;
};

// The settings of one profile of ~/.aws/credentials and ~/.aws/config.
using Profile = std::map<std::string, std::string, std::less<>>;

// Reads the section `name` out of the text of such a file. In the config file, sections but "default" are called
// "profile NAME": `is_config` says so. Indented (nested) settings are left out.
Profile ParseProfile(std::string_view text, std::string_view name, bool is_config);

// The answer of the container and instance metadata services. nullopt: not such an answer.
std::optional<Credentials> ParseCredentialsJson(const std::string& json);

// Seconds since the epoch of "2026-11-23T08:00:00Z", fractions left out; nullopt: not a time.
std::optional<Clock::time_point> ParseIsoTime(std::string_view text);

// The chosen profile (AWS_PROFILE, or "default") with the settings of both files, those of the credentials file first.
// Files: AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, or those in ~/.aws. Absent files are empty; a profile that
// AWS_PROFILE names and no file has throws INVALID_CONF_VALUE.
Profile LoadProfile();

// Gives valid credentials at any time, asking for new ones before the old ones expire. In order: the environment, the
// profile, the container's service, the instance's metadata service (IMDSv2). Thread-safe.
class CredentialsProvider {
 public:
  CredentialsProvider() = default;
  explicit CredentialsProvider(Credentials fixed) : current_(std::move(fixed)) {}

  // The keys of the environment as they are now, else the one that the process shares.
  static std::shared_ptr<CredentialsProvider> FromEnvironment();

  // Throws OBJECT_STORE_ERROR, with all the ways to give credentials, when there are none.
  Credentials Get();

 private:
  ForkSafeMutex mutex_{ForkSafeMutex::Rank::kCredentials};
  std::optional<Credentials> current_;
};

// Asks the container's credentials service; nullopt: this is no such container.
std::optional<Credentials> ContainerCredentials();

// Asks the metadata service of an EC2 instance; nullopt: this is none, or it has no role.
std::optional<Credentials> InstanceCredentials();

}  // namespace quell::storage::s3
