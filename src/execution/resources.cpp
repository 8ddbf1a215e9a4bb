#include "execution/resources.h"

#include <cstdlib>

namespace quell::execution {
namespace {

std::string SpillDirectory(const ExecutionContext& context) {
  if (!context.spill_directory.empty()) return context.spill_directory;
  const char* from_environment = std::getenv("TMPDIR");
  return from_environment && *from_environment ? from_environment : "/tmp";
}

}  // namespace

Resources::Resources(const ExecutionContext& execution_context)
    : context(execution_context),
      num_threads(execution_context.num_threads > 0 ? execution_context.num_threads : AvailableCores()),
      spill_space(std::make_shared<SpillSpace>(SpillDirectory(execution_context), execution_context.spill_limit_bytes,
                                               execution_context.metrics)) {}

}  // namespace quell::execution
