#include "storage/s3/conditional_put.h"

#include <algorithm>
#include <exception>
#include <set>
#include <thread>

#include "base/error_classes.h"
#include "base/fork_safe_mutex.h"

namespace quell::storage::s3 {

namespace {

constexpr int kRacers = 6;

std::span<const uint8_t> BytesOf(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// The answers of writers that begin at the same time.
std::vector<ConditionalAnswer> Race(const Client& client, const Uri& object) {
  std::vector<ConditionalAnswer> answers(kRacers, ConditionalAnswer::kUnknown);
  std::vector<std::exception_ptr> failures(kRacers);
  std::vector<std::thread> racers;
  for (int i = 0; i < kRacers; ++i) {
    racers.emplace_back([&, i] {
      try {
        answers[i] = client.TryPutIfAbsent(object, BytesOf("probe"), RandomId());
      } catch (...) {
        failures[i] = std::current_exception();
      }
    });
  }
  for (std::thread& racer : racers) racer.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  return answers;
}

[[noreturn]] void ThrowUnsafe(const Client& client, const Uri& folder, int winners) {
  throw Error(
      error_class::kUnsafeObjectStore,
      "{} is not safe for tables: {} of {} racing writers created the same object in '{}' (If-None-Match is not "
      "honoured), so commits could be lost; use a store that honours it, such as AWS S3, LocalStack or versitygw",
      client.config().StoreName(), winners, kRacers + 1, folder.ToString());
}

void Probe(const Client& client, const Uri& folder) {
  for (int attempt = 1;; ++attempt) {
    const Uri object = folder.Child(".quell-probe-" + RandomId());
    std::vector<ConditionalAnswer> answers = Race(client, object);
    answers.push_back(client.TryPutIfAbsent(object, BytesOf("late"), RandomId()));
    client.Delete(object);
    const auto winners = std::count(answers.begin(), answers.end(), ConditionalAnswer::kCreated);
    if (winners > 1 || answers.back() == ConditionalAnswer::kCreated) {
      ThrowUnsafe(client, folder, static_cast<int>(winners));
    }
    // An answer that got lost proves nothing.
    const bool all_known = std::count(answers.begin(), answers.end(), ConditionalAnswer::kUnknown) == 0;
    if (winners == 1 && all_known) return;
    if (!client.WaitBeforeRetry(attempt)) {
      throw Error(error_class::kObjectStore,
                  "cannot find out whether {} has conditional writes: it does not answer in '{}'",
                  client.config().StoreName(), folder.ToString());
    }
  }
}

}  // namespace

PutResult PutIfAbsent(const Client& client, const Uri& object, std::span<const uint8_t> data) {
  const std::string put_id = RandomId();
  for (int attempt = 1;; ++attempt) {
    const ConditionalAnswer answer = client.TryPutIfAbsent(object, data, put_id);
    if (answer == ConditionalAnswer::kCreated) return PutResult::kCreated;
    // A connection that breaks may have been tried again by libcurl, so "exists" may be our own doing.
    if (const std::optional<ObjectHead> head = client.Head(object)) {
      return head->put_id == put_id ? PutResult::kCreated : PutResult::kAlreadyExists;
    }
    if (!client.WaitBeforeRetry(attempt)) {
      throw Error(error_class::kObjectStore, "cannot write '{}' at {}: no answer to {} attempts; try again later",
                  object.ToString(), client.config().StoreName(), attempt);
    }
  }
}

void ProbeConditionalWrites(const Client& client, const Uri& folder) {
  static auto* mutex = new ForkSafeMutex(ForkSafeMutex::Rank::kProbedStores);
  static auto* proven = new std::set<std::pair<std::string, std::string>>;
  const auto place = std::make_pair(client.config().StoreName(), folder.bucket);
  {
    const std::lock_guard lock(*mutex);
    if (proven->contains(place)) return;
  }
  Probe(client, folder);
  const std::lock_guard lock(*mutex);
  proven->insert(place);
}

}  // namespace quell::storage::s3
