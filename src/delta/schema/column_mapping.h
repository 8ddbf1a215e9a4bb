// Column mapping: names of columns in data files that differ from those of the table (PROTOCOL.md, "Column Mapping").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/schema.h"
#include "delta/spec/metadata.h"

namespace quell::delta {

enum class ColumnMappingMode : uint8_t {
  kNone,  // names are the same everywhere
  kId,    // Parquet columns are found by their field_id
  kName,  // Parquet columns are found by their physical name
};

// Throws DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE for a mode that is not known.
ColumnMappingMode MappingModeOf(const Metadata& metadata);

// The name in data files, partition values and statistics: delta.columnMapping.physicalName, or the name itself.
std::string PhysicalName(const Field& field);
// delta.columnMapping.id.
std::optional<int32_t> ColumnId(const Field& field);

// The same schema, with physical names at every depth. Field metadata is kept.
Schema PhysicalSchema(const Schema& schema, ColumnMappingMode mode);

// True when the metadata of any field at any depth has a member of this name.
bool AnyFieldHasMetadata(const std::vector<Field>& fields, const std::string& key);
// True when any column at any depth has this type.
bool AnyFieldHasType(const std::vector<Field>& fields, TypeId id);

}  // namespace quell::delta
