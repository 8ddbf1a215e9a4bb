// window(time, duration): the tumbling window that a timestamp falls into.
#include <cctype>

#include "data/schema.h"
#include "expression/datetime_text.h"
#include "expression/functions/datetime.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

constexpr ErrorClass kParse{"CANNOT_PARSE_INTERVAL", "22006"};

// "1 week 2 days", with or without the word INTERVAL; units up to weeks.
int64_t ParseDuration(const FunctionCall& call, std::string_view text) {
  struct Unit {
    std::string_view name;
    int64_t micros;
  };
  static constexpr Unit kUnits[] = {
      {"microsecond", 1},       {"millisecond", 1000},  {"second", kMicrosPerSecond}, {"minute", kMicrosPerMinute},
      {"hour", kMicrosPerHour}, {"day", kMicrosPerDay}, {"week", 7 * kMicrosPerDay},
  };
  const auto fail = [&]() -> int64_t {
    throw Error(kParse, call.location, "'{}' is no duration of {}; give one such as '10 minutes'", text, call.name);
  };
  std::vector<std::string> words;
  for (const char c : TrimSpace(text)) {
    if (words.empty() || c == ' ') {
      if (words.empty() || !words.back().empty()) words.emplace_back();
      if (c == ' ') continue;
    }
    words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (!words.empty() && words[0] == "interval") words.erase(words.begin());
  if (words.empty() || words.size() % 2 != 0) fail();
  int64_t total = 0;
  for (size_t i = 0; i < words.size(); i += 2) {
    std::string_view name = words[i + 1];
    if (name.ends_with('s')) name.remove_suffix(1);
    const Unit* found = nullptr;
    for (const Unit& unit : kUnits) {
      if (unit.name == name) found = &unit;
    }
    if (!found || words[i].empty() || words[i].find_first_not_of("0123456789") != std::string::npos ||
        words[i].size() > 12)
      fail();
    total += std::stoll(words[i]) * found->micros;
  }
  return total;
}

int64_t DurationArgument(const FunctionCall& call, size_t index) {
  const std::optional<Value> value = ConstantArgument(call, index);
  if (value && call.arguments[index]->type().id() == TypeId::kDayTimeInterval) return std::get<int64_t>(value->data);
  const auto* text = value ? std::get_if<std::string>(&value->data) : nullptr;
  if (!text) ThrowMismatch(call, index, "a constant duration");
  return ParseDuration(call, *text);
}

ExprPtr BindWindow(const FunctionCall& call) {
  CheckArity(call, 2, 4);
  const int64_t duration = DurationArgument(call, 1);
  const int64_t slide = call.arguments.size() > 2 ? DurationArgument(call, 2) : duration;
  const int64_t start = call.arguments.size() > 3 ? DurationArgument(call, 3) : 0;
  if (duration <= 0 || slide <= 0) {
    throw Error(error_class::kInvalidParameterValue, call.location, "the durations of window must be above 0");
  }
  if (slide != duration) {
    throw Error(error_class::kUnsupportedFeature, call.location, "window takes no slide other than its duration yet");
  }
  ExprPtr time = TimestampArgument(call, 0);
  if (time->type().id() == TypeId::kDate) time = Argument(call, 0, Type(TypeId::kTimestamp));
  const Type type = time->type();
  const std::string variant = std::to_string(duration) + "+" + std::to_string(start);
  const auto edge = [&](int64_t shift) {
    KernelPtr kernel = MakeKernel<int64_t, int64_t>(
        [=](int64_t us) {
          const auto since = static_cast<int64_t>((Int128{us} - start) % duration);
          return CheckedMicros(Int128{us} - FloorMod(since, duration) + shift);
        },
        variant + "+" + std::to_string(shift));
    return std::make_shared<Call>(shift == 0 ? "window_start" : "window_end", std::move(kernel), type, time->nullable(),
                                  ExprList{time});
  };
  const auto name = [](const char* text) { return MakeLiteral(Value{std::string(text)}, TypeId::kString); };
  return Rebind(call, "named_struct", {name("start"), edge(0), name("end"), edge(duration)});
}

}  // namespace

void RegisterWindow(FunctionRegistry& registry) { registry.Add("window", BindWindow); }

}  // namespace quell
