// IS NULL, NOT, AND, OR, CASE, IF, COALESCE and their kin.
#include <algorithm>

#include "data/visit_type.h"
#include "expression/coercion.h"
#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);

KernelPtr MakeNullTest(bool is_null) {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.takes_dictionaries = true;
  kernel.compute = [is_null](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    const Column& column = arguments[0];
    const bool void_column = column.data->type->id() == arrow::Type::NA;
    if (void_column || !column.validity()) return MakeConstant(result, Value{void_column == is_null});
    if (column.encoding == Encoding::kConstant)
      return MakeConstant(result, Value{ValueAt(column, 0).is_null() == is_null});
    BufferPtr bits = CopyBits(column.validity(), column.data->offset, rows.num_rows);
    if (is_null) {
      uint8_t* bytes = bits->mutable_data();
      std::transform(bytes, bytes + bits->size(), bytes, [](uint8_t byte) { return static_cast<uint8_t>(~byte); });
    }
    return MakeFlat(result, rows.num_rows, std::move(bits));
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

FunctionBinder BindNullTest(const char* name, bool is_null) {
  const KernelPtr kernel = MakeNullTest(is_null);
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 1);
    return std::make_shared<Call>(name, kernel, kBoolean, false, call.arguments);
  };
}

FunctionBinder BindConjunction(Conjunction::Op op) {
  return [op](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 2, kAnyNumber);
    ExprList children;
    for (size_t i = 0; i < call.arguments.size(); ++i) {
      const TypeId id = call.arguments[i]->type().id();
      if (id != TypeId::kBoolean && id != TypeId::kNull && id != TypeId::kString) {
        throw Error(kBinaryOpDiffTypes, call.location, "{} needs BOOLEAN, not {}", call.name,
                    call.arguments[i]->type().ToSql());
      }
      ExprPtr child = Argument(call, i, kBoolean);
      const auto* nested = child->As<Conjunction>();
      if (nested && nested->op() == op) {
        children.insert(children.end(), nested->children().begin(), nested->children().end());
      } else {
        children.push_back(std::move(child));
      }
    }
    return std::make_shared<Conjunction>(op, std::move(children));
  };
}

// "a IS NOT NULL".
ExprPtr IsNotNull(const FunctionCall& call, const ExprPtr& expr) { return Rebind(call, "isnotnull", {expr}); }

ExprPtr MakeCase(ExprList children) {
  const Type type = children[1]->type();
  return std::make_shared<Case>(type, std::move(children));
}

// CASE over conditions and values; values at odd places, and an ELSE at the end, become of one type.
ExprPtr BindCase(const FunctionCall& call) {
  CheckArity(call, 2, kAnyNumber);
  const auto is_value = [&](size_t i) { return i % 2 == 1 || i + 1 == call.arguments.size(); };
  ExprList values;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (is_value(i)) values.push_back(call.arguments[i]);
  }
  values = CommonArguments(FunctionCall{call.name, values, call.location, call.settings});
  ExprList children;
  size_t next_value = 0;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    children.push_back(is_value(i) ? values[next_value++] : Argument(call, i, kBoolean));
  }
  return MakeCase(std::move(children));
}

ExprPtr BindIf(const FunctionCall& call) {
  CheckArity(call, 3, 3);
  return BindCase(call);
}

KernelPtr CoalesceKernel() {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    std::vector<Batch> parts;
    std::vector<int32_t> places(static_cast<size_t>(rows.num_rows), -1);
    std::vector<ValidityReader> valid;
    for (const Column& argument : arguments) {
      if (!argument.may_have_nulls() && valid.empty()) return argument;
      valid.emplace_back(argument);
      parts.push_back(Batch{{Flatten(argument, rows.num_rows)}, rows.num_rows, nullptr});
    }
    rows.ForEach([&](int64_t row) {
      for (size_t i = 0; i < valid.size(); ++i) {
        if (!valid[i][row]) continue;
        places[static_cast<size_t>(row)] = static_cast<int32_t>(static_cast<int64_t>(i) * rows.num_rows + row);
        return;
      }
    });
    return Take(Concatenate(parts, Schema({Field{"value", result}})).columns[0], places);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// COALESCE evaluates an argument only where those before are NULL. That does not show for columns and literals.
ExprPtr BindCoalesce(const FunctionCall& call) {
  static const KernelPtr kKernel = CoalesceKernel();
  CheckArity(call, 1, kAnyNumber);
  ExprList values = CommonArguments(call);
  if (values.size() == 1) return values[0];
  const bool rest_is_plain =
      std::all_of(values.begin() + 1, values.end(), [](const ExprPtr& value) { return value->children().empty(); });
  if (rest_is_plain || !IsDeterministic(*values[0])) {
    const bool nullable = std::all_of(values.begin(), values.end(), [](const ExprPtr& v) { return v->nullable(); });
    const Type type = values[0]->type();
    return std::make_shared<Call>("coalesce", kKernel, type, nullable, std::move(values));
  }
  ExprList children;
  for (size_t i = 0; i + 1 < values.size(); ++i) {
    children.push_back(IsNotNull(call, values[i]));
    children.push_back(values[i]);
  }
  children.push_back(values.back());
  return MakeCase(std::move(children));
}

ExprPtr BindNvl(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  return BindCoalesce(FunctionCall{"coalesce", call.arguments, call.location, call.settings});
}

ExprPtr BindNvl2(const FunctionCall& call) {
  CheckArity(call, 3, 3);
  return Rebind(call, "if", {IsNotNull(call, call.arguments[0]), call.arguments[1], call.arguments[2]});
}

ExprPtr BindNullIf(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  const ExprPtr& value = call.arguments[0];
  ExprPtr null = std::make_shared<Literal>(value->type(), Value{});
  return MakeCase({Rebind(call, "=", {value, call.arguments[1]}), std::move(null), value});
}

ExprPtr BindZeroIfNull(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  return Rebind(call, "coalesce", {call.arguments[0], MakeLiteral(Value{int64_t{0}}, TypeId::kInt)});
}

ExprPtr BindNullIfZero(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  return Rebind(call, "nullif", {call.arguments[0], MakeLiteral(Value{int64_t{0}}, TypeId::kInt)});
}

ExprPtr FractionalArgument(const FunctionCall& call, size_t index) {
  const Type& type = call.arguments[index]->type();
  return type.is_fractional() ? call.arguments[index] : Argument(call, index, Type(TypeId::kDouble));
}

ExprPtr BindIsNan(const FunctionCall& call) {
  static const KernelPtr kDouble = MakeSafeKernel<bool, double>([](double v) { return v != v; });
  static const KernelPtr kFloat = MakeSafeKernel<bool, float>([](float v) { return v != v; });
  CheckArity(call, 1, 1);
  ExprPtr argument = FractionalArgument(call, 0);
  const bool is_float = argument->type().id() == TypeId::kFloat;
  ExprPtr test = MakeCall(call, kBoolean, {argument}, is_float ? kFloat : kDouble);
  if (!argument->nullable()) return test;
  return MakeCase({IsNotNull(call, argument), test, MakeLiteral(Value{false}, TypeId::kBoolean)});
}

ExprPtr BindNanvl(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  ExprList values = CommonArguments(FunctionCall{
      call.name, {FractionalArgument(call, 0), FractionalArgument(call, 1)}, call.location, call.settings});
  return MakeCase({Rebind(call, "isnan", {values[0]}), values[1], values[0]});
}

ExprPtr BindBetween(const FunctionCall& call) {
  CheckArity(call, 3, 3);
  const ExprPtr& value = call.arguments[0];
  return Rebind(call, "and",
                {Rebind(call, ">=", {value, call.arguments[1]}), Rebind(call, "<=", {value, call.arguments[2]})});
}

}  // namespace

void RegisterConditional(FunctionRegistry& registry) {
  registry.Add("isnull", BindNullTest("isnull", true));
  registry.Add("isnotnull", BindNullTest("isnotnull", false));
  const KernelPtr negation = MakeSafeKernel<bool, bool>([](bool v) { return !v; });
  registry.Add("not", Simple({TypeId::kBoolean}, TypeId::kBoolean, negation));
  registry.Add("!", Simple({TypeId::kBoolean}, TypeId::kBoolean, negation));
  registry.Add("and", BindConjunction(Conjunction::Op::kAnd));
  registry.Add("or", BindConjunction(Conjunction::Op::kOr));
  registry.Add("between", BindBetween);
  registry.Add("case_when", BindCase);
  registry.Add("when", BindCase);
  registry.Add("if", BindIf);
  registry.Add("iff", BindIf);
  registry.Add("coalesce", BindCoalesce);
  registry.Add("nvl", BindNvl);
  registry.Add("ifnull", BindNvl);
  registry.Add("nvl2", BindNvl2);
  registry.Add("nullif", BindNullIf);
  registry.Add("zeroifnull", BindZeroIfNull);
  registry.Add("nullifzero", BindNullIfZero);
  registry.Add("isnan", BindIsNan);
  registry.Add("nanvl", BindNanvl);
}

}  // namespace quell
