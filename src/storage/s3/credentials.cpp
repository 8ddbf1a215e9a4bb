#include "storage/s3/credentials.h"

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>

#include <simdjson.h>

#include "base/error_classes.h"

namespace quell::storage::s3 {

namespace {

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string ReadFile(const char* variable, const char* default_name) {
  std::string path = Environment(variable);
  if (path.empty()) path = Environment("HOME") + "/.aws/" + default_name;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<Credentials> KeysOfEnvironment() {
  Credentials found{Environment("AWS_ACCESS_KEY_ID"), Environment("AWS_SECRET_ACCESS_KEY"),
                    Environment("AWS_SESSION_TOKEN"), std::nullopt};
  if (found.access_key.empty() || found.secret_key.empty()) return std::nullopt;
  return found;
}

std::optional<Credentials> FromProfile(const Profile& profile) {
  const auto setting = [&](std::string_view name) {
    const auto it = profile.find(name);
    return it == profile.end() ? std::string() : it->second;
  };
  Credentials found{setting("aws_access_key_id"), setting("aws_secret_access_key"), setting("aws_session_token"),
                    std::nullopt};
  if (found.access_key.empty() || found.secret_key.empty()) return std::nullopt;
  return found;
}

std::optional<Credentials> Find() {
  if (auto found = FromProfile(LoadProfile())) return found;
  if (auto found = ContainerCredentials()) return found;
  return InstanceCredentials();
}

}  // namespace

Profile ParseProfile(std::string_view text, std::string_view name, bool is_config) {
  Profile profile;
  bool inside = false;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const std::string_view content = Trim(line);
    if (content.empty() || content[0] == '#' || content[0] == ';') continue;
    if (content.front() == '[') {
      std::string_view section = Trim(content.substr(1, content.find(']') - 1));
      constexpr std::string_view kPrefix = "profile ";
      if (is_config && section.starts_with(kPrefix)) {
        section = Trim(section.substr(kPrefix.size()));
      } else if (is_config && section != "default") {
        section = {};  // [sso-session x], [services x]
      }
      inside = section == name;
      continue;
    }
    const size_t equals = content.find('=');
    const bool nested = line.front() == ' ' || line.front() == '\t';
    if (!inside || nested || equals == std::string_view::npos) continue;
    profile.emplace(Trim(content.substr(0, equals)), Trim(content.substr(equals + 1)));
  }
  return profile;
}

std::optional<Clock::time_point> ParseIsoTime(std::string_view text) {
  std::tm parts{};
  if (!strptime(std::string(text).c_str(), "%Y-%m-%dT%H:%M:%S", &parts)) return std::nullopt;
  const std::chrono::seconds time(timegm(&parts));
  // The clock counts finer units than seconds, and ends sooner.
  constexpr auto kEnd = std::chrono::floor<std::chrono::seconds>(Clock::time_point::max().time_since_epoch());
  if (time >= kEnd || time <= -kEnd) return std::nullopt;
  return Clock::time_point(time);
}

std::optional<Credentials> ParseCredentialsJson(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::object fields;
  if (parser.parse(json).get(fields) != simdjson::SUCCESS) return std::nullopt;
  const auto text = [&](const char* name) {
    std::string_view value;
    return fields[name].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
  };
  Credentials found{text("AccessKeyId"), text("SecretAccessKey"), text("Token"), ParseIsoTime(text("Expiration"))};
  if (found.access_key.empty() || found.secret_key.empty()) return std::nullopt;
  return found;
}

Profile LoadProfile() {
  const std::string chosen = Environment("AWS_PROFILE");
  const std::string name = chosen.empty() ? "default" : chosen;
  Profile profile = ParseProfile(ReadFile("AWS_SHARED_CREDENTIALS_FILE", "credentials"), name, false);
  profile.merge(ParseProfile(ReadFile("AWS_CONFIG_FILE", "config"), name, true));
  if (profile.empty() && !chosen.empty()) {
    throw Error(error_class::kInvalidConfValue,
                "no profile '{}' in ~/.aws/credentials or ~/.aws/config; correct AWS_PROFILE, or unset it", chosen);
  }
  return profile;
}

std::shared_ptr<CredentialsProvider> CredentialsProvider::FromEnvironment() {
  // Read once and here: other threads may change the environment while requests run.
  if (auto keys = KeysOfEnvironment()) return std::make_shared<CredentialsProvider>(std::move(*keys));
  static auto* shared = new std::shared_ptr<CredentialsProvider>(std::make_shared<CredentialsProvider>());
  return *shared;
}

Credentials CredentialsProvider::Get() {
  // Services refuse credentials of the last minutes now and then, since clocks differ.
  constexpr auto kRefreshAhead = std::chrono::minutes(5);
  const std::lock_guard lock(mutex_);
  if (current_ && (!current_->expiry || Clock::now() + kRefreshAhead < *current_->expiry)) return *current_;
  if (auto found = Find()) {
    current_ = std::move(found);
  } else if (!current_ || Clock::now() >= *current_->expiry) {
    throw Error(error_class::kObjectStore,
                "no AWS credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run "
                "where a container or an instance has a role");
  }
  return *current_;
}

}  // namespace quell::storage::s3
