#include "execution/resources.h"

#include "execution/spill/spill_directory.h"

namespace quell::execution {

Resources::Resources(const ExecutionContext& execution_context)
    : context(execution_context),
      num_threads(ThreadsFor(execution_context.num_threads)),
      spill_space(std::make_shared<SpillSpace>(SpillDirectory(execution_context.spill_directory),
                                               execution_context.spill_limit_bytes, execution_context.metrics)) {}

}  // namespace quell::execution
