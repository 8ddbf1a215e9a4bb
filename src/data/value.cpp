#include "data/value.h"

#include <cmath>

#include "base/check.h"
#include "data/format.h"
#include "data/time_zone.h"

namespace quell {

namespace {

template <typename T>
int Order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

std::string FormatNested(const Value& value, const Type& type, const std::string& time_zone) {
  const auto& items = std::get<std::vector<Value>>(value.data);
  const auto item = [&](size_t i, const Type& item_type) {
    return items[i].is_null() ? std::string("null") : FormatValue(items[i], item_type, time_zone);
  };
  const auto& children = type.children();
  std::string text;
  if (type.id() == TypeId::kMap) {
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (i > 0) text += ", ";
      text += item(i, children[0].type) + " -> " + item(i + 1, children[1].type);
    }
    return "{" + text + "}";
  }
  const bool is_array = type.id() == TypeId::kArray;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += ", ";
    text += item(i, children[is_array ? 0 : i].type);
  }
  return is_array ? "[" + text + "]" : "{" + text + "}";
}

}  // namespace

int CompareValues(const Value& a, const Value& b) {
  QUELL_CHECK(a.data.index() == b.data.index() && !a.is_null());
  if (const auto* x = std::get_if<double>(&a.data)) {
    const double y = std::get<double>(b.data);
    if (std::isnan(*x) || std::isnan(y)) return Order(std::isnan(*x), std::isnan(y));
    return Order(*x, y);
  }
  if (const auto* x = std::get_if<std::vector<Value>>(&a.data)) {
    const auto& y = std::get<std::vector<Value>>(b.data);
    for (size_t i = 0; i < x->size() && i < y.size(); ++i) {
      if ((*x)[i].is_null() || y[i].is_null()) {
        if ((*x)[i].is_null() != y[i].is_null()) return (*x)[i].is_null() ? -1 : 1;
        continue;
      }
      if (const int order = CompareValues((*x)[i], y[i])) return order;
    }
    return Order(x->size(), y.size());
  }
  return std::visit(
      [&](const auto& x) -> int {
        using T = std::decay_t<decltype(x)>;
        if constexpr (std::is_same_v<T, std::monostate> || std::is_same_v<T, std::vector<Value>>) {
          return 0;
        } else {
          return Order(x, std::get<T>(b.data));
        }
      },
      a.data);
}

std::string FormatValue(const Value& value, const Type& type, const std::string& time_zone) {
  if (value.is_null()) return "NULL";
  const auto integer = [&] { return std::get<int64_t>(value.data); };
  switch (type.id()) {
    case TypeId::kNull: return "NULL";
    case TypeId::kBoolean: return std::get<bool>(value.data) ? "true" : "false";
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInt:
    case TypeId::kLong: return std::to_string(integer());
    case TypeId::kFloat: return FormatFloat(static_cast<float>(std::get<double>(value.data)));
    case TypeId::kDouble: return FormatDouble(std::get<double>(value.data));
    case TypeId::kDecimal: return FormatDecimal(std::get<Int128>(value.data), type.scale());
    case TypeId::kString:
    case TypeId::kBinary: return std::get<std::string>(value.data);
    case TypeId::kDate: return FormatDate(integer());
    case TypeId::kTimestamp: return FormatLocalTime(ZoneCursor(TimeZone::Find(time_zone)).LocalAt(integer()));
    case TypeId::kTimestampNtz: return FormatLocalTimestamp(integer());
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval: return FormatInterval(integer(), type);
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct: return FormatNested(value, type, time_zone);
  }
  QUELL_CHECK(false);
}

}  // namespace quell
