// array, map, [], element_at, size, array_contains and other functions of arrays and maps.
#include "expression/functions/collection.h"

#include <algorithm>

#include "expression/coercion.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);
const Type kInt(TypeId::kInt);
const Type kString(TypeId::kString);

constexpr ErrorClass kInvalidArrayIndex{"INVALID_ARRAY_INDEX", "22003"};
constexpr ErrorClass kInvalidArrayIndexInElementAt{"INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "22003"};
constexpr ErrorClass kInvalidIndexOfZero{"INVALID_INDEX_OF_ZERO", "22003"};
constexpr ErrorClass kNullMapKey{"NULL_MAP_KEY", "2200E"};
constexpr ErrorClass kDuplicatedMapKey{"DUPLICATED_MAP_KEY", "23505"};

bool AnyNullable(const ExprList& list) {
  return std::any_of(list.begin(), list.end(), [](const ExprPtr& e) { return e->nullable(); });
}

// Never NULL itself, whatever its items.
ExprPtr MakeCollection(const FunctionCall& call, Type type, ExprList items, KernelPtr kernel) {
  return std::make_shared<Call>(std::string(call.name), std::move(kernel), std::move(type), false, std::move(items));
}

ExprPtr BindArray(const FunctionCall& call) {
  static const KernelPtr kKernel =
      MakeValueKernel([](std::vector<Value>& items) { return Value{std::move(items)}; }, true);
  if (call.arguments.empty()) return MakeCollection(call, Type::Array(Type(), false), {}, kKernel);
  ExprList items = CommonArguments(call);
  const Type type = Type::Array(items[0]->type(), AnyNullable(items));
  return MakeCollection(call, type, std::move(items), kKernel);
}

// k1, v1, k2, v2 ... as a map; a key twice is an error.
Value CheckedMap(std::vector<Value> items) {
  for (size_t i = 0; i < items.size(); i += 2) {
    if (items[i].is_null()) throw Error(kNullMapKey, "NULL cannot be the key of a map");
    for (size_t j = 0; j < i; j += 2) {
      if (SameItem(items[i], items[j])) throw Error(kDuplicatedMapKey, "a key of a map is there twice");
    }
  }
  return Value{std::move(items)};
}

ExprPtr BindMap(const FunctionCall& call) {
  static const KernelPtr kKernel =
      MakeValueKernel([](std::vector<Value>& items) { return CheckedMap(std::move(items)); }, true);
  if (call.arguments.size() % 2 != 0) {
    throw Error(error_class::kWrongNumArgs, call.location, "map takes pairs of a key and a value, not {} arguments",
                call.arguments.size());
  }
  if (call.arguments.empty()) return MakeCollection(call, Type::Map(kString, kString, false), {}, kKernel);
  ExprList sides[2];
  for (size_t i = 0; i < call.arguments.size(); ++i) sides[i % 2].push_back(call.arguments[i]);
  for (ExprList& side : sides) side = CommonArguments(FunctionCall{call.name, side, call.location, call.settings});
  ExprList items;
  for (size_t i = 0; i < call.arguments.size(); ++i) items.push_back(sides[i % 2][i / 2]);
  const Type type = Type::Map(sides[0][0]->type(), sides[1][0]->type(), AnyNullable(sides[1]));
  return MakeCollection(call, type, std::move(items), kKernel);
}

ExprPtr BindMapFromArrays(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    const auto& keys = ItemsOf(arguments[0]);
    const auto& values = ItemsOf(arguments[1]);
    if (keys.size() != values.size()) {
      throw Error(ErrorClass{"MAP_KEY_VALUE_DIFF_SIZES", "22023"}, "there are {} keys and {} values", keys.size(),
                  values.size());
    }
    std::vector<Value> items;
    for (size_t i = 0; i < keys.size(); ++i) {
      items.push_back(keys[i]);
      items.push_back(values[i]);
    }
    return CheckedMap(std::move(items));
  });
  CheckArity(call, 2, 2);
  ExprPtr keys = NestedArgument(call, 0, TypeId::kArray);
  ExprPtr values = NestedArgument(call, 1, TypeId::kArray);
  const Field& value = values->type().children()[0];
  const Type type = Type::Map(keys->type().children()[0].type, value.type, value.nullable);
  return MakeCall(call, type, {std::move(keys), std::move(values)}, kKernel);
}

Value FindKey(const Value& map, const Value& key) {
  const auto& items = ItemsOf(map);
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (SameItem(items[i], key)) return items[i + 1];
  }
  return Value{};
}

enum class OutOfBounds : uint8_t { kRaise, kNull };

// array[index], from 0.
KernelPtr IndexKernel(OutOfBounds mode) {
  return MakeValueKernel(
      [mode](std::vector<Value>& arguments) {
        const auto& items = ItemsOf(arguments[0]);
        const int64_t index = std::get<int64_t>(arguments[1].data);
        if (index >= 0 && index < static_cast<int64_t>(items.size())) return items[static_cast<size_t>(index)];
        if (mode == OutOfBounds::kNull) return Value{};
        throw Error(kInvalidArrayIndex,
                    "the index {} is out of bounds: the array has {} elements; use get() to get NULL", index,
                    items.size());
      },
      false, std::to_string(static_cast<int>(mode)));
}

// element_at(array, index), from 1, or from the end.
KernelPtr ElementKernel(OutOfBounds mode) {
  return MakeValueKernel(
      [mode](std::vector<Value>& arguments) {
        const auto& items = ItemsOf(arguments[0]);
        const int64_t index = std::get<int64_t>(arguments[1].data);
        const auto size = static_cast<int64_t>(items.size());
        if (index == 0) throw Error(kInvalidIndexOfZero, "the index 0 is invalid; elements count from 1");
        const int64_t at = index > 0 ? index - 1 : size + index;
        if (at >= 0 && at < size) return items[static_cast<size_t>(at)];
        if (mode == OutOfBounds::kNull) return Value{};
        throw Error(kInvalidArrayIndexInElementAt,
                    "the index {} is out of bounds: the array has {} elements; use try_element_at to get NULL", index,
                    size);
      },
      false, std::to_string(static_cast<int>(mode)));
}

ExprPtr MakeLookup(const FunctionCall& call, const ExprPtr& map) {
  static const KernelPtr kKernel =
      MakeValueKernel([](std::vector<Value>& arguments) { return FindKey(arguments[0], arguments[1]); });
  const auto& children = map->type().children();
  return MakeCall(call, children[1].type, {map, Argument(call, 1, children[0].type)}, kKernel, true);
}

// child[extraction] of an array, a map or a struct.
ExprPtr BindExtract(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  const ExprPtr& child = call.arguments[0];
  switch (child->type().id()) {
    case TypeId::kStruct: return Rebind(call, "get_struct_field", call.arguments);
    case TypeId::kMap: return MakeLookup(call, child);
    case TypeId::kArray: {
      const Type& element = child->type().children()[0].type;
      if (element.id() == TypeId::kStruct && call.arguments[1]->type().id() == TypeId::kString)
        return Rebind(call, "get_array_struct_fields", call.arguments);
      if (!call.arguments[1]->type().is_integral()) ThrowMismatch(call, 1, "INTEGRAL");
      return MakeCall(call, element, {child, Argument(call, 1, kInt)},
                      IndexKernel(call.settings.ansi ? OutOfBounds::kRaise : OutOfBounds::kNull), true);
    }
    default: break;
  }
  throw Error(ErrorClass{"INVALID_EXTRACT_BASE_FIELD_TYPE", "42000"}, call.location,
              "a value cannot be taken out of {}, which is no array, map or struct", child->type().ToSql());
}

FunctionBinder BindElementAt(bool is_try) {
  return [is_try](const FunctionCall& call) {
    CheckArity(call, 2, 2);
    const ExprPtr& child = call.arguments[0];
    if (child->type().id() == TypeId::kMap) return MakeLookup(call, child);
    if (child->type().id() != TypeId::kArray) ThrowMismatch(call, 0, "ARRAY or MAP");
    const bool null = is_try || !call.settings.ansi;
    return MakeCall(call, child->type().children()[0].type, {child, Argument(call, 1, kInt)},
                    ElementKernel(null ? OutOfBounds::kNull : OutOfBounds::kRaise), true);
  };
}

ExprPtr BindGet(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
  const Type element = array->type().children()[0].type;
  return MakeCall(call, element, {std::move(array), Argument(call, 1, kInt)}, IndexKernel(OutOfBounds::kNull), true);
}

ExprPtr BindSize(const FunctionCall& call) {
  static const KernelPtr kArray =
      MakeValueKernel([](std::vector<Value>& a) { return Value{static_cast<int64_t>(ItemsOf(a[0]).size())}; });
  static const KernelPtr kMap =
      MakeValueKernel([](std::vector<Value>& a) { return Value{static_cast<int64_t>(ItemsOf(a[0]).size() / 2)}; });
  CheckArity(call, 1, 1);
  const TypeId id = call.arguments[0]->type().id();
  if (id != TypeId::kArray && id != TypeId::kMap) ThrowMismatch(call, 0, "ARRAY or MAP");
  return MakeCall(call, kInt, call.arguments, id == TypeId::kArray ? kArray : kMap);
}

ExprPtr BindArraySize(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  return Rebind(call, "size", {NestedArgument(call, 0, TypeId::kArray)});
}

ExprPtr BindMapConcat(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& maps) {
    std::vector<Value> items;
    for (Value& map : maps) items.insert(items.end(), ItemsOf(map).begin(), ItemsOf(map).end());
    return CheckedMap(std::move(items));
  });
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (call.arguments[i]->type().id() == TypeId::kMap) continue;
    throw Error(ErrorClass{"DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES", "42K09"}, call.location,
                "map_concat takes maps of one type, not {}", call.arguments[i]->type().ToSql());
  }
  if (call.arguments.empty()) return Rebind(call, "map", {});
  ExprList maps = CommonArguments(call);
  const Type type = maps[0]->type();
  return MakeCall(call, type, std::move(maps), kKernel);
}

// The array and the value as one type of element.
std::pair<ExprPtr, ExprPtr> ArrayAndElement(const FunctionCall& call) {
  ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
  const auto common = CommonType(array->type().children()[0].type, call.arguments[1]->type(), call.settings.ansi);
  if (!common) ThrowMismatch(call, 1, array->type().children()[0].type.ToSql());
  const bool contains_null = array->type().children()[0].nullable;
  return {ImplicitCast(array, Type::Array(*common, contains_null), call.settings),
          ImplicitCast(call.arguments[1], *common, call.settings)};
}

// NULL when it is not found beside a NULL.
ExprPtr BindArrayContains(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    bool has_null = false;
    for (const Value& item : ItemsOf(arguments[0])) {
      if (!item.is_null() && SameItem(item, arguments[1])) return Value{true};
      has_null |= item.is_null();
    }
    return has_null ? Value{} : Value{false};
  });
  CheckArity(call, 2, 2);
  auto [array, element] = ArrayAndElement(call);
  return MakeCall(call, kBoolean, {std::move(array), std::move(element)}, kKernel, true);
}

ExprPtr BindArrayPosition(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    const auto& items = ItemsOf(arguments[0]);
    for (size_t i = 0; i < items.size(); ++i) {
      if (!items[i].is_null() && SameItem(items[i], arguments[1])) return Value{static_cast<int64_t>(i + 1)};
    }
    return Value{int64_t{0}};
  });
  CheckArity(call, 2, 2);
  auto [array, element] = ArrayAndElement(call);
  return MakeCall(call, Type(TypeId::kLong), {std::move(array), std::move(element)}, kKernel);
}

ExprPtr BindMapContainsKey(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    const auto& items = ItemsOf(arguments[0]);
    for (size_t i = 0; i < items.size(); i += 2) {
      if (SameItem(items[i], arguments[1])) return Value{true};
    }
    return Value{false};
  });
  CheckArity(call, 2, 2);
  ExprPtr map = NestedArgument(call, 0, TypeId::kMap);
  const Type key = map->type().children()[0].type;
  const Type& wanted = call.arguments[1]->type();
  if ((key.id() == TypeId::kString) != (wanted.id() == TypeId::kString) && wanted.id() != TypeId::kNull) {
    throw Error(ErrorClass{"DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES", "42K09"}, call.location,
                "{} takes a map and a key of its type, not {} and {}", call.name, map->type().ToSql(), wanted.ToSql());
  }
  return MakeCall(call, kBoolean, {std::move(map), Argument(call, 1, key)}, kKernel);
}

FunctionBinder BindMapSide(size_t side) {
  const KernelPtr kernel = MakeValueKernel([side](std::vector<Value>& arguments) {
    std::vector<Value> result;
    const auto& items = ItemsOf(arguments[0]);
    for (size_t i = side; i < items.size(); i += 2) result.push_back(items[i]);
    return Value{std::move(result)};
  });
  return [=](const FunctionCall& call) {
    CheckArity(call, 1, 1);
    ExprPtr map = NestedArgument(call, 0, TypeId::kMap);
    const Field& field = map->type().children()[side];
    return MakeCall(call, Type::Array(field.type, side == 1 && field.nullable), {std::move(map)}, kernel);
  };
}

}  // namespace

KernelPtr MakeValueKernel(RowFunction f, bool sees_nulls, std::string variant) {
  ScalarKernel kernel;
  kernel.null_propagating = !sees_nulls;
  kernel.variant = std::move(variant);
  kernel.compute = [f = std::move(f)](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    std::vector<Value> results(static_cast<size_t>(rows.num_rows));
    std::vector<Value> row_arguments(arguments.size());
    rows.ForEach([&](int64_t row) {
      row_arguments.resize(arguments.size());
      for (size_t i = 0; i < arguments.size(); ++i) row_arguments[i] = ValueAt(arguments[i], row);
      results[static_cast<size_t>(row)] = f(row_arguments);
    });
    return MakeColumn(result, results);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr NestedArgument(const FunctionCall& call, size_t index, TypeId id) {
  if (call.arguments[index]->type().id() != id) ThrowMismatch(call, index, id == TypeId::kArray ? "ARRAY" : "MAP");
  return call.arguments[index];
}

void RegisterCollection(FunctionRegistry& registry) {
  registry.Add("array", BindArray);
  registry.Add("map", BindMap);
  registry.Add("map_from_arrays", BindMapFromArrays);
  registry.Add("[]", BindExtract);
  registry.Add("element_at", BindElementAt(false));
  registry.Add("try_element_at", BindElementAt(true));
  registry.Add("get", BindGet);
  for (const char* name : {"size", "cardinality"}) registry.Add(name, BindSize);
  registry.Add("array_size", BindArraySize);
  registry.Add("map_concat", BindMapConcat);
  registry.Add("array_contains", BindArrayContains);
  registry.Add("array_position", BindArrayPosition);
  registry.Add("map_contains_key", BindMapContainsKey);
  registry.Add("map_keys", BindMapSide(0));
  registry.Add("map_values", BindMapSide(1));
}

}  // namespace quell
