#include "session/views.h"

#include <algorithm>

#include "base/error_classes.h"

namespace quell {
namespace {

constexpr ErrorClass kViewAlreadyExists{"TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", "42P07"};

std::string Key(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

}  // namespace

void Views::Create(const unresolved::CreateView& create) {
  std::lock_guard lock(mutex_);
  const std::string key = Key(create.name);
  if (views_.contains(key)) {
    if (create.if_not_exists) return;
    if (!create.or_replace) {
      throw Error(kViewAlreadyExists, "there is a view {} already; use CREATE OR REPLACE, or another name",
                  create.name);
    }
  }
  views_[key] = unresolved::MakeRelation(unresolved::SubqueryAlias{create.query, create.name, create.column_names});
}

unresolved::RelationPtr Views::Find(const std::vector<std::string>& name_parts) const {
  if (name_parts.size() != 1) return nullptr;
  std::lock_guard lock(mutex_);
  const auto it = views_.find(Key(name_parts[0]));
  return it == views_.end() ? nullptr : it->second;
}

bool Views::Drop(const std::string& name) {
  std::lock_guard lock(mutex_);
  return views_.erase(Key(name)) > 0;
}

}  // namespace quell
