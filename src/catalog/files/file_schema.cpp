#include "catalog/files/file_schema.h"

#include "storage/csv/csv_file.h"
#include "storage/json/json_file.h"
#include "storage/parquet/parquet_file.h"

namespace quell::catalog {

Schema ReadFileSchema(storage::FileSystem& files, const storage::FileInfo& info, FileFormat format,
                      const std::map<std::string, std::string>& options) {
  const storage::Uri uri = storage::Uri::Parse(info.path);
  switch (format) {
    case FileFormat::kParquet: return storage::ParquetFile::Open(files, uri, info.size_bytes)->schema();
    case FileFormat::kCsv: return storage::InferCsvSchema(files, uri, options);
    case FileFormat::kJson: return storage::InferJsonSchema(files, uri, options);
  }
  return Schema();
}

}  // namespace quell::catalog
