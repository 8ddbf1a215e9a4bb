#include "base/version.h"

namespace quell {

std::string_view Version() { return QUELL_VERSION; }

}  // namespace quell
