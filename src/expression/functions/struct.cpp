// struct, named_struct, and members of structs.
#include <arrow/array/data.h>

#include "data/schema.h"
#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

// Members side by side; children share the memory of the arguments. Of arguments, those at odd places are members (the
// others are their names).
KernelPtr StructKernel() {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    std::vector<ArrayDataPtr> children;
    for (size_t i = 1; i < arguments.size(); i += 2) {
      const Column flat = Flatten(arguments[i], rows.num_rows);
      children.push_back(flat.data);
    }
    return Column{result, Encoding::kFlat,
                  arrow::ArrayData::Make(ToArrowType(result), rows.num_rows, {nullptr}, std::move(children), 0)};
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr MakeStruct(ExprList names_and_values, std::vector<Field> fields) {
  static const KernelPtr kKernel = StructKernel();
  return std::make_shared<Call>("named_struct", kKernel, Type::Struct(std::move(fields)), false,
                                std::move(names_and_values));
}

ExprPtr BindNamedStruct(const FunctionCall& call) {
  CheckArity(call, 2, kAnyNumber);
  if (call.arguments.size() % 2 != 0) {
    throw Error(error_class::kWrongNumArgs, call.location,
                "named_struct takes pairs of a name and a value, not {} arguments", call.arguments.size());
  }
  std::vector<Field> fields;
  for (size_t i = 0; i < call.arguments.size(); i += 2) {
    const std::optional<Value> name = ConstantArgument(call, i);
    const auto* text = name ? std::get_if<std::string>(&name->data) : nullptr;
    if (!text) {
      throw Error(ErrorClass{"DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING", "42K09"}, call.location,
                  "the names of named_struct must be constant strings, not {}", ToString(*call.arguments[i]));
    }
    fields.push_back(Field{*text, call.arguments[i + 1]->type(), call.arguments[i + 1]->nullable()});
  }
  return MakeStruct(call.arguments, std::move(fields));
}

// Columns and members keep their names, others are called col1, col2 ...
ExprPtr BindStruct(const FunctionCall& call) {
  ExprList arguments;
  std::vector<Field> fields;
  for (const ExprPtr& value : call.arguments) {
    std::string name = "col" + std::to_string(fields.size() + 1);
    if (const auto* column = value->As<ColumnRef>()) name = column->name();
    arguments.push_back(MakeLiteral(Value{name}, TypeId::kString));
    arguments.push_back(value);
    fields.push_back(Field{std::move(name), value->type(), value->nullable()});
  }
  return MakeStruct(std::move(arguments), std::move(fields));
}

// The member at `index`; its nulls and those of the structs count.
KernelPtr MemberKernel(size_t index) {
  ScalarKernel kernel;
  kernel.skips_nulls = false;
  kernel.variant = std::to_string(index);
  kernel.compute = [index](std::span<const Column> arguments, const Rows&, const Type& result) {
    const arrow::ArrayData& data = *arguments[0].data;
    return Column{result, arguments[0].encoding, data.child_data[index]->Slice(data.offset, data.length)};
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr BindMember(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  const Type& type = call.arguments[0]->type();
  const std::optional<Value> name = ConstantArgument(call, 1);
  const auto* text = name ? std::get_if<std::string>(&name->data) : nullptr;
  if (type.id() != TypeId::kStruct || !text) ThrowMismatch(call, 0, "STRUCT");
  const auto& fields = type.children();
  std::string known;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (SameName(fields[i].name, *text)) {
      return MakeCall(call, fields[i].type, call.arguments, MemberKernel(i), fields[i].nullable);
    }
    known += (known.empty() ? "" : ", ") + fields[i].name;
  }
  throw Error(ErrorClass{"FIELD_NOT_FOUND", "42704"}, call.location, "no member {} in {}", *text, known);
}

}  // namespace

void RegisterStruct(FunctionRegistry& registry) {
  registry.Add("named_struct", BindNamedStruct);
  registry.Add("struct", BindStruct);
  registry.Add("get_struct_field", BindMember);
}

}  // namespace quell
