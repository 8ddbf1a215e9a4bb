#include "expression/functions/digest.h"

#include <array>
#include <memory>

#include <openssl/evp.h>

#include "base/check.h"

namespace quell {

namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

std::string HexDigest(const EVP_MD* algorithm, std::string_view bytes) {
  // Kept, for to make one costs more than the digest of a short string.
  thread_local const Context kept{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  EVP_MD_CTX* const context = kept.get();
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  QUELL_CHECK(EVP_DigestInit_ex(context, algorithm, nullptr) == 1);
  QUELL_CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
  QUELL_CHECK(EVP_DigestFinal_ex(context, digest.data(), &size) == 1);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(size_t{2} * size);
  for (unsigned i = 0; i < size; ++i) {
    text.push_back(kDigits[digest[i] >> 4]);
    text.push_back(kDigits[digest[i] & 15]);
  }
  return text;
}

}  // namespace

std::string Md5Hex(std::string_view bytes) { return HexDigest(EVP_md5(), bytes); }

std::string Sha1Hex(std::string_view bytes) { return HexDigest(EVP_sha1(), bytes); }

std::string Sha2Hex(std::string_view bytes, int32_t bits) {
  switch (bits) {
    case 224: return HexDigest(EVP_sha224(), bytes);
    case 256: return HexDigest(EVP_sha256(), bytes);
    case 384: return HexDigest(EVP_sha384(), bytes);
    case 512: return HexDigest(EVP_sha512(), bytes);
    default: return {};
  }
}

}  // namespace quell
