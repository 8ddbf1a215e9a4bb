// sort_array, array_distinct, array_join, slice, flatten, sequence and other functions that make arrays of arrays.
#include <algorithm>

#include "expression/coercion.h"
#include "expression/functions/collection.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);
const Type kInt(TypeId::kInt);
const Type kString(TypeId::kString);

const Field& ElementOf(const ExprPtr& array) { return array->type().children()[0]; }

bool ContainsItem(const std::vector<Value>& items, const Value& item) {
  return std::any_of(items.begin(), items.end(), [&](const Value& other) { return SameItem(item, other); });
}

// NULLs come first in ascending order, last in descending.
ExprPtr BindSortArray(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    auto& items = ItemsOf(arguments[0]);
    const bool ascending = std::get<bool>(arguments[1].data);
    std::stable_sort(items.begin(), items.end(), [&](const Value& a, const Value& b) {
      if (a.is_null() || b.is_null()) return ascending ? a.is_null() && !b.is_null() : !a.is_null() && b.is_null();
      return ascending ? CompareValues(a, b) < 0 : CompareValues(b, a) < 0;
    });
    return Value{std::move(items)};
  });
  CheckArity(call, 1, 2);
  ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
  if (!IsOrderable(ElementOf(array).type)) {
    throw Error(kInvalidOrderingType, call.location, "{} cannot order values of the type {}", call.name,
                ElementOf(array).type.ToSql());
  }
  const bool is_flag = call.arguments.size() < 2 || call.arguments[1]->type().id() == TypeId::kBoolean ||
                       call.arguments[1]->type().id() == TypeId::kNull;
  if (!is_flag) ThrowMismatch(call, 1, "BOOLEAN");
  ExprPtr ascending =
      call.arguments.size() == 2 ? Argument(call, 1, kBoolean) : MakeLiteral(Value{true}, TypeId::kBoolean);
  const Type type = array->type();
  return MakeCall(call, type, {std::move(array), std::move(ascending)}, kKernel);
}

// A function of one array to an array of the same type.
FunctionBinder BindMapArray(std::vector<Value> (*f)(std::vector<Value>&)) {
  const KernelPtr kernel =
      MakeValueKernel([f](std::vector<Value>& arguments) { return Value{f(ItemsOf(arguments[0]))}; });
  return [kernel](const FunctionCall& call) {
    CheckArity(call, 1, 1);
    ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
    const Type type = array->type();
    return MakeCall(call, type, {std::move(array)}, kernel);
  };
}

std::vector<Value> Distinct(std::vector<Value>& items) {
  std::vector<Value> distinct;
  for (Value& item : items) {
    if (!ContainsItem(distinct, item)) distinct.push_back(std::move(item));
  }
  return distinct;
}

std::vector<Value> WithoutNulls(std::vector<Value>& items) {
  std::erase_if(items, [](const Value& item) { return item.is_null(); });
  return std::move(items);
}

std::vector<Value> Reversed(std::vector<Value>& items) {
  std::reverse(items.begin(), items.end());
  return std::move(items);
}

// A function of two arrays of one type.
FunctionBinder BindSetFunction(std::vector<Value> (*f)(std::vector<Value>&, std::vector<Value>&)) {
  const KernelPtr kernel = MakeValueKernel(
      [f](std::vector<Value>& arguments) { return Value{f(ItemsOf(arguments[0]), ItemsOf(arguments[1]))}; });
  return [kernel](const FunctionCall& call) {
    CheckArity(call, 2, 2);
    NestedArgument(call, 0, TypeId::kArray);
    NestedArgument(call, 1, TypeId::kArray);
    ExprList arrays = CommonArguments(call);
    const Type type = arrays[0]->type();
    return MakeCall(call, type, std::move(arrays), kernel);
  };
}

std::vector<Value> Union(std::vector<Value>& a, std::vector<Value>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return Distinct(a);
}

std::vector<Value> Intersection(std::vector<Value>& a, std::vector<Value>& b) {
  std::vector<Value> distinct = Distinct(a);
  std::erase_if(distinct, [&](const Value& item) { return !ContainsItem(b, item); });
  return distinct;
}

std::vector<Value> Difference(std::vector<Value>& a, std::vector<Value>& b) {
  std::vector<Value> distinct = Distinct(a);
  std::erase_if(distinct, [&](const Value& item) { return ContainsItem(b, item); });
  return distinct;
}

// array_join(array, delimiter[, text for NULL]).
ExprPtr BindArrayJoin(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    std::string text;
    bool first = true;
    for (const Value& item : ItemsOf(arguments[0])) {
      if (item.is_null() && arguments.size() < 3) continue;
      if (!first) text += std::get<std::string>(arguments[1].data);
      first = false;
      text += std::get<std::string>((item.is_null() ? arguments[2] : item).data);
    }
    return Value{std::move(text)};
  });
  CheckArity(call, 2, 3);
  NestedArgument(call, 0, TypeId::kArray);
  ExprList arguments{Argument(call, 0, Type::Array(kString)), Argument(call, 1, kString)};
  if (call.arguments.size() == 3) arguments.push_back(Argument(call, 2, kString));
  return MakeCall(call, kString, std::move(arguments), kKernel);
}

ExprPtr BindSlice(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    auto& items = ItemsOf(arguments[0]);
    const auto size = static_cast<int64_t>(items.size());
    const int64_t start = std::get<int64_t>(arguments[1].data);
    const int64_t length = std::get<int64_t>(arguments[2].data);
    if (start == 0)
      throw Error(ErrorClass{"INVALID_PARAMETER_VALUE.START", "22023"}, "the start of slice counts from 1, not from 0");
    if (length < 0)
      throw Error(ErrorClass{"INVALID_PARAMETER_VALUE.LENGTH", "22023"}, "the length of slice is {}, less than 0",
                  length);
    const int64_t begin = start > 0 ? start - 1 : size + start;
    if (begin < 0 || begin >= size) return Value{std::vector<Value>()};
    return Value{std::vector<Value>(items.begin() + begin, items.begin() + std::min(begin + length, size))};
  });
  CheckArity(call, 3, 3);
  ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
  const Type type = array->type();
  return MakeCall(call, type, {std::move(array), Argument(call, 1, kInt), Argument(call, 2, kInt)}, kKernel);
}

ExprPtr BindFlatten(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    std::vector<Value> flat;
    for (Value& inner : ItemsOf(arguments[0])) {
      if (inner.is_null()) return Value{};
      auto& items = ItemsOf(inner);
      flat.insert(flat.end(), items.begin(), items.end());
    }
    return Value{std::move(flat)};
  });
  CheckArity(call, 1, 1);
  ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
  const Type inner = ElementOf(array).type;
  if (inner.id() != TypeId::kArray) ThrowMismatch(call, 0, "ARRAY of ARRAY");
  return MakeCall(call, inner, {std::move(array)}, kKernel, true);
}

// array_append and array_prepend; array_remove.
FunctionBinder BindAdd(bool at_end) {
  const KernelPtr kernel = MakeValueKernel(
      [at_end](std::vector<Value>& arguments) {
        if (arguments[0].is_null()) return Value{};
        auto& items = ItemsOf(arguments[0]);
        items.insert(at_end ? items.end() : items.begin(), std::move(arguments[1]));
        return Value{std::move(items)};
      },
      true);
  return [kernel](const FunctionCall& call) {
    CheckArity(call, 2, 2);
    ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
    const auto common = CommonType(ElementOf(array).type, call.arguments[1]->type(), call.settings.ansi);
    if (!common) ThrowMismatch(call, 1, ElementOf(array).type.ToSql());
    const Type type = Type::Array(*common, true);
    return MakeCall(call, type,
                    {ImplicitCast(array, type, call.settings), ImplicitCast(call.arguments[1], *common, call.settings)},
                    kernel);
  };
}

ExprPtr BindRemove(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    auto& items = ItemsOf(arguments[0]);
    std::erase_if(items, [&](const Value& item) { return !item.is_null() && SameItem(item, arguments[1]); });
    return Value{std::move(items)};
  });
  CheckArity(call, 2, 2);
  ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
  const Type type = array->type();
  return MakeCall(call, type, {std::move(array), Argument(call, 1, type.children()[0].type)}, kKernel);
}

ExprPtr BindRepeat(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel(
      [](std::vector<Value>& arguments) {
        if (arguments[1].is_null()) return Value{};
        const int64_t count = std::max<int64_t>(0, std::get<int64_t>(arguments[1].data));
        return Value{std::vector<Value>(static_cast<size_t>(count), arguments[0])};
      },
      true);
  CheckArity(call, 2, 2);
  const ExprPtr& item = call.arguments[0];
  return MakeCall(call, Type::Array(item->type(), item->nullable()), {item, Argument(call, 1, kInt)}, kKernel);
}

// sequence(from, to[, step]) of whole numbers.
ExprPtr BindSequence(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    const int64_t from = std::get<int64_t>(arguments[0].data);
    const int64_t to = std::get<int64_t>(arguments[1].data);
    const int64_t step = arguments.size() == 3 ? std::get<int64_t>(arguments[2].data) : from <= to ? 1 : -1;
    if ((step == 0 && from != to) || (step > 0 && from > to) || (step < 0 && from < to)) {
      throw Error(ErrorClass{"INVALID_PARAMETER_VALUE.BOUNDARY", "22023"}, "sequence cannot go from {} to {} by {}",
                  from, to, step);
    }
    std::vector<Value> items;
    for (Int128 value = from; step >= 0 ? value <= to : value >= to; value += step) {
      items.push_back(Value{static_cast<int64_t>(value)});
      if (step == 0) break;
    }
    return Value{std::move(items)};
  });
  CheckArity(call, 2, 3);
  ExprList arguments = CommonArguments(call);
  const Type type = arguments[0]->type();
  if (!type.is_integral()) ThrowMismatch(call, 0, "INTEGRAL");
  return MakeCall(call, Type::Array(type, false), std::move(arguments), kKernel);
}

FunctionBinder BindExtreme(bool max) {
  const KernelPtr kernel = MakeValueKernel([max](std::vector<Value>& arguments) {
    Value best;
    for (Value& item : ItemsOf(arguments[0])) {
      if (item.is_null()) continue;
      const int order = best.is_null() ? 0 : CompareValues(item, best);
      if (best.is_null() || (max ? order > 0 : order < 0)) best = std::move(item);
    }
    return best;
  });
  return [kernel](const FunctionCall& call) {
    CheckArity(call, 1, 1);
    ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
    const Type type = ElementOf(array).type;
    return MakeCall(call, type, {std::move(array)}, kernel, true);
  };
}

// NULL when they have nothing in common but one holds a NULL.
ExprPtr BindOverlap(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    const auto& a = ItemsOf(arguments[0]);
    const auto& b = ItemsOf(arguments[1]);
    bool has_null = false;
    for (const Value& item : a) {
      has_null |= item.is_null();
      if (!item.is_null() && ContainsItem(b, item)) return Value{true};
    }
    for (const Value& item : b) has_null |= item.is_null();
    return has_null && !a.empty() && !b.empty() ? Value{} : Value{false};
  });
  CheckArity(call, 2, 2);
  NestedArgument(call, 0, TypeId::kArray);
  NestedArgument(call, 1, TypeId::kArray);
  return MakeCall(call, kBoolean, CommonArguments(call), kKernel, true);
}

// reverse() is of strings, too.
FunctionBinder BindReverse(FunctionBinder of_strings) {
  const FunctionBinder of_arrays = BindMapArray(Reversed);
  return [=](const FunctionCall& call) {
    const bool is_array = call.arguments.size() == 1 && call.arguments[0]->type().id() == TypeId::kArray;
    return is_array ? of_arrays(call) : of_strings(call);
  };
}

}  // namespace

void RegisterArrayFunctions(FunctionRegistry& registry) {
  registry.Add("sort_array", BindSortArray);
  registry.Add("array_distinct", BindMapArray(Distinct));
  registry.Add("array_compact", BindMapArray(WithoutNulls));
  registry.Add("reverse", BindReverse(registry.Find("reverse")));
  registry.Add("array_union", BindSetFunction(Union));
  registry.Add("array_intersect", BindSetFunction(Intersection));
  registry.Add("array_except", BindSetFunction(Difference));
  registry.Add("array_join", BindArrayJoin);
  registry.Add("slice", BindSlice);
  registry.Add("flatten", BindFlatten);
  registry.Add("array_append", BindAdd(true));
  registry.Add("array_prepend", BindAdd(false));
  registry.Add("array_remove", BindRemove);
  registry.Add("array_repeat", BindRepeat);
  registry.Add("sequence", BindSequence);
  registry.Add("array_max", BindExtreme(true));
  registry.Add("array_min", BindExtreme(false));
  registry.Add("arrays_overlap", BindOverlap);
}

}  // namespace quell
