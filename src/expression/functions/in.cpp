// value IN (list).
#include <algorithm>

#include "data/visit_type.h"
#include "expression/coercion.h"
#include "expression/evaluator.h"
#include "expression/functions/binding.h"
#include "expression/functions/comparison.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);

// Whether each row is among the sorted `members`; NULL where it is not and the list holds a NULL.
template <typename T>
Column Find(const Column& column, const Column& members, bool list_has_null, const Rows& rows, const Type& result) {
  const Reader<T> values(column);
  const Reader<T> list(members);
  const ValidityReader valid(column);
  const int64_t size = members.length();
  FixedWriter<bool> writer(rows.num_rows, true);
  rows.ForEach([&](int64_t row) {
    if (!valid[row]) return writer.SetNull(row);
    const T value = values[row];
    int64_t begin = 0;
    for (int64_t count = size; count > 0;) {
      const int64_t half = count / 2;
      const bool right = LessThan::Apply<T>(list[begin + half], value);
      begin = right ? begin + half + 1 : begin;
      count = right ? count - half - 1 : half;
    }
    const bool found = begin < size && EqualTo::Apply<T>(list[begin], value);
    writer.values()[row] = found;
    if (!found && list_has_null) writer.SetNull(row);
  });
  return writer.Finish(result);
}

Column FindNested(const Column& column, const std::vector<Value>& members, bool list_has_null, const Rows& rows,
                  const Type& result) {
  FixedWriter<bool> writer(rows.num_rows, true);
  rows.ForEach([&](int64_t row) {
    const Value value = ValueAt(column, row);
    const bool found = !value.is_null() && std::any_of(members.begin(), members.end(), [&](const Value& member) {
      return CompareValues(value, member) == 0;
    });
    writer.values()[row] = found;
    if (value.is_null() || (!found && list_has_null)) writer.SetNull(row);
  });
  return writer.Finish(result);
}

KernelPtr MakeInKernel(const Type& type, std::vector<Value> members, bool list_has_null) {
  std::sort(members.begin(), members.end(), [](const Value& a, const Value& b) { return CompareValues(a, b) < 0; });
  const Column list = MakeColumn(type, members);
  ScalarKernel kernel;
  // The list is in the kernel already; its expressions stay arguments for printing and comparing.
  kernel.null_propagating = false;
  kernel.compute = [=](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    const Column& column = arguments[0];
    return VisitType(
        type, [&](auto tag) { return Find<typename decltype(tag)::Native>(column, list, list_has_null, rows, result); },
        [&] { return FindNested(column, members, list_has_null, rows, result); });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr BindIn(const FunctionCall& call) {
  CheckArity(call, 2, kAnyNumber);
  Type common = call.arguments[0]->type();
  for (size_t i = 1; i < call.arguments.size(); ++i) {
    const Type& type = call.arguments[i]->type();
    const bool beside_decimal = common.id() == TypeId::kDecimal && type.is_integral();
    const auto wider = CommonType(common, beside_decimal ? DecimalFor(*call.arguments[i]) : type, call.settings.ansi);
    if (!wider) {
      throw Error(kDataDiffTypes, call.location, "the values of IN must be of one type, not {} and {}", common.ToSql(),
                  type.ToSql());
    }
    common = *wider;
  }
  ExprList arguments;
  for (const ExprPtr& argument : call.arguments) arguments.push_back(ImplicitCast(argument, common, call.settings));
  const bool nullable = std::any_of(arguments.begin(), arguments.end(), [](const ExprPtr& a) { return a->nullable(); });
  const bool constant_list =
      std::all_of(arguments.begin() + 1, arguments.end(), [](const ExprPtr& a) { return IsConstant(*a); });
  if (common.id() == TypeId::kNull) return std::make_shared<Literal>(kBoolean, Value{});
  if (!constant_list) {
    ExprList tests;
    for (size_t i = 1; i < arguments.size(); ++i) tests.push_back(Rebind(call, "=", {arguments[0], arguments[i]}));
    return tests.size() == 1 ? tests[0] : std::make_shared<Conjunction>(Conjunction::Op::kOr, std::move(tests));
  }
  std::vector<Value> members;
  for (size_t i = 1; i < arguments.size(); ++i) {
    members.push_back(EvaluateConstant(arguments[i]));
    arguments[i] = std::make_shared<Literal>(common, members.back());
  }
  const auto not_null = std::remove_if(members.begin(), members.end(), [](const Value& v) { return v.is_null(); });
  const bool list_has_null = not_null != members.end();
  members.erase(not_null, members.end());
  return std::make_shared<Call>("in", MakeInKernel(common, std::move(members), list_has_null), kBoolean, nullable,
                                std::move(arguments));
}

}  // namespace

void RegisterIn(FunctionRegistry& registry) { registry.Add("in", BindIn); }

}  // namespace quell
