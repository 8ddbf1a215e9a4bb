// Files of JSON objects, one a line, as Spark reads them.
#pragma once

#include <memory>
#include <vector>

#include "storage/text/batch_reader.h"

namespace quell::storage {

// The columns of all files, in the order of their names: BIGINT, DOUBLE, BOOLEAN, STRING, arrays and structs; a column
// with values of several types is a STRING of their JSON. All rows are read. Option mode: PERMISSIVE leaves a line that
// is not an object out of account (its columns are NULL), DROPMALFORMED leaves the row out, FAILFAST makes it an error.
Schema InferJsonSchema(FileSystem& files, const std::vector<Uri>& uris, const TextOptions& options);

// `schema` is that of all files, `columns` are the positions in it that come. A value of another type than its
// column is NULL.
std::unique_ptr<BatchReader> OpenJson(FileSystem& files, const Uri& uri, const Schema& schema, std::vector<int> columns,
                                      const TextOptions& options);

}  // namespace quell::storage
