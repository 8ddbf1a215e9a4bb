// What Dagster hands to a process that it starts.
#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <string_view>

namespace quell::pipes {

// The step that the process works for.
struct StepContext {
  std::string asset_key;                        // the one asset that the step makes; empty where it makes several
  std::map<std::string, std::string> asset_at;  // `extras.assets`: asset keys, as JSON, by location

  // The key of the asset whose files are at `location`, as JSON; nullptr where Dagster named none.
  const std::string* AssetAt(std::string_view location) const;
};

// Where messages go.
struct MessageTarget {
  std::string path;             // of a file; empty: none
  std::FILE* stream = nullptr;  // stdout or stderr, where there is no file
};

// Both decode base64(zlib(JSON)), the text of a variable, and throw INVALID_PARAMETER_VALUE for what does not decode.
// The step may be the `data` itself, or the `path` of a file that holds it.
StepContext ParseStepContext(const std::string& encoded);
MessageTarget ParseMessageTarget(const std::string& encoded);

}  // namespace quell::pipes
