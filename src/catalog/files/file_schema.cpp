#include "catalog/files/file_schema.h"

#include "storage/csv/csv_file.h"
#include "storage/json/json_file.h"
#include "storage/parquet/parquet_file.h"

namespace quell::catalog {

Schema ReadFileSchema(storage::FileSystem& files, const std::vector<storage::FileInfo>& infos, FileFormat format,
                      const std::map<std::string, std::string>& options) {
  std::vector<storage::Uri> uris;
  for (const storage::FileInfo& info : infos) uris.push_back(storage::Uri::Parse(info.path));
  switch (format) {
    case FileFormat::kParquet: return storage::ParquetFile::Open(files, uris[0], infos[0].size_bytes)->schema();
    case FileFormat::kCsv: return storage::InferCsvSchema(files, uris, options);
    case FileFormat::kJson: return storage::InferJsonSchema(files, uris, options);
  }
  return Schema();
}

}  // namespace quell::catalog
