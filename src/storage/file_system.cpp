#include "storage/file_system.h"

#include "base/error_classes.h"
#include "storage/local_file_system.h"

namespace quell::storage {

FileSystemPtr MakeFileSystem(const Uri& uri, const StorageContext& context) {
  if (uri.scheme == "file") return std::make_shared<LocalFileSystem>(context);
  throw Error(error_class::kUnsupportedFeature, "no file system for '{}'; use a local path", uri.ToString());
}

}  // namespace quell::storage
