#include "delta/log/last_checkpoint.h"

#include "base/error_classes.h"
#include "base/json_writer.h"
#include "delta/log/file_name.h"
#include "delta/spec/json_fields.h"

namespace quell::delta {

std::optional<int64_t> ReadLastCheckpointVersion(storage::FileSystem& files, const storage::Uri& table) {
  std::string text;
  try {
    text = files.ReadAll(LastCheckpointUri(table));
  } catch (const Error& error) {
    if (error.error_class() == quell::error_class::kFailedReadFileNotExist) return std::nullopt;
    throw;
  }
  simdjson::dom::parser parser;
  simdjson::dom::object fields;
  if (parser.parse(text).get(fields) != simdjson::SUCCESS) return std::nullopt;
  try {
    return Required<int64_t>(fields, "version");
  } catch (const MalformedJson&) {
    return std::nullopt;
  }
}

void WriteLastCheckpoint(storage::FileSystem& files, const storage::Uri& table, const LastCheckpoint& checkpoint) {
  JsonWriter json;
  json.BeginObject().Member("version", checkpoint.version).Member("size", checkpoint.num_actions);
  json.Member("sizeInBytes", checkpoint.size_bytes).Member("numOfAddFiles", checkpoint.num_add_files).EndObject();
  const std::string text = json.Take();
  files.Put(LastCheckpointUri(table), {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace quell::delta
