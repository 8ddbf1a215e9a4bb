#include "delta/schema/constraints.h"

#include "delta/schema/field_metadata.h"

namespace quell::delta {

namespace {

constexpr std::string_view kCheckPrefix = "delta.constraints.";

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
  const auto first = configuration.lower_bound(std::string(kCheckPrefix));
  return first != configuration.end() && first->first.starts_with(kCheckPrefix);
}

std::vector<Constraint> ConstraintsOf(const std::map<std::string, std::string>& configuration,
                                      const std::vector<Field>& columns) {
  std::vector<Constraint> constraints;
  for (const auto& [key, condition] : configuration) {
    if (key.starts_with(kCheckPrefix)) constraints.push_back({key.substr(kCheckPrefix.size()), condition});
  }
  for (const Field& column : columns) {
    const auto invariant = MetadataMember<std::string>(column, "delta.invariants");
    if (invariant) constraints.push_back({column.name, ConditionOf(*invariant)});
  }
  return constraints;
}

}  // namespace quell::delta
