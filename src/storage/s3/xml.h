// The XML of S3's answers and requests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/file_system.h"

namespace quell::storage::s3 {

struct ListedObject {
  std::string key;
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;
  std::string etag;
};

struct ListPage {
  std::vector<ListedObject> objects;
  std::string next_token;  // empty: the last page
};

struct S3Error {
  std::string code;  // "NoSuchKey"; empty when the answer is not S3's
  std::string message;
  std::string key;  // of DeleteObjects
};

// nullopt: not such an answer.
std::optional<ListPage> ParseListPage(const std::string& xml);

// The <Error> of an answer, with empty fields when there is none.
S3Error ParseError(const std::string& xml);

// The upload id of CreateMultipartUpload; nullopt: not such an answer.
std::optional<std::string> ParseUploadId(const std::string& xml);

// The objects that DeleteObjects could not delete.
std::vector<S3Error> ParseDeleteErrors(const std::string& xml);

std::string CompleteMultipartXml(const std::vector<std::string>& etags_by_part);
std::string DeleteObjectsXml(const std::vector<std::string_view>& keys);

}  // namespace quell::storage::s3
