// arrays_zip, array_insert, and the member of each struct of an array.
#include <algorithm>

#include "expression/coercion.h"
#include "expression/functions/collection.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

constexpr ErrorClass kFunctionDiffTypes{"DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES", "42K09"};
constexpr ErrorClass kInvalidIndexOfZero{"INVALID_INDEX_OF_ZERO", "22003"};
constexpr ErrorClass kTooManyElements{"COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER", "54000"};
// As Spark limits arrays.
constexpr int64_t kMaxElements = INT32_MAX - 15;

// Structs of the elements at each position; NULL where an array is too short.
ExprPtr BindArraysZip(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel([](std::vector<Value>& arguments) {
    size_t length = 0;
    for (const Value& array : arguments) length = std::max(length, ItemsOf(array).size());
    std::vector<Value> zipped;
    for (size_t i = 0; i < length; ++i) {
      std::vector<Value> members;
      for (const Value& array : arguments) members.push_back(i < ItemsOf(array).size() ? ItemsOf(array)[i] : Value{});
      zipped.push_back(Value{std::move(members)});
    }
    return Value{std::move(zipped)};
  });
  ExprList arrays;
  std::vector<Field> fields;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const ExprPtr& argument = call.arguments[i];
    std::string name = std::to_string(i);
    if (const auto* column = argument->As<ColumnRef>()) name = column->name();
    const bool is_void = argument->type().id() == TypeId::kNull;
    arrays.push_back(is_void ? ImplicitCast(argument, Type::Array(Type(), true), call.settings)
                             : NestedArgument(call, i, TypeId::kArray));
    fields.push_back(Field{std::move(name), arrays.back()->type().children()[0].type, true});
  }
  return MakeCall(call, Type::Array(Type::Struct(std::move(fields)), false), std::move(arrays), kKernel);
}

// Puts `item` at `position`, from 1 or from the end; fills up with NULLs what lies between it and the array.
Value Insert(std::vector<Value> items, int64_t position, Value item) {
  if (position == 0) throw Error(kInvalidIndexOfZero, "the index 0 is invalid; elements count from 1");
  const auto size = static_cast<int64_t>(items.size());
  const int64_t length = std::max(size + 1, std::abs(position));
  if (length > kMaxElements)
    throw Error(kTooManyElements, "an array of {} elements is too long; insert nearer to the others", length);
  if (position > 0) {
    if (position > size) items.resize(static_cast<size_t>(position) - 1);
    items.insert(items.begin() + position - 1, std::move(item));
  } else if (-position > size + 1) {
    items.insert(items.begin(), static_cast<size_t>(-position - size - 1), Value{});
    items.insert(items.begin(), std::move(item));
  } else {
    items.insert(items.end() + position + 1, std::move(item));
  }
  return Value{std::move(items)};
}

// array_insert(array, position, item); an item that is NULL counts.
ExprPtr BindArrayInsert(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeValueKernel(
      [](std::vector<Value>& arguments) {
        if (arguments[0].is_null() || arguments[1].is_null()) return Value{};
        return Insert(std::move(ItemsOf(arguments[0])), std::get<int64_t>(arguments[1].data), std::move(arguments[2]));
      },
      true);
  CheckArity(call, 3, 3);
  const ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
  const ExprPtr& item = call.arguments[2];
  const Type& element = array->type().children()[0].type;
  const bool differs = (element.id() == TypeId::kString) != (item->type().id() == TypeId::kString) &&
                       item->type().id() != TypeId::kNull && element.id() != TypeId::kNull;
  const std::optional<Type> common = CommonType(element, item->type(), call.settings.ansi);
  if (differs || !common) {
    throw Error(kFunctionDiffTypes, call.location, "{} takes an array and an element of its type, not {} and {}",
                call.name, array->type().ToSql(), item->type().ToSql());
  }
  const Type type = Type::Array(*common, true);
  return MakeCall(call, type,
                  {ImplicitCast(array, type, call.settings), Argument(call, 1, Type(TypeId::kInt)),
                   ImplicitCast(item, *common, call.settings)},
                  kKernel, true);
}

KernelPtr MembersKernel(size_t index) {
  return MakeValueKernel(
      [index](std::vector<Value>& arguments) {
        std::vector<Value> members;
        for (const Value& item : ItemsOf(arguments[0]))
          members.push_back(item.is_null() ? Value{} : ItemsOf(item)[index]);
        return Value{std::move(members)};
      },
      false, std::to_string(index));
}

// The array of a member of each struct.
ExprPtr BindArrayMembers(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  const ExprPtr array = NestedArgument(call, 0, TypeId::kArray);
  const std::optional<Value> name = ConstantArgument(call, 1);
  const auto* text = name ? std::get_if<std::string>(&name->data) : nullptr;
  const Field& element = array->type().children()[0];
  if (element.type.id() != TypeId::kStruct || !text) ThrowMismatch(call, 0, "ARRAY<STRUCT>");
  const auto& fields = element.type.children();
  const auto field =
      std::find_if(fields.begin(), fields.end(), [&](const Field& other) { return SameName(other.name, *text); });
  if (field == fields.end()) {
    throw Error(ErrorClass{"FIELD_NOT_FOUND", "42704"}, call.location, "no member {} in {}", *text,
                element.type.ToSql());
  }
  return MakeCall(call, Type::Array(field->type, field->nullable || element.nullable), call.arguments,
                  MembersKernel(static_cast<size_t>(field - fields.begin())));
}

}  // namespace

void RegisterArrayZip(FunctionRegistry& registry) {
  registry.Add("arrays_zip", BindArraysZip);
  registry.Add("array_insert", BindArrayInsert);
  registry.Add("get_array_struct_fields", BindArrayMembers);
}

}  // namespace quell
