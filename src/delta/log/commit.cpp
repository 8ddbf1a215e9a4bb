#include "delta/log/commit.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include "delta/spec/action_json.h"

namespace quell::delta {

CommitPtr ReadCommit(storage::FileSystem& files, const CommitFile& file) {
  auto commit = std::make_shared<Commit>();
  commit->version = file.version;
  commit->modified_ms = file.modified_ms;
  ParseActions(files.ReadAll(file.uri), file.uri.ToString(),
               [&](Action&& action) { commit->actions.push_back(std::move(action)); });
  return commit;
}

std::vector<CommitPtr> ReadCommits(storage::FileSystem& files, const std::vector<CommitFile>& commits) {
  constexpr size_t kMaxRequests = 16;
  std::vector<CommitPtr> read(commits.size());
  const bool is_remote = !commits.empty() && commits[0].uri.scheme != "file";
  if (!is_remote || commits.size() == 1) {
    for (size_t i = 0; i < commits.size(); ++i) read[i] = ReadCommit(files, commits[i]);
    return read;
  }
  std::atomic<size_t> next = 0;
  std::atomic<bool> has_failed = false;
  std::vector<std::exception_ptr> failures(std::min(kMaxRequests, commits.size()));
  std::vector<std::thread> threads;
  for (std::exception_ptr& failure : failures) {
    threads.emplace_back([&] {
      try {
        for (size_t i = next++; i < commits.size() && !has_failed; i = next++) read[i] = ReadCommit(files, commits[i]);
      } catch (...) {
        failure = std::current_exception();
        has_failed = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  return read;
}

}  // namespace quell::delta
