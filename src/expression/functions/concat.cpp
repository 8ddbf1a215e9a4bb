// concat, ||, concat_ws, elt.
#include <algorithm>

#include "expression/coercion.h"
#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kBinary(TypeId::kBinary);
const Type kInt(TypeId::kInt);
const Type kString(TypeId::kString);

KernelPtr ConcatKernel() {
  ScalarKernel kernel;
  kernel.skips_nulls = false;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    const std::vector<StringReader> readers(arguments.begin(), arguments.end());
    StringWriter writer(rows.num_rows, rows.count() * 16);
    rows.ForEach([&](int64_t row) {
      writer.SkipTo(row);
      for (const StringReader& reader : readers) writer.AppendPart(reader[row]);
      writer.EndRow();
    });
    return writer.Finish(result);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// Arrays one after another.
KernelPtr ConcatArraysKernel() {
  ScalarKernel kernel;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    std::vector<Value> values(static_cast<size_t>(rows.num_rows));
    rows.ForEach([&](int64_t row) {
      std::vector<Value> items;
      for (const Column& argument : arguments) {
        Value value = ValueAt(argument, row);
        auto& part = std::get<std::vector<Value>>(value.data);
        items.insert(items.end(), part.begin(), part.end());
      }
      values[static_cast<size_t>(row)] = Value{std::move(items)};
    });
    return MakeColumn(result, values);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr BindConcat(const FunctionCall& call) {
  static const KernelPtr kStrings = ConcatKernel();
  static const KernelPtr kArrays = ConcatArraysKernel();
  if (call.arguments.empty()) return MakeLiteral(Value{std::string()}, TypeId::kString);
  const auto has = [&](TypeId id) {
    return std::any_of(call.arguments.begin(), call.arguments.end(),
                       [&](const ExprPtr& e) { return e->type().id() == id; });
  };
  if (has(TypeId::kArray)) {
    ExprList arguments = CommonArguments(call);
    const Type type = arguments[0]->type();
    return MakeCall(call, type, std::move(arguments), kArrays);
  }
  const bool all_binary = std::all_of(call.arguments.begin(), call.arguments.end(),
                                      [](const ExprPtr& e) { return e->type().id() == TypeId::kBinary; });
  const Type& type = all_binary ? kBinary : kString;
  ExprList arguments;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const bool nested = call.arguments[i]->type().is_nested();
    if (nested) ThrowMismatch(call, i, "STRING or BINARY");
    arguments.push_back(ImplicitCast(call.arguments[i], type, call.settings));
  }
  return MakeCall(call, type, std::move(arguments), kStrings);
}

// Joins what is not NULL, elements of arrays, too; NULL only for a separator that is.
KernelPtr ConcatWsKernel() {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    StringWriter writer(rows.num_rows);
    BufferPtr validity;
    rows.ForEach([&](int64_t row) {
      writer.SkipTo(row);
      const Value separator = ValueAt(arguments[0], row);
      if (separator.is_null()) {
        if (!validity) validity = AllocateBits(rows.num_rows, true);
        ClearBit(validity->mutable_data(), row);
        return writer.EndRow();
      }
      bool first = true;
      const auto append = [&](const Value& value) {
        if (value.is_null()) return;
        if (!first) writer.AppendPart(std::get<std::string>(separator.data));
        first = false;
        writer.AppendPart(std::get<std::string>(value.data));
      };
      for (const Column& argument : arguments.subspan(1)) {
        const Value value = ValueAt(argument, row);
        if (const auto* items = std::get_if<std::vector<Value>>(&value.data)) {
          std::for_each(items->begin(), items->end(), append);
        } else {
          append(value);
        }
      }
      writer.EndRow();
    });
    return writer.Finish(result, std::move(validity));
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr BindConcatWs(const FunctionCall& call) {
  static const KernelPtr kKernel = ConcatWsKernel();
  CheckArity(call, 1, kAnyNumber);
  ExprList arguments{Argument(call, 0, kString)};
  for (size_t i = 1; i < call.arguments.size(); ++i) {
    const bool is_array = call.arguments[i]->type().id() == TypeId::kArray;
    arguments.push_back(Argument(call, i, is_array ? Type::Array(kString) : kString));
  }
  ExprPtr separator = arguments[0];
  return std::make_shared<Call>("concat_ws", kKernel, kString, separator->nullable(), std::move(arguments));
}

KernelPtr EltKernel(bool ansi) {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [ansi](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    std::vector<Value> values(static_cast<size_t>(rows.num_rows));
    const auto count = static_cast<int64_t>(arguments.size()) - 1;
    rows.ForEach([&](int64_t row) {
      const Value index = ValueAt(arguments[0], row);
      if (index.is_null()) return;
      const int64_t at = std::get<int64_t>(index.data);
      if (at >= 1 && at <= count) {
        values[static_cast<size_t>(row)] = ValueAt(arguments[static_cast<size_t>(at)], row);
      } else if (ansi) {
        throw Error(ErrorClass{"INVALID_ARRAY_INDEX", "22003"}, "the index {} is out of bounds: there are {} values",
                    at, count);
      }
    });
    return MakeColumn(result, values);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr BindElt(const FunctionCall& call) {
  CheckArity(call, 2, kAnyNumber);
  ExprList arguments{Argument(call, 0, kInt)};
  const bool all_binary = std::all_of(call.arguments.begin() + 1, call.arguments.end(),
                                      [](const ExprPtr& e) { return e->type().id() == TypeId::kBinary; });
  const Type& type = all_binary ? kBinary : kString;
  for (size_t i = 1; i < call.arguments.size(); ++i) {
    arguments.push_back(ImplicitCast(call.arguments[i], type, call.settings));
  }
  return MakeCall(call, type, std::move(arguments), EltKernel(call.settings.ansi), true);
}

}  // namespace

void RegisterConcat(FunctionRegistry& registry) {
  registry.Add("concat", BindConcat);
  registry.Add("||", BindConcat);
  registry.Add("concat_ws", BindConcatWs);
  registry.Add("elt", BindElt);
}

}  // namespace quell
