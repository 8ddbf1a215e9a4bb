// Wildcards in paths, as Hadoop has them: * ? [abc] [a-z] [^a] {one,two}. A star does not cross a slash.
#pragma once

#include <string>
#include <string_view>

namespace quell::catalog {

bool HasWildcard(std::string_view path);
// The folder before the first part with a wildcard: "/a/b" of "/a/b/*.parquet".
std::string FolderBeforeWildcard(std::string_view path);
bool MatchesGlob(std::string_view path, std::string_view pattern);

}  // namespace quell::catalog
