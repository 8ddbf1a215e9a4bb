// The txn action.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace quell::delta {

// Records the last version that an application wrote, so that its retries are idempotent.
struct SetTransaction {
  std::string app_id;
  int64_t version = 0;
  std::optional<int64_t> last_updated_ms = {};

  bool operator==(const SetTransaction&) const = default;
};

}  // namespace quell::delta
