#include "delta/spec/action_json.h"

#include "delta/error_classes.h"
#include "delta/spec/action_codec.h"

namespace quell::delta {

namespace {

using simdjson::dom::object;

const char* KeyOf(const CommitInfo&) { return "commitInfo"; }
const char* KeyOf(const Protocol&) { return "protocol"; }
const char* KeyOf(const Metadata&) { return "metaData"; }
const char* KeyOf(const SetTransaction&) { return "txn"; }
const char* KeyOf(const AddFile&) { return "add"; }
const char* KeyOf(const RemoveFile&) { return "remove"; }
const char* KeyOf(const CdcFile&) { return "cdc"; }
const char* KeyOf(const DomainMetadata&) { return "domainMetadata"; }
const char* KeyOf(const CheckpointMetadata&) { return "checkpointMetadata"; }
const char* KeyOf(const Sidecar&) { return "sidecar"; }

std::optional<Action> ParseAction(std::string_view key, const object& value) {
  if (key == "add") return ParseAddFile(value);
  if (key == "remove") return ParseRemoveFile(value);
  if (key == "commitInfo") return ParseCommitInfo(value);
  if (key == "protocol") return ParseProtocol(value);
  if (key == "metaData") return ParseMetadata(value);
  if (key == "txn") return ParseSetTransaction(value);
  if (key == "cdc") return ParseCdcFile(value);
  if (key == "domainMetadata") return ParseDomainMetadata(value);
  if (key == "checkpointMetadata") return ParseCheckpointMetadata(value);
  if (key == "sidecar") return ParseSidecar(value);
  return std::nullopt;
}

// A line holds one action; other members beside it are passed over.
void ParseLine(simdjson::dom::parser& parser, std::string_view line, const std::function<void(Action&&)>& visit) {
  JsonElement element;
  // The text after the line is padding enough: it belongs to the same buffer.
  if (const auto error = parser.parse(line.data(), line.size(), false).get(element)) {
    throw MalformedJson{simdjson::error_message(error)};
  }
  for (const auto& [key, value] : As<object>(element, "action")) {
    if (value.is_null()) continue;
    object fields;
    if (value.get(fields) != simdjson::SUCCESS) continue;
    if (auto action = ParseAction(key, fields)) visit(std::move(*action));
  }
}

}  // namespace

std::string ToJson(const Action& action) {
  JsonWriter json;
  std::visit(
      [&](const auto& value) {
        json.BeginObject().Key(KeyOf(value));
        WriteValue(json, value);
        json.EndObject();
      },
      action);
  return json.Take();
}

void ParseActions(std::string text, std::string_view file_name, const std::function<void(Action&&)>& visit) {
  const size_t size = text.size();
  text.append(simdjson::SIMDJSON_PADDING, '\0');
  simdjson::dom::parser parser;
  int line_number = 0;
  for (size_t begin = 0; begin < size;) {
    size_t end = text.find('\n', begin);
    if (end == std::string::npos || end > size) end = size;
    ++line_number;
    const std::string_view line(text.data() + begin, end - begin);
    begin = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      ParseLine(parser, line, visit);
    } catch (const MalformedJson& malformed) {
      throw Error(error_class::kMalformedLog, "cannot read line {} of '{}': {}; the file is damaged", line_number,
                  file_name, malformed.reason);
    }
  }
}

}  // namespace quell::delta
