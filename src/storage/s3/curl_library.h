// libcurl, loaded at the first request: with all that it pulls in it would cost each process several milliseconds at
// its start, and most statements never speak to S3.
#pragma once

#include <curl/curl.h>

namespace quell::storage::s3 {

struct CurlLibrary {
  decltype(&curl_global_init) global_init;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_perform) easy_perform;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
  decltype(&curl_getdate) getdate;
};

// Thread-safe. Throws OBJECT_STORE_ERROR when the library is not installed.
const CurlLibrary& Curl();

}  // namespace quell::storage::s3
