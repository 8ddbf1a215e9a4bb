// URLs of requests to S3, encoded as AWS's signature version 4 wants them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quell::storage::s3 {

// All bytes but A-Z a-z 0-9 - . _ ~ become %XX; slashes stay where `keep_slashes`.
std::string PercentEncode(std::string_view text, bool keep_slashes);

// The inverse, for the answers of listings with encoding-type=url. A stray % stays.
std::string PercentDecode(std::string_view text);

using Query = std::vector<std::pair<std::string, std::string>>;

// "a=1&b=%20", sorted by name. libcurl 7.88 signs the query as it is given, so it must be canonical.
std::string CanonicalQuery(Query query);

// What follows "http://" or "https://", up to the first slash: the Host header.
std::string_view HostOf(std::string_view url);

}  // namespace quell::storage::s3
