#include "delta/snapshot/protocol_gate.h"

#include <algorithm>

#include "delta/error_classes.h"
#include "delta/schema/column_mapping.h"
#include "delta/schema/constraints.h"

namespace quell::delta {

namespace {

constexpr int32_t kMaxReaderVersion = 3;
constexpr int32_t kMaxWriterVersion = 7;
constexpr int32_t kCheckConstraintsVersion = 3;
constexpr char kTimestampNtz[] = "timestampNtz";

constexpr std::string_view kReadableFeatures[] = {
    "columnMapping", "deletionVectors",      "timestampNtz",        "typeWidening",
    "v2Checkpoint",  "typeWidening-preview", "vacuumProtocolCheck",
};

// What a table may have enabled while we write to it, beside features that are not in use.
constexpr std::string_view kWritableFeatures[] = {
    "appendOnly",        "changeDataFeed", "checkConstraints", "clustering",   "deletionVectors",     "domainMetadata",
    "inCommitTimestamp", "invariants",     "timestampNtz",     "v2Checkpoint", "vacuumProtocolCheck",
};

template <size_t N>
bool IsAmong(const std::string_view (&names)[N], const std::string& name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Those of columns are checked; those of members are not.
bool HasInvariantInside(const std::vector<Field>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const Field& column) {
    return AnyFieldHasMetadata(column.type.children(), "delta.invariants");
  });
}

// What the metadata makes use of and we do not write: features by their names in writerFeatures, and what has none.
std::vector<std::string> UnwritableInUse(const Metadata& metadata, const Schema& schema) {
  const auto& fields = schema.fields();
  std::vector<std::string> names;
  if (HasInvariantInside(fields)) names.push_back("invariants of members");
  if (AnyFieldHasMetadata(fields, "delta.generationExpression")) names.push_back("generatedColumns");
  if (AnyFieldHasMetadata(fields, "delta.identity.start")) names.push_back("identityColumns");
  if (AnyFieldHasMetadata(fields, "CURRENT_DEFAULT")) names.push_back("allowColumnDefaults");
  if (MappingModeOf(metadata) != ColumnMappingMode::kNone) names.push_back("columnMapping");
  if (metadata.IsEnabled("delta.enableRowTracking")) names.push_back("rowTracking");
  if (metadata.IsEnabled("delta.enableTypeWidening")) names.push_back("typeWidening");
  for (const char* version : {"1", "2", "3"}) {
    const std::string feature = std::string("IcebergCompatV") + version;
    if (metadata.IsEnabled("delta.enable" + feature)) names.push_back("icebergCompatV" + std::string(version));
  }
  return names;
}

// Listed features that matter only once the metadata uses them.
constexpr std::string_view kHarmlessUnlessUsed[] = {
    "generatedColumns", "identityColumns",      "allowColumnDefaults", "columnMapping",
    "typeWidening",     "typeWidening-preview", "icebergCompatV1",     "icebergCompatV2",
};

}  // namespace

void CheckCanRead(const storage::Uri& table, const Protocol& protocol) {
  if (protocol.min_reader_version < 1 || protocol.min_reader_version > kMaxReaderVersion) {
    throw Error(error_class::kInvalidProtocolVersion,
                "the table '{}' needs reader version {}; this version of Quell reads 1 to {}", table.ToString(),
                protocol.min_reader_version, kMaxReaderVersion);
  }
  std::vector<std::string> unknown;
  for (const std::string& feature : protocol.reader_features) {
    if (!IsAmong(kReadableFeatures, feature)) unknown.push_back(feature);
  }
  if (!unknown.empty()) {
    throw Error(error_class::kUnsupportedReadFeatures,
                "the table '{}' needs features that Quell cannot read: {}; drop them with an engine that knows them",
                table.ToString(), Join(unknown));
  }
}

void CheckCanWrite(const storage::Uri& table, const Protocol& protocol, const Metadata& metadata,
                   const Schema& schema) {
  if (protocol.min_writer_version > kMaxWriterVersion) {
    throw Error(error_class::kInvalidProtocolVersion,
                "the table '{}' needs writer version {}; this version of Quell writes up to {}", table.ToString(),
                protocol.min_writer_version, kMaxWriterVersion);
  }
  std::vector<std::string> unsupported = UnwritableInUse(metadata, schema);
  for (const std::string& feature : protocol.writer_features) {
    const bool is_reported = std::find(unsupported.begin(), unsupported.end(), feature) != unsupported.end();
    if (!IsAmong(kWritableFeatures, feature) && !IsAmong(kHarmlessUnlessUsed, feature) && !is_reported) {
      unsupported.push_back(feature);
    }
  }
  if (!unsupported.empty()) {
    throw Error(error_class::kUnsupportedWriteFeatures,
                "the table '{}' uses features that Quell cannot write: {}; write to it with an engine that knows them",
                table.ToString(), Join(unsupported));
  }
}

namespace {

std::set<std::string> RequestedFeatures(const Metadata& metadata) {
  constexpr std::string_view kPrefix = "delta.feature.";
  std::set<std::string> features;
  for (auto property = metadata.configuration.lower_bound(std::string(kPrefix));
       property != metadata.configuration.end() && property->first.starts_with(kPrefix); ++property) {
    features.insert(property->first.substr(kPrefix.size()));
  }
  return features;
}

}  // namespace

Protocol LowestProtocol(const storage::Uri& table, const Metadata& metadata, const Schema& schema) {
  Protocol protocol;
  const bool has_checks = HasCheckConstraint(metadata.configuration);
  if (has_checks) protocol.min_writer_version = kCheckConstraintsVersion;
  std::set<std::string> features = RequestedFeatures(metadata);
  if (AnyFieldHasType(schema.fields(), TypeId::kTimestampNtz)) features.insert(kTimestampNtz);
  if (metadata.IsEnabled("delta.enableInCommitTimestamps")) features.insert("inCommitTimestamp");
  if (metadata.IsEnabled("delta.enableDeletionVectors")) features.insert("deletionVectors");
  if (metadata.IsEnabled("delta.enableChangeDataFeed")) features.insert("changeDataFeed");
  if (!features.empty()) {
    protocol.min_writer_version = Protocol::kWriterFeaturesVersion;
    protocol.writer_features = features;
    // Writer versions 2 and 3 imply these; from version 7 on delta-spark wants to see them named where they are in use.
    if (metadata.IsEnabled("delta.appendOnly")) protocol.writer_features.insert("appendOnly");
    if (AnyMemberIsNotNull(schema.fields())) protocol.writer_features.insert("invariants");
    if (has_checks) protocol.writer_features.insert("checkConstraints");
    for (const std::string& feature : features) {
      if (IsAmong(kReadableFeatures, feature)) protocol.reader_features.insert(feature);
    }
    if (!protocol.reader_features.empty()) protocol.min_reader_version = Protocol::kReaderFeaturesVersion;
  }
  CheckCanWrite(table, protocol, metadata, schema);
  return protocol;
}

std::set<std::string> FeaturesOf(const Protocol& protocol) {
  static constexpr struct {
    int32_t version;
    const char* feature;
  } kImplied[] = {{2, "appendOnly"},       {2, "invariants"},    {3, "checkConstraints"}, {4, "changeDataFeed"},
                  {4, "generatedColumns"}, {5, "columnMapping"}, {6, "identityColumns"}};
  std::set<std::string> features = protocol.writer_features;
  features.insert(protocol.reader_features.begin(), protocol.reader_features.end());
  if (protocol.has_writer_features()) return features;
  for (const auto& [version, feature] : kImplied) {
    if (protocol.min_writer_version >= version) features.insert(feature);
  }
  return features;
}

Protocol MergeProtocols(const Protocol& a, const Protocol& b) {
  Protocol merged;
  merged.min_reader_version = std::max(a.min_reader_version, b.min_reader_version);
  merged.min_writer_version = std::max(a.min_writer_version, b.min_writer_version);
  for (const Protocol* protocol : {&a, &b}) {
    merged.reader_features.insert(protocol->reader_features.begin(), protocol->reader_features.end());
    merged.writer_features.insert(protocol->writer_features.begin(), protocol->writer_features.end());
    if (!merged.has_writer_features() || protocol->has_writer_features()) continue;
    // What the older writer version implied has to be spelled out as features.
    merged.writer_features.merge(FeaturesOf(*protocol));
    const bool reads_mapping = merged.has_reader_features() && protocol->min_reader_version == 2;
    if (reads_mapping) merged.reader_features.insert("columnMapping");
  }
  return merged;
}

}  // namespace quell::delta
