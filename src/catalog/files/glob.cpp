#include "catalog/files/glob.h"

namespace quell::catalog {
namespace {

// Matches one character against the class that begins at pattern[0] == '['; `length` gets the length of the class.
bool MatchesClass(char c, std::string_view pattern, size_t* length) {
  size_t i = 1;
  const bool negated = i < pattern.size() && (pattern[i] == '^' || pattern[i] == '!');
  if (negated) ++i;
  bool found = false;
  for (const size_t first = i; i < pattern.size() && (pattern[i] != ']' || i == first); ++i) {
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      found |= pattern[i] <= c && c <= pattern[i + 2];
      i += 2;
    } else {
      found |= pattern[i] == c;
    }
  }
  *length = i < pattern.size() ? i + 1 : pattern.size();
  return found != negated;
}

// The end of the braces that begin at pattern[0] == '{', or npos.
size_t ClosingBrace(std::string_view pattern) {
  int depth = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{') ++depth;
    if (pattern[i] == '}' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

bool MatchesBraces(std::string_view path, std::string_view pattern, size_t close) {
  const std::string_view rest = pattern.substr(close + 1);
  size_t begin = 1;
  int depth = 0;
  for (size_t i = 1; i <= close; ++i) {
    const char c = pattern[i];
    if (c == '{') ++depth;
    if (i == close || (c == ',' && depth == 0)) {
      const std::string alternative = std::string(pattern.substr(begin, i - begin)) + std::string(rest);
      if (MatchesGlob(path, alternative)) return true;
      begin = i + 1;
    } else if (c == '}') {
      --depth;
    }
  }
  return false;
}

bool MatchesStar(std::string_view path, std::string_view rest) {
  for (size_t i = 0;; ++i) {
    if (MatchesGlob(path.substr(i), rest)) return true;
    if (i == path.size() || path[i] == '/') return false;
  }
}

}  // namespace

bool HasWildcard(std::string_view path) { return path.find_first_of("*?[{") != std::string_view::npos; }

std::string FolderBeforeWildcard(std::string_view path) {
  const size_t wildcard = path.find_first_of("*?[{");
  const size_t slash = path.rfind('/', wildcard);
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash));
}

bool MatchesGlob(std::string_view path, std::string_view pattern) {
  while (!pattern.empty()) {
    const char p = pattern[0];
    if (p == '*') return MatchesStar(path, pattern.substr(1));
    if (p == '{') {
      const size_t close = ClosingBrace(pattern);
      if (close != std::string_view::npos) return MatchesBraces(path, pattern, close);
    }
    if (path.empty()) return false;
    size_t length = 1;
    if (p == '[') {
      if (path[0] == '/' || !MatchesClass(path[0], pattern, &length)) return false;
    } else if (p == '?') {
      if (path[0] == '/') return false;
    } else if (p != path[0]) {
      return false;
    }
    path.remove_prefix(1);
    pattern.remove_prefix(length);
  }
  return path.empty();
}

}  // namespace quell::catalog
