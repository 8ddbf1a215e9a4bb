#include "delta/spec/path.h"

#include <algorithm>
#include <cctype>

namespace quell::delta {

namespace {

constexpr char kUpperHex[] = "0123456789ABCDEF";

void AppendPercent(std::string& out, unsigned char c) {
  out += '%';
  out += kUpperHex[c >> 4];
  out += kUpperHex[c & 15];
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The length of "scheme" in "scheme:/...", 0 when the path has none.
size_t SchemeLength(std::string_view path) {
  const size_t colon = path.find(':');
  if (colon == std::string_view::npos || colon < 2 || path.substr(colon + 1, 1) != "/") return 0;
  const bool is_scheme = std::all_of(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '-' || c == '.';
  });
  return is_scheme ? colon : 0;
}

}  // namespace

std::string EncodePath(std::string_view path) {
  static constexpr std::string_view kAllowed = "/-_.~!'()*,;:$&+=@";
  std::string encoded;
  encoded.reserve(path.size());
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = byte < 0x80 && (std::isalnum(byte) || kAllowed.find(c) != std::string_view::npos);
    if (is_plain) {
      encoded += c;
    } else {
      AppendPercent(encoded, byte);
    }
  }
  return encoded;
}

std::string DecodePath(std::string_view encoded) {
  std::string path;
  path.reserve(encoded.size());
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] == '%' && i + 2 < encoded.size()) {
      const int high = HexDigit(encoded[i + 1]);
      const int low = HexDigit(encoded[i + 2]);
      if (high >= 0 && low >= 0) {
        path += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    path += encoded[i];
  }
  return path;
}

storage::Uri ResolvePath(const storage::Uri& table, std::string_view path) {
  const bool is_absolute = path.starts_with("/") || SchemeLength(path) > 0;
  return is_absolute ? storage::Uri::Parse(path) : table.Child(path);
}

std::string CanonicalPath(std::string_view path) {
  const size_t scheme_length = SchemeLength(path);
  const std::string_view scheme = path.substr(0, scheme_length);
  if (scheme == "file") {
    const size_t first = path.find_first_not_of('/', scheme_length + 1);
    return "/" + std::string(first == std::string_view::npos ? std::string_view() : path.substr(first));
  }
  if (scheme == "s3a" || scheme == "s3n") return "s3" + std::string(path.substr(scheme_length));
  return std::string(path);
}

std::string PartitionFolder(const PartitionValues& values) {
  static constexpr std::string_view kEscaped = "\"#%'*/:=?\\{}[]^\x7f";
  static constexpr unsigned char kFirstPrintable = 0x20;
  std::string folder;
  const auto append = [&](std::string_view text) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < kFirstPrintable || kEscaped.find(c) != std::string_view::npos) {
        AppendPercent(folder, static_cast<unsigned char>(c));
      } else {
        folder += c;
      }
    }
  };
  for (const auto& [name, value] : values) {
    append(name);
    folder += '=';
    append(value && !value->empty() ? *value : "__HIVE_DEFAULT_PARTITION__");
    folder += '/';
  }
  return folder;
}

}  // namespace quell::delta
