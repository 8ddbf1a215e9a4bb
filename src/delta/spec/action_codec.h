// The JSON of single actions; action_json.h puts them together.
#pragma once

#include "base/json_writer.h"
#include "delta/spec/action.h"
#include "delta/spec/json_fields.h"

namespace quell::delta {

// Write the value of the action: what stands after "add": in its line.
void WriteValue(JsonWriter& json, const CommitInfo& info);
void WriteValue(JsonWriter& json, const Protocol& protocol);
void WriteValue(JsonWriter& json, const Metadata& metadata);
void WriteValue(JsonWriter& json, const SetTransaction& transaction);
void WriteValue(JsonWriter& json, const AddFile& file);
void WriteValue(JsonWriter& json, const RemoveFile& file);
void WriteValue(JsonWriter& json, const CdcFile& file);
void WriteValue(JsonWriter& json, const DomainMetadata& domain);
void WriteValue(JsonWriter& json, const CheckpointMetadata& checkpoint);
void WriteValue(JsonWriter& json, const Sidecar& sidecar);
void WriteStrings(JsonWriter& json, std::string_view key, const std::map<std::string, std::string>& map);

CommitInfo ParseCommitInfo(const simdjson::dom::object& json);
Protocol ParseProtocol(const simdjson::dom::object& json);
Metadata ParseMetadata(const simdjson::dom::object& json);
SetTransaction ParseSetTransaction(const simdjson::dom::object& json);
AddFile ParseAddFile(const simdjson::dom::object& json);
RemoveFile ParseRemoveFile(const simdjson::dom::object& json);
CdcFile ParseCdcFile(const simdjson::dom::object& json);
DomainMetadata ParseDomainMetadata(const simdjson::dom::object& json);
CheckpointMetadata ParseCheckpointMetadata(const simdjson::dom::object& json);
Sidecar ParseSidecar(const simdjson::dom::object& json);

}  // namespace quell::delta
