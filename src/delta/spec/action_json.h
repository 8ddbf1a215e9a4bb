// Actions as lines of JSON (PROTOCOL.md, "Actions").
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "delta/spec/action.h"

namespace quell::delta {

// One line without its line break.
std::string ToJson(const Action& action);

// Calls `visit` for each action in `text` (one object a line), in order. Actions and members that are not known are
// passed over, as the protocol asks. Throws DELTA_MALFORMED_LOG_FILE with `file_name` and line. `text` is consumed.
void ParseActions(std::string text, std::string_view file_name, const std::function<void(Action&&)>& visit);

}  // namespace quell::delta
