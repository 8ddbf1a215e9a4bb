// What a bad answer of S3 means, and what to do about it.
#include "base/error_classes.h"
#include "storage/s3/client.h"

namespace quell::storage::s3 {

namespace {

std::string WayOut(const HttpResponse& response, const S3Error& error, const Config& config) {
  const std::string region(response.Header("x-amz-bucket-region"));
  if (!region.empty() && region != config.region)
    return fmt::format("the bucket is in {}: set AWS_REGION={}", region, region);
  if (response.is_untrusted) return "give the certificates to trust with AWS_CA_BUNDLE";
  if (response.status == 0) {
    return config.endpoint.empty() ? "check the network" : "check that the store runs, and AWS_ENDPOINT_URL";
  }
  if (error.code == "NoSuchBucket") return "make the bucket, or correct its name";
  if (error.code == "SignatureDoesNotMatch") return "check AWS_SECRET_ACCESS_KEY and the machine's clock";
  if (error.code == "InvalidAccessKeyId") return "check AWS_ACCESS_KEY_ID";
  if (error.code == "AuthorizationHeaderMalformed") return "set AWS_REGION to the region of the bucket";
  if (error.code == "ExpiredToken" || error.code == "InvalidToken") return "renew AWS_SESSION_TOKEN";
  if (error.code == "RequestTimeTooSkewed") return "correct the machine's clock";
  if (response.status == 401 || response.status == 403)
    return "check the credentials and what they may do to this bucket";
  if (response.status == 429 || response.status >= 500) return "the store is in trouble; try again later";
  return "";
}

}  // namespace

void Client::ThrowFailure(const HttpResponse& response, const char* action, const Uri& object) const {
  const S3Error error = ParseError(response.body);
  // The answer of HEAD has no body that could tell a missing bucket from a missing key.
  if (response.status == 404 && error.code != "NoSuchBucket" && error.code != "NoSuchUpload" && !object.path.empty()) {
    throw Error(error_class::kFailedReadFileNotExist,
                "cannot {} '{}': no such object in {}; check the path, or refresh the table", action, object.ToString(),
                config_.StoreName());
  }
  std::string reason = response.status == 0 ? response.failure : fmt::format("status {}", response.status);
  if (!error.code.empty()) reason += " " + error.code;
  if (!error.message.empty()) reason += " (" + error.message + ")";
  const std::string way_out = WayOut(response, error, config_);
  throw Error(error_class::kObjectStore, "cannot {} '{}' at {}: {}{}{}", action, object.ToString(), config_.StoreName(),
              reason, way_out.empty() ? "" : "; ", way_out);
}

}  // namespace quell::storage::s3
