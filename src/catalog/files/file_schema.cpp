#include "catalog/files/file_schema.h"

#include "base/error_classes.h"
#include "storage/parquet/parquet_file.h"

namespace quell::catalog {

Schema ReadFileSchema(storage::FileSystem& files, const storage::FileInfo& info, FileFormat format,
                      const std::map<std::string, std::string>&) {
  const storage::Uri uri = storage::Uri::Parse(info.path);
  if (format == FileFormat::kParquet) return storage::ParquetFile::Open(files, uri, info.size_bytes)->schema();
  throw Error(error_class::kUnsupportedFeature, "{} is neither Parquet nor Delta, and cannot be read yet", info.path);
}

}  // namespace quell::catalog
