// Commits as they are read from the log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "delta/log/log_segment.h"
#include "delta/spec/action.h"

namespace quell::delta {

struct Commit {
  int64_t version = 0;
  int64_t modified_ms = 0;
  std::vector<Action> actions = {};

  // nullptr when the commit has none of the kind.
  template <typename T>
  const T* Find() const {
    for (const Action& action : actions) {
      if (const T* found = std::get_if<T>(&action)) return found;
    }
    return nullptr;
  }
};

using CommitPtr = std::shared_ptr<const Commit>;

CommitPtr ReadCommit(storage::FileSystem& files, const CommitFile& file);

// In the order of `commits`; several at once where the files are objects of a store.
std::vector<CommitPtr> ReadCommits(storage::FileSystem& files, const std::vector<CommitFile>& commits);

}  // namespace quell::delta
