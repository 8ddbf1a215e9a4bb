#include "base/error.h"

namespace quell {

void Error::Render() {
  rendered_ = fmt::format("[{}] {} SQLSTATE: {}", class_.name, message_, class_.sql_state);
  if (location_.line > 0) rendered_ += fmt::format(" (line {}, column {})", location_.line, location_.column);
}

}  // namespace quell
