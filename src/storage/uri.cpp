#include "storage/uri.h"

#include <cstddef>
#include <filesystem>

#include "base/error_classes.h"

namespace quell::storage {

namespace {

Uri LocalUri(std::string_view text) {
  if (text.empty())
    throw Error(error_class::kInvalidParameterValue, "empty path; give a file, a folder or s3://bucket/key");
  std::string path = std::filesystem::absolute(std::filesystem::path(text)).lexically_normal().string();
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return Uri{"file", "", std::move(path)};
}

// The length of "scheme" in "scheme:...", or npos. One letter alone is no scheme, nor is what holds a slash.
size_t SchemeLength(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':') return i > 1 ? i : std::string_view::npos;
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_inner = i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-');
    if (!is_letter && !is_inner) return std::string_view::npos;
  }
  return std::string_view::npos;
}

}  // namespace

Uri Uri::Parse(std::string_view text) {
  const size_t scheme_length = SchemeLength(text);
  if (scheme_length == std::string_view::npos) return LocalUri(text);
  const std::string_view scheme = text.substr(0, scheme_length);
  std::string_view rest = text.substr(scheme_length + 1);
  const bool has_authority = rest.starts_with("//");
  if (scheme == "file") {
    if (has_authority) {
      rest.remove_prefix(2);
      if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
    }
    return LocalUri(rest);
  }
  if ((scheme == "s3" || scheme == "s3a" || scheme == "s3n") && has_authority) {
    rest.remove_prefix(2);
    const size_t slash = rest.find('/');
    const std::string_view bucket = rest.substr(0, slash);
    if (bucket.empty()) {
      throw Error(error_class::kInvalidParameterValue, "no bucket in '{}'; write s3://bucket/key", text);
    }
    return Uri{"s3", std::string(bucket),
               slash == std::string_view::npos ? std::string() : std::string(rest.substr(slash + 1))};
  }
  throw Error(error_class::kInvalidParameterValue,
              "unknown scheme in '{}'; use s3://bucket/key, s3a://bucket/key, file:/path or a plain path", text);
}

std::string Uri::ToString() const { return scheme == "file" ? path : "s3://" + bucket + "/" + path; }

Uri Uri::Child(std::string_view relative) const {
  Uri child = *this;
  if (!child.path.empty() && child.path.back() != '/') child.path += '/';
  child.path += relative;
  return child;
}

}  // namespace quell::storage
