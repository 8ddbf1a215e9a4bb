#include "storage/s3/curl_library.h"

#include <dlfcn.h>

#include "base/check.h"
#include "base/error_classes.h"

namespace quell::storage::s3 {

namespace {

template <typename Function>
void Resolve(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  QUELL_CHECK(function != nullptr);
}

CurlLibrary Load() {
  constexpr const char* kName = "libcurl.so.4";
  void* library = dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  if (!library) throw Error(error_class::kObjectStore, "cannot load {}: {}; install libcurl4", kName, dlerror());
  CurlLibrary curl;
  Resolve(library, "curl_global_init", curl.global_init);
  Resolve(library, "curl_easy_init", curl.easy_init);
  Resolve(library, "curl_easy_setopt", curl.easy_setopt);
  Resolve(library, "curl_easy_getinfo", curl.easy_getinfo);
  Resolve(library, "curl_easy_perform", curl.easy_perform);
  Resolve(library, "curl_easy_reset", curl.easy_reset);
  Resolve(library, "curl_easy_cleanup", curl.easy_cleanup);
  Resolve(library, "curl_easy_strerror", curl.easy_strerror);
  Resolve(library, "curl_slist_append", curl.slist_append);
  Resolve(library, "curl_slist_free_all", curl.slist_free_all);
  Resolve(library, "curl_getdate", curl.getdate);
  curl.global_init(CURL_GLOBAL_DEFAULT);
  return curl;
}

}  // namespace

const CurlLibrary& Curl() {
  static const CurlLibrary curl = Load();
  return curl;
}

}  // namespace quell::storage::s3
