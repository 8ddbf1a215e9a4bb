// Answers of an object store.
#include "fuzz/fuzzer.h"
#include "storage/s3/xml.h"

namespace quell::fuzz {

std::vector<std::string> Seeds() {
  return {
      "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>true"
      "</IsTruncated><NextContinuationToken>a&amp;b</NextContinuationToken><EncodingType>url</EncodingType><Contents>"
      "<Key>a%20b/c</Key><LastModified>2024-02-29T01:02:03.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>12</Size>"
      "</Contents><Contents><Key>d</Key><Size>99999999999999999999</Size></Contents></ListBucketResult>",
      "<Error><Code>NoSuchKey</Code><Message>it is not there</Message><Key>k</Key></Error>",
      "<InitiateMultipartUploadResult><UploadId>u-1</UploadId></InitiateMultipartUploadResult>",
      "<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>AccessDenied</Code></Error></"
      "DeleteResult>",
  };
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell;
  const std::string xml(fuzz::Input(data, size).text());
  fuzz::Accepts([&] { storage::s3::ParseListPage(xml); });
  fuzz::Accepts([&] { storage::s3::ParseError(xml); });
  fuzz::Accepts([&] { storage::s3::ParseUploadId(xml); });
  fuzz::Accepts([&] { storage::s3::ParseDeleteErrors(xml); });
  return 0;
}
