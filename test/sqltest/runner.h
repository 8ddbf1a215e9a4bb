// Runs the blocks of a `.test` file in one session.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "script.h"

namespace quell::sqltest {

// Where the files of a run are. `conformance` may not exist.
struct Places {
  std::filesystem::path repo;
  std::filesystem::path conformance;
};

struct Failure {
  int line = 0;
  std::string message;
};

struct RunResult {
  std::vector<Failure> failures;
  // What a `require` of the file missed; nothing was run then.
  std::optional<std::string> missing;
  // The blocks with what they gave in place of what they expected.
  std::vector<Block> actual;
};

// Runs the file in a fresh session with these settings, and a folder ${TMP} that is gone afterwards.
RunResult RunScript(const std::vector<Block>& blocks, const Places& places,
                    const std::map<std::string, std::string>& settings);

}  // namespace quell::sqltest
