#include "expression/function_registry.h"

#include <algorithm>
#include <numeric>

#include "base/error_classes.h"
#include "expression/aggregates/aggregates.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

// Insertions, deletions and replacements of characters between two names.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

FunctionRegistry MakeBuiltIn() {
  FunctionRegistry registry;
  RegisterFunctions(registry);
  RegisterAggregates(registry);
  return registry;
}

}  // namespace

const FunctionRegistry& FunctionRegistry::BuiltIn() {
  static const FunctionRegistry kRegistry = MakeBuiltIn();
  return kRegistry;
}

void FunctionRegistry::Add(std::string name, FunctionBinder binder) {
  functions_.insert_or_assign(std::move(name), Entry{std::move(binder), false});
}

void FunctionRegistry::AddAggregate(std::string name, FunctionBinder binder) {
  functions_.insert_or_assign(std::move(name), Entry{std::move(binder), true});
}

bool FunctionRegistry::Contains(std::string_view name) const { return functions_.count(std::string(name)) > 0; }

bool FunctionRegistry::IsAggregate(std::string_view name) const {
  const auto found = functions_.find(std::string(name));
  return found != functions_.end() && found->second.is_aggregate;
}

ExprPtr FunctionRegistry::Bind(const FunctionCall& call) const {
  const auto found = functions_.find(std::string(call.name));
  if (found != functions_.end()) return found->second.binder(call);
  const auto nearest = std::min_element(functions_.begin(), functions_.end(), [&](const auto& a, const auto& b) {
    const auto key = [&](const auto& entry) { return std::pair(EditDistance(entry.first, call.name), entry.first); };
    return key(a) < key(b);
  });
  if (nearest != functions_.end() && EditDistance(nearest->first, call.name) <= 2) {
    throw Error(error_class::kUnresolvedRoutine, call.location, "function not found: {}; did you mean {}?", call.name,
                nearest->first);
  }
  throw Error(error_class::kUnresolvedRoutine, call.location, "function not found: {}", call.name);
}

}  // namespace quell
