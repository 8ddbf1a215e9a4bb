// The services that hand a role's temporary credentials to a container or an instance.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "storage/s3/credentials.h"
#include "storage/s3/http.h"

namespace quell::storage::s3 {

namespace {

// They answer at once where they exist, and not at all where they do not.
constexpr int64_t kTimeoutMs = 1000;
constexpr int kAttempts = 2;

std::string Environment(const char* name, const char* fallback = "") {
  const char* value = std::getenv(name);
  return value && *value ? value : fallback;
}

std::optional<std::string> Ask(const char* method, const std::string& url, std::vector<std::string> headers) {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.headers = std::move(headers);
  request.timeout_ms = kTimeoutMs;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    HttpResponse response = Perform(request, nullptr);
    if (response.ok()) return std::move(response.body);
    if (response.status >= 400 && response.status < 500) break;
  }
  return std::nullopt;
}

std::string AuthorizationToken() {
  const std::string file_name = Environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (file_name.empty()) return Environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  std::ifstream file(file_name, std::ios::binary);
  std::string token;
  std::getline(file, token);
  return token;
}

}  // namespace

std::optional<Credentials> ContainerCredentials() {
  const std::string relative = Environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string url =
      relative.empty() ? Environment("AWS_CONTAINER_CREDENTIALS_FULL_URI") : "http://169.254.170.2" + relative;
  if (url.empty()) return std::nullopt;
  std::vector<std::string> headers;
  if (const std::string token = AuthorizationToken(); !token.empty()) headers.push_back("Authorization: " + token);
  const std::optional<std::string> answer = Ask("GET", url, std::move(headers));
  return answer ? ParseCredentialsJson(*answer) : std::nullopt;
}

std::optional<Credentials> InstanceCredentials() {
  if (Environment("AWS_EC2_METADATA_DISABLED") == "true") return std::nullopt;
  const std::string service = Environment("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254");
  const auto token = Ask("PUT", service + "/latest/api/token", {"x-aws-ec2-metadata-token-ttl-seconds: 21600"});
  if (!token) return std::nullopt;
  const std::string header = "x-aws-ec2-metadata-token: " + *token;
  const std::string roles = service + "/latest/meta-data/iam/security-credentials/";
  std::optional<std::string> role = Ask("GET", roles, {header});
  if (!role || role->empty()) return std::nullopt;
  const auto answer = Ask("GET", roles + role->substr(0, role->find('\n')), {header});
  return answer ? ParseCredentialsJson(*answer) : std::nullopt;
}

}  // namespace quell::storage::s3
