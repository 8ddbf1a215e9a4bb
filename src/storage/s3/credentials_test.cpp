#include "storage/s3/credentials.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/error_classes.h"
#include "storage/s3/config.h"

namespace quell::storage::s3 {
namespace {

// Sets variables for one test, and puts the old values back.
class Environment {
 public:
  ~Environment() {
    for (const auto& [name, value] : old_) value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
  }
  void Set(const char* name, const std::string& value) {
    const char* now = std::getenv(name);
    old_.emplace(name, now ? std::optional<std::string>(now) : std::nullopt);
    value.empty() ? unsetenv(name) : setenv(name, value.c_str(), 1);
  }

 private:
  std::map<std::string, std::optional<std::string>> old_;
};

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() {
    for (const char* name :
         {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION",
          "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_MAX_ATTEMPTS", "AWS_CA_BUNDLE",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"}) {
      environment_.Set(name, "");
    }
    environment_.Set("AWS_EC2_METADATA_DISABLED", "true");
    std::string folder = testing::TempDir() + "quell-XXXXXX";
    folder_ = mkdtemp(folder.data());
    environment_.Set("AWS_SHARED_CREDENTIALS_FILE", folder_ + "/credentials");
    environment_.Set("AWS_CONFIG_FILE", folder_ + "/config");
  }
  ~CredentialsTest() override { std::filesystem::remove_all(folder_); }

  void Write(const char* name, const char* text) { std::ofstream(folder_ + "/" + name) << text; }

  Environment environment_;
  std::string folder_;
};

TEST_F(CredentialsTest, EnvironmentComesFirst) {
  Write("credentials", "[default]\naws_access_key_id = file\naws_secret_access_key = file\n");
  environment_.Set("AWS_ACCESS_KEY_ID", "id");
  environment_.Set("AWS_SECRET_ACCESS_KEY", "secret");
  environment_.Set("AWS_SESSION_TOKEN", "token");
  EXPECT_EQ(CredentialsProvider::FromEnvironment()->Get(), (Credentials{"id", "secret", "token", std::nullopt}));
}

TEST_F(CredentialsTest, ProfilesOfBothFiles) {
  Write("credentials",
        "# mine\n[default]\naws_access_key_id=a\naws_secret_access_key = b==\n\n[ work ]\r\n"
        "aws_access_key_id = w\r\naws_secret_access_key = x\r\naws_session_token = t\r\n");
  Write("config",
        "[default]\nregion = eu-north-1\n[profile work]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9/\n"
        "s3 =\n  endpoint_url = http://nested\n[sso-session work]\nregion = no\n");
  EXPECT_EQ(CredentialsProvider().Get(), (Credentials{"a", "b==", "", std::nullopt}));
  EXPECT_EQ(Config::FromEnvironment().region, "eu-north-1");

  environment_.Set("AWS_PROFILE", "work");
  EXPECT_EQ(CredentialsProvider().Get(), (Credentials{"w", "x", "t", std::nullopt}));
  EXPECT_EQ(Config::FromEnvironment(), (Config{"eu-west-1", "http://127.0.0.1:9", 7}));

  environment_.Set("AWS_PROFILE", "nobody");
  EXPECT_THROW(CredentialsProvider().Get(), Error);
}

TEST_F(CredentialsTest, VariablesOverProfile) {
  Write("config", "[default]\nregion = eu-north-1\nendpoint_url = http://file\n");
  environment_.Set("AWS_DEFAULT_REGION", "us-west-2");
  environment_.Set("AWS_ENDPOINT_URL", "http://all");
  environment_.Set("AWS_MAX_ATTEMPTS", "3");
  EXPECT_EQ(Config::FromEnvironment(), (Config{"us-west-2", "http://all", 3}));
  environment_.Set("AWS_REGION", "us-west-1");
  environment_.Set("AWS_ENDPOINT_URL_S3", "https://s3-only/");
  EXPECT_EQ(Config::FromEnvironment(), (Config{"us-west-1", "https://s3-only", 3}));
  environment_.Set("AWS_ENDPOINT_URL_S3", "localhost:4566");
  EXPECT_THROW(Config::FromEnvironment(), Error);
}

TEST_F(CredentialsTest, NoneNamesTheWays) {
  try {
    CredentialsProvider().Get();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.error_class(), error_class::kObjectStore);
    EXPECT_NE(error.message().find("AWS_ACCESS_KEY_ID"), std::string::npos);
  }
}

TEST(CredentialsJsonTest, ParsesTheMetadataServices) {
  const auto found = ParseCredentialsJson(
      R"({"Code": "Success", "AccessKeyId": "id", "SecretAccessKey": "s", "Token": "t",
          "Expiration": "2026-11-23T08:00:00Z"})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->session_token, "t");
  EXPECT_EQ(Clock::to_time_t(*found->expiry), 1795420800);
  EXPECT_FALSE(ParseCredentialsJson("<html>"));
  EXPECT_FALSE(ParseCredentialsJson(R"({"Code": "Failed"})"));
  EXPECT_FALSE(ParseIsoTime("soon"));
  EXPECT_FALSE(ParseIsoTime("9999-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace quell::storage::s3
