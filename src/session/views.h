// The temporary views of a session.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/fork_safe_mutex.h"
#include "plan/unresolved/statement.h"

namespace quell {

// Thread-safe. Names compare without regard to case.
class Views {
 public:
  // Throws TEMP_TABLE_OR_VIEW_ALREADY_EXISTS.
  void Create(const unresolved::CreateView& create);
  // The view's query under its column names; nullptr when there is no such view.
  unresolved::RelationPtr Find(const std::vector<std::string>& name_parts) const;
  bool Drop(const std::string& name);

 private:
  mutable ForkSafeMutex mutex_{ForkSafeMutex::Rank::kViews};
  std::map<std::string, unresolved::RelationPtr> views_;
};

}  // namespace quell
