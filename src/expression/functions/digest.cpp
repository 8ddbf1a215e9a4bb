#include "expression/functions/digest.h"

#include <nettle/base16.h>
#include <nettle/md5.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include <array>

namespace quell {

namespace {

// Room for the state of any of the digests.
union Context {
  md5_ctx md5;
  sha1_ctx sha1;
  sha256_ctx sha256;
  sha512_ctx sha512;
};

std::string HexDigest(const nettle_hash& hash, std::string_view bytes) {
  Context context;
  std::array<uint8_t, SHA512_DIGEST_SIZE> digest;
  hash.init(&context);
  hash.update(&context, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
  hash.digest(&context, hash.digest_size, digest.data());
  std::string text(BASE16_ENCODE_LENGTH(hash.digest_size), '\0');
  base16_encode_update(text.data(), hash.digest_size, digest.data());
  return text;
}

}  // namespace

std::string Md5Hex(std::string_view bytes) { return HexDigest(nettle_md5, bytes); }

std::string Sha1Hex(std::string_view bytes) { return HexDigest(nettle_sha1, bytes); }

std::string Sha2Hex(std::string_view bytes, int32_t bits) {
  switch (bits) {
    case 224: return HexDigest(nettle_sha224, bytes);
    case 256: return HexDigest(nettle_sha256, bytes);
    case 384: return HexDigest(nettle_sha384, bytes);
    case 512: return HexDigest(nettle_sha512, bytes);
    default: return {};
  }
}

}  // namespace quell
