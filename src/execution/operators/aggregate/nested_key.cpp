#include "execution/operators/aggregate/nested_key.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace quell::execution {
namespace {

template <typename T>
void AppendRaw(const T& value, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), sizeof(T));
}

template <typename T>
T ReadRaw(std::string_view* bytes) {
  T value;
  std::memcpy(&value, bytes->data(), sizeof(T));
  bytes->remove_prefix(sizeof(T));
  return value;
}

Value ReadValue(std::string_view* bytes) {
  switch (ReadRaw<uint8_t>(bytes)) {
    case 1: return Value{ReadRaw<bool>(bytes)};
    case 2: return Value{ReadRaw<int64_t>(bytes)};
    case 3: return Value{ReadRaw<double>(bytes)};
    case 4: return Value{ReadRaw<Int128>(bytes)};
    case 5: {
      const auto size = ReadRaw<uint32_t>(bytes);
      std::string text(bytes->substr(0, size));
      bytes->remove_prefix(size);
      return Value{std::move(text)};
    }
    case 6: {
      std::vector<Value> members(ReadRaw<uint32_t>(bytes));
      for (Value& member : members) member = ReadValue(bytes);
      return Value{std::move(members)};
    }
    default: return Value{};
  }
}

struct Appender {
  std::string* out;
  void operator()(std::monostate) const {}
  void operator()(bool value) const { AppendRaw(value, out); }
  void operator()(int64_t value) const { AppendRaw(value, out); }
  void operator()(double value) const {
    if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
    AppendRaw(value == 0 ? 0.0 : value, out);
  }
  void operator()(Int128 value) const { AppendRaw(value, out); }
  void operator()(const std::string& value) const {
    AppendRaw(static_cast<uint32_t>(value.size()), out);
    out->append(value);
  }
  void operator()(const std::vector<Value>& members) const {
    AppendRaw(static_cast<uint32_t>(members.size()), out);
    for (const Value& member : members) AppendValue(member, out);
  }
};

}  // namespace

void AppendValue(const Value& value, std::string* out) {
  AppendRaw(static_cast<uint8_t>(value.data.index()), out);
  std::visit(Appender{out}, value.data);
}

Value ParseValue(std::string_view bytes) { return ReadValue(&bytes); }

}  // namespace quell::execution
