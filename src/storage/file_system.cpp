#include "storage/file_system.h"

#include "base/error_classes.h"
#include "storage/local_file_system.h"
#include "storage/s3/s3_file_system.h"

namespace quell::storage {

FileSystemPtr MakeFileSystem(const Uri& uri, const StorageContext& context) {
  if (uri.scheme == "file") return std::make_shared<LocalFileSystem>(context);
  if (uri.scheme == "s3") {
    return std::make_shared<s3::S3FileSystem>(s3::Client(s3::Config::FromEnvironment(), context));
  }
  throw Error(error_class::kUnsupportedFeature, "no file system for '{}'; use a local path or s3://", uri.ToString());
}

}  // namespace quell::storage
