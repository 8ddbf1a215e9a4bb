#include "session/spill_warning.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/byte_size.h"
#include "execution/spill/spill_directory.h"

namespace quell {

SpillRoom FindSpillRoom(const execution::ExecutionContext& context) {
  SpillRoom room{execution::SpillDirectory(context.spill_directory), context.spill_limit_bytes, INT64_MAX};
  std::error_code error;
  const std::filesystem::space_info disk = std::filesystem::space(room.directory, error);
  if (!error) room.free_bytes = static_cast<int64_t>(disk.available);
  return room;
}

std::optional<std::string> SpillWarning(int64_t spill_bytes, const SpillRoom& room) {
  if (spill_bytes <= std::min(room.limit_bytes, room.free_bytes)) return std::nullopt;
  const std::string expected =
      fmt::format("the statement may spill about {} to {}, more than", FormatByteSize(spill_bytes), room.directory);
  const char* cluster = "raise quell.memory.limit, or run it on a Spark cluster: --remote sc://HOST:PORT";
  if (room.limit_bytes <= room.free_bytes) {
    return fmt::format("{} quell.spill.limit = {}; raise it, {}", expected, FormatByteSize(room.limit_bytes), cluster);
  }
  return fmt::format("{} the {} that are free there; set quell.spill.dir to a folder on a larger disk, {}", expected,
                     FormatByteSize(room.free_bytes), cluster);
}

}  // namespace quell
