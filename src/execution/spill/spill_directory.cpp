#include "execution/spill/spill_directory.h"

#include <cstdlib>

namespace quell::execution {

std::string SpillDirectory(const std::string& setting) {
  if (!setting.empty()) return setting;
  const char* from_environment = std::getenv("TMPDIR");
  return from_environment && *from_environment ? from_environment : "/tmp";
}

}  // namespace quell::execution
