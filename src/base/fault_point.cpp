#include "base/fault_point.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <string>

#include <unistd.h>

#include "base/error_classes.h"

namespace quell {

namespace {

enum class FaultAction { kKill, kStop, kError, kLostAnswer };

struct ArmedFault {
  std::string name;
  FaultAction action;
  std::atomic<int> passes_left;

  ArmedFault(std::string_view fault_name, FaultAction fault_action, int pass)
      : name(fault_name), action(fault_action), passes_left(pass) {}
};

FaultAction ParseAction(std::string_view text) {
  if (text == "kill") return FaultAction::kKill;
  if (text == "stop") return FaultAction::kStop;
  if (text == "error") return FaultAction::kError;
  if (text == "lost_answer") return FaultAction::kLostAnswer;
  throw Error(error_class::kInvalidConfValue,
              "unknown action in QUELL_FAULT: '{}'; use kill, stop, error or lost_answer", text);
}

std::deque<ArmedFault> ParseFaults(std::string_view text) {
  std::deque<ArmedFault> faults;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      throw Error(error_class::kInvalidConfValue, "no action in QUELL_FAULT: '{}'; write name=kill", item);
    }
    std::string_view name = item.substr(0, equals);
    int pass = 1;
    if (const size_t colon = name.find(':'); colon != std::string_view::npos) {
      pass = std::atoi(std::string(name.substr(colon + 1)).c_str());
      name = name.substr(0, colon);
    }
    faults.emplace_back(name, ParseAction(item.substr(equals + 1)), pass);
  }
  return faults;
}

std::deque<ArmedFault>& ArmedFaults() {
  static std::deque<ArmedFault> faults = [] {
    const char* text = std::getenv("QUELL_FAULT");
    return ParseFaults(text ? text : "");
  }();
  return faults;
}

}  // namespace

Fault FaultPoint(std::string_view name) {
  for (ArmedFault& fault : ArmedFaults()) {
    if (fault.name != name || fault.passes_left.fetch_sub(1) != 1) continue;
    switch (fault.action) {
      case FaultAction::kKill: kill(getpid(), SIGKILL); break;
      case FaultAction::kStop: kill(getpid(), SIGSTOP); break;
      case FaultAction::kError: throw Error(error_class::kFailedWriteFile, "fault injected at '{}'", name);
      case FaultAction::kLostAnswer: return Fault::kLostAnswer;
    }
  }
  return Fault::kNone;
}

}  // namespace quell
