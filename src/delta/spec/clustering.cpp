#include "delta/spec/clustering.h"

#include <fmt/ranges.h>

#include "delta/spec/json_fields.h"

namespace quell::delta {

std::vector<std::string> ClusteringColumns(const std::map<std::string, DomainMetadata>& domains) {
  std::vector<std::string> columns;
  const auto found = domains.find("delta.clustering");
  if (found == domains.end() || found->second.removed) return columns;
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  if (parser.parse(found->second.configuration).get(members) != simdjson::SUCCESS) return columns;
  try {
    for (const JsonElement& path : Required<simdjson::dom::array>(members, "clusteringColumns")) {
      std::vector<std::string> names;
      for (const JsonElement& name : As<simdjson::dom::array>(path, "clusteringColumns")) {
        names.push_back(As<std::string>(name, "clusteringColumns"));
      }
      columns.push_back(fmt::format("{}", fmt::join(names, ".")));
    }
  } catch (const MalformedJson&) {
    columns.clear();
  }
  return columns;
}

}  // namespace quell::delta
