// CSV files, by the options of Spark's reader.
#pragma once

#include <memory>
#include <vector>

#include "storage/text/batch_reader.h"

namespace quell::storage {

// Options: sep or delimiter (","), quote ("\""), escape ("\\"), header (false: columns are _c0, _c1 ...), inferSchema
// (true, unlike Spark: false makes every column a STRING), nullValue (""), timeZone (UTC), mode
// (PERMISSIVE: what cannot be converted is NULL, and so is what a row lacks; what it has too much is dropped;
// DROPMALFORMED leaves out rows with another number of columns; FAILFAST: an error). Quoted values may have line
// breaks, as with Spark's multiLine = true; false is an error.

// The columns of the files: the names of the first that has any, types that hold the values of all. With inferSchema,
// all rows are read.
Schema InferCsvSchema(FileSystem& files, const std::vector<Uri>& uris, const TextOptions& options);

// `schema` is that of all files, `columns` are the positions in it that come.
std::unique_ptr<BatchReader> OpenCsv(FileSystem& files, const Uri& uri, const Schema& schema, std::vector<int> columns,
                                     const TextOptions& options);

}  // namespace quell::storage
