// Where Arrow takes the memory of the engine's columns from.
#pragma once

#include <arrow/memory_pool.h>

namespace quell {

// Arrow's default pool, unless UseForkSafePool() was called. Lives as long as the process.
arrow::MemoryPool* EnginePool();
// For processes that fork while statements run: a pool whose locks are whole in the child. Those of mimalloc, which is
// Arrow's default, may be held there by a thread that is not. To be called before any statement.
void UseForkSafePool();

}  // namespace quell
