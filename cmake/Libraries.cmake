# Debian's libraries (dependencies/debian.txt), gathered in the target `quell_libraries`.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(simdjson REQUIRED)
find_package(roaring REQUIRED)
find_package(date REQUIRED)
find_package(fmt REQUIRED)
find_package(mimalloc REQUIRED)
find_package(pugixml REQUIRED)
# Headers only: storage/s3/curl_library.h loads it when it is needed.
pkg_check_modules(CURL REQUIRED libcurl)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(LZ4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(SNAPPY REQUIRED IMPORTED_TARGET snappy)
pkg_check_modules(CLI11 REQUIRED IMPORTED_TARGET CLI11)
pkg_check_modules(EDIT REQUIRED IMPORTED_TARGET libedit)

add_library(quell_libraries INTERFACE)
target_include_directories(quell_libraries SYSTEM INTERFACE ${CURL_INCLUDE_DIRS})
# libcrypto comes before Arrow: libparquet exports an OpenSSL of its own, which the libcurl that is loaded later would
# call half of. What stands first in a program serves all that is loaded into it.
target_link_libraries(quell_libraries INTERFACE
  OpenSSL::Crypto
  arrow
  Threads::Threads
  ${CMAKE_DL_LIBS}
  date::date-tz
  fmt::fmt
  pugixml::pugixml
  roaring::roaring
  simdjson::simdjson
  ZLIB::ZLIB
  PkgConfig::CLI11
  PkgConfig::ICU
  PkgConfig::LZ4
  PkgConfig::PCRE2
  PkgConfig::SNAPPY
  PkgConfig::XXHASH
  PkgConfig::ZSTD)
