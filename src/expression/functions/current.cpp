// What the session and the statement know: current_date, now, current_user ... They are literals of a statement.
#include "expression/functions/datetime.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

using Getter = Value (*)(const ExpressionSettings& settings);

int64_t LocalNow(const ExpressionSettings& settings) {
  return settings.now_us + TimeZone::Find(settings.time_zone).SpanAt(settings.now_us).offset_us;
}

FunctionBinder Constant(TypeId type, Getter getter) {
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 0, 0);
    return MakeLiteral(getter(call.settings), type);
  };
}

}  // namespace

void RegisterCurrent(FunctionRegistry& registry) {
  const auto add = [&](std::initializer_list<const char*> names, TypeId type, Getter getter) {
    for (const char* name : names) registry.Add(name, Constant(type, getter));
  };
  add({"current_timestamp", "now"}, TypeId::kTimestamp, [](const ExpressionSettings& s) { return Value{s.now_us}; });
  add({"localtimestamp"}, TypeId::kTimestampNtz, [](const ExpressionSettings& s) { return Value{LocalNow(s)}; });
  add({"current_date", "curdate"}, TypeId::kDate,
      [](const ExpressionSettings& s) { return Value{FloorDiv(LocalNow(s), kMicrosPerDay)}; });
  add({"current_timezone"}, TypeId::kString, [](const ExpressionSettings& s) { return Value{s.time_zone}; });
  add({"current_catalog"}, TypeId::kString, [](const ExpressionSettings& s) { return Value{s.current_catalog}; });
  add({"current_database", "current_schema"}, TypeId::kString,
      [](const ExpressionSettings& s) { return Value{s.current_database}; });
  add({"current_user", "user", "session_user"}, TypeId::kString,
      [](const ExpressionSettings& s) { return Value{s.user}; });
}

}  // namespace quell
