#include "storage/s3/url.h"

#include <gtest/gtest.h>

#include "storage/s3/config.h"

namespace quell::storage::s3 {
namespace {

TEST(S3UrlTest, EncodesWhatSignaturesWant) {
  EXPECT_EQ(PercentEncode("a b/c=1:2+%~_-.", true), "a%20b/c%3D1%3A2%2B%25~_-.");
  EXPECT_EQ(PercentEncode("a/b", false), "a%2Fb");
  EXPECT_EQ(PercentEncode("\xC3\xBC", true), "%C3%BC");
}

TEST(S3UrlTest, DecodesListings) {
  EXPECT_EQ(PercentDecode("week%3D2024-01-01+x%2B%25/%zz%"), "week=2024-01-01 x+%/%zz%");
  const std::string odd = "\x01\xFF +/&?#%41";
  EXPECT_EQ(PercentDecode(PercentEncode(odd, false)), odd);
}

TEST(S3UrlTest, SortsTheQuery) {
  EXPECT_EQ(CanonicalQuery({{"start-after", "a/b c"}, {"list-type", "2"}, {"delete", ""}}),
            "delete=&list-type=2&start-after=a%2Fb%20c");
}

TEST(S3UrlTest, FindsTheHost) {
  EXPECT_EQ(HostOf("http://127.0.0.1:4566/b/k?x=1"), "127.0.0.1:4566");
  EXPECT_EQ(HostOf("https://b.s3.eu-west-1.amazonaws.com/"), "b.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(HostOf("http://h?x=/"), "h");
}

TEST(S3ConfigTest, AddressesBuckets) {
  const Config aws{"eu-west-1", "", 1};
  EXPECT_EQ(aws.UrlOf("raw", "a b/c"), "https://raw.s3.eu-west-1.amazonaws.com/a%20b/c");
  EXPECT_EQ(aws.UrlOf("raw.data", "k"), "https://s3.eu-west-1.amazonaws.com/raw.data/k");
  EXPECT_EQ((Config{"cn-north-1", "", 1}).UrlOf("raw", ""), "https://raw.s3.cn-north-1.amazonaws.com.cn/");
  const Config own{"us-east-1", "http://127.0.0.1:4566", 1};
  EXPECT_EQ(own.UrlOf("raw", "k"), "http://127.0.0.1:4566/raw/k");
}

}  // namespace
}  // namespace quell::storage::s3
