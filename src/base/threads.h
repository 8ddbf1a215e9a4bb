// What the engine's threads have in common.
#pragma once

#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace quell {

// Runs `work` in a thread of its own, without signals: those are for the threads of the program that runs us. nullopt,
// with nothing done, where the system has no more threads for us.
std::optional<std::jthread> TryStartThread(std::function<void()> work);
// Runs `work` in each of `count` threads, or in as many as the system lets us have: for work that fewer do, too.
std::vector<std::jthread> StartThreads(int count, const std::function<void()>& work);

}  // namespace quell
