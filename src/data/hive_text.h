// Values as Hive, spark-sql and Spark's own recorded results print them. This differs from a cast to STRING in nested
// values (strings are quoted, members named), binary and intervals.
#pragma once

#include <string>

#include "data/schema.h"
#include "data/type.h"
#include "data/value.h"

namespace quell {

struct HiveTextOptions {
  std::string time_zone = "UTC";
  // As spark.sql.binaryOutputStyle: UTF-8, BASIC, BASE64, HEX or HEX_DISCRETE; another name means UTF-8.
  std::string binary_style = "UTF-8";
};

// NULL, true, 1.0, 2020-01-01 00:00:00, ["a","b"], {"a":1} for maps and structs.
std::string HiveText(const Value& value, const Type& type, const HiveTextOptions& options = {});

// Whether a result describes columns, as DESCRIBE does. spark-sql aligns the cells of these.
bool IsDescription(const Schema& schema);
// A STRING of such a result: at least 20 characters wide, and nothing for NULL.
std::string AlignedText(const Value& value);

}  // namespace quell
