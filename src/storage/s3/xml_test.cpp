#include "storage/s3/xml.h"

#include <gtest/gtest.h>

namespace quell::storage::s3 {
namespace {

TEST(S3XmlTest, ListingThatGoesOn) {
  const auto page = ParseListPage(R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><EncodingType>url</EncodingType>
<IsTruncated>true</IsTruncated><NextContinuationToken>t/1=</NextContinuationToken>
<Contents><Key>week%3D1/a+b%2Bc</Key><LastModified>2026-11-23T08:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag>
<Size>5000000000</Size></Contents><Contents><Key>z</Key><Size>0</Size></Contents>
<CommonPrefixes><Prefix>dir/</Prefix></CommonPrefixes></ListBucketResult>)");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->next_token, "t/1=");
  ASSERT_EQ(page->objects.size(), 2u);
  EXPECT_EQ(page->objects[0].key, "week=1/a b+c");
  EXPECT_EQ(page->objects[0].size_bytes, 5'000'000'000);
  EXPECT_EQ(page->objects[0].modified_ms, 1795420800000);
  EXPECT_EQ(page->objects[0].etag, "\"e\"");
}

TEST(S3XmlTest, ListingWithoutEncodingKeepsKeys) {
  const auto page = ParseListPage("<ListBucketResult><Contents><Key> a+%41&amp;</Key></Contents></ListBucketResult>");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->objects[0].key, " a+%41&");
  EXPECT_EQ(page->next_token, "");
}

TEST(S3XmlTest, OtherAnswersAreNone) {
  EXPECT_FALSE(ParseListPage("<html><body/></html>"));
  EXPECT_FALSE(ParseListPage("<ListBucketResult><Contents>"));
  EXPECT_FALSE(ParseListPage(""));
  EXPECT_FALSE(ParseUploadId("<Error><Code>NoSuchBucket</Code></Error>"));
}

TEST(S3XmlTest, Errors) {
  const S3Error error = ParseError("<Error><Code>SlowDown</Code><Message>wait</Message></Error>");
  EXPECT_EQ(error.code, "SlowDown");
  EXPECT_EQ(error.message, "wait");
  EXPECT_EQ(ParseError("<html>502</html>").code, "");
  const auto failed = ParseDeleteErrors(
      "<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>AccessDenied</Code></Error></"
      "DeleteResult>");
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].key, "b");
}

TEST(S3XmlTest, Requests) {
  EXPECT_EQ(ParseUploadId("<InitiateMultipartUploadResult><UploadId>u-1</UploadId></InitiateMultipartUploadResult>"),
            "u-1");
  EXPECT_EQ(
      CompleteMultipartXml({"\"e1\"", "\"e2\""}),
      "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part><PartNumber>1</PartNumber>"
      "<ETag>\"e1\"</ETag></Part><Part><PartNumber>2</PartNumber><ETag>\"e2\"</ETag></Part>"
      "</CompleteMultipartUpload>");
  EXPECT_EQ(DeleteObjectsXml({"a<&>"}),
            "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet><Object>"
            "<Key>a&lt;&amp;&gt;</Key></Object></Delete>");
}

}  // namespace
}  // namespace quell::storage::s3
