#include "delta/schema/constraints.h"

#include <algorithm>

#include "delta/schema/field_metadata.h"

namespace quell::delta {

namespace {

constexpr std::string_view kCheckPrefix = "delta.constraints.";

// Properties keep the spelling that they were set with, and delta-spark enforces constraints in any.
bool IsCheckKey(std::string_view key) { return SameName(key.substr(0, kCheckPrefix.size()), kCheckPrefix); }

// {"expression":{"expression":"a > 0"}}, which is a text within the metadata of the field.
std::string ConditionOf(const std::string& invariant) {
  try {
    simdjson::dom::parser parser;
    simdjson::dom::object members;
    if (parser.parse(invariant).get(members) != simdjson::SUCCESS) throw MalformedJson{"no JSON object"};
    return Required<std::string>(Required<simdjson::dom::object>(members, "expression"), "expression");
  } catch (const MalformedJson& malformed) {
    throw Error(error_class::kMalformedLog, "cannot read the invariant '{}': {}; the table's schema is damaged",
                invariant, malformed.reason);
  }
}

}  // namespace

bool HasCheckConstraint(const std::map<std::string, std::string>& configuration) {
  return std::any_of(configuration.begin(), configuration.end(),
                     [](const auto& property) { return IsCheckKey(property.first); });
}

std::vector<Constraint> ConstraintsOf(const std::map<std::string, std::string>& configuration,
                                      const std::vector<Field>& columns) {
  std::vector<Constraint> constraints;
  for (const auto& [key, condition] : configuration) {
    if (IsCheckKey(key)) constraints.push_back({key.substr(kCheckPrefix.size()), condition});
  }
  for (const Field& column : columns) {
    const auto invariant = MetadataMember<std::string>(column, "delta.invariants");
    if (invariant) constraints.push_back({column.name, ConditionOf(*invariant)});
  }
  return constraints;
}

bool AnyMemberIsNotNull(const std::vector<Field>& fields) {
  return std::any_of(fields.begin(), fields.end(), [](const Field& field) {
    return !field.nullable || (field.type.id() == TypeId::kStruct && AnyMemberIsNotNull(field.type.children()));
  });
}

}  // namespace quell::delta
