// =, <=>, <>, <, <=, >, >=.
#include "expression/functions/comparison.h"

#include "data/visit_type.h"
#include "expression/coercion.h"
#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);

// Every comparison is EqualTo or LessThan, with its sides swapped, its result negated, or both.
struct Comparison {
  const char* name;
  bool is_equality;
  bool swap;
  bool negate;
};

constexpr Comparison kComparisons[] = {
    {"=", true, false, false},  {"<>", true, false, true}, {"<", false, false, false},
    {">=", false, false, true}, {">", false, true, false}, {"<=", false, true, true},
};

template <typename Op, typename T>
void CompareDense(const Column& a, const Column& b, int64_t num_rows, uint8_t negate, uint8_t* out) {
  const T* x = a.values<T>();
  const T* y = b.values<T>();
  if (b.encoding == Encoding::kConstant) {
    const T constant = *y;
    for (int64_t row = 0; row < num_rows; ++row) out[row] = Op::template Apply<T>(x[row], constant) ^ negate;
  } else if (a.encoding == Encoding::kConstant) {
    const T constant = *x;
    for (int64_t row = 0; row < num_rows; ++row) out[row] = Op::template Apply<T>(constant, y[row]) ^ negate;
  } else {
    for (int64_t row = 0; row < num_rows; ++row) out[row] = Op::template Apply<T>(x[row], y[row]) ^ negate;
  }
}

template <typename Op>
Column CompareNested(const Column& a, const Column& b, const Rows& rows, bool negate) {
  FixedWriter<bool> writer(rows.num_rows, true);
  rows.ForEach([&](int64_t row) {
    const Value x = ValueAt(a, row);
    const Value y = ValueAt(b, row);
    if (x.is_null() || y.is_null()) return;
    const int order = CompareValues(x, y);
    writer.values()[row] = (std::is_same_v<Op, EqualTo> ? order == 0 : order < 0) != negate;
  });
  return writer.Finish(kBoolean);
}

template <typename Op>
Column Compare(const Column& a, const Column& b, const Rows& rows, bool negate) {
  return VisitType(
      a.type,
      [&](auto tag) {
        using T = typename decltype(tag)::Native;
        constexpr bool kDense = !std::is_same_v<T, bool> && !std::is_same_v<T, std::string_view>;
        FixedWriter<bool> writer(rows.num_rows, !kDense);
        auto* out = reinterpret_cast<uint8_t*>(writer.values());
        if constexpr (kDense) {
          CompareDense<Op, T>(a, b, rows.num_rows, negate, out);
        } else {
          const Reader<T> x(a);
          const Reader<T> y(b);
          rows.ForEach([&](int64_t row) { out[row] = Op::template Apply<T>(x[row], y[row]) != negate; });
        }
        return writer.Finish(kBoolean);
      },
      [&]() -> Column {
        if (a.type.id() == TypeId::kNull) return MakeNullConstant(kBoolean);
        return CompareNested<Op>(a, b, rows, negate);
      });
}

// Appends the rows where `x[row] op constant`, without a branch that depends on the data.
template <typename Op, bool kSwap, typename T>
void FilterConstant(const Column& column, T constant, const Rows& rows, bool negate, Selection& selected) {
  const T* x = column.values<T>();
  const uint8_t* validity = column.validity();
  const int64_t offset = column.data->offset;
  size_t count = selected.size();
  selected.resize(count + static_cast<size_t>(rows.count()));
  int32_t* to = selected.data();
  const auto passes = [&](int64_t row) {
    return (kSwap ? Op::template Apply<T>(constant, x[row]) : Op::template Apply<T>(x[row], constant)) != negate;
  };
  if (validity) {
    rows.ForEach([&](int64_t row) {
      to[count] = static_cast<int32_t>(row);
      count += passes(row) & GetBit(validity, offset + row);
    });
  } else {
    rows.ForEach([&](int64_t row) {
      to[count] = static_cast<int32_t>(row);
      count += passes(row);
    });
  }
  selected.resize(count);
}

template <typename Op>
bool Filter(const Column& a, const Column& b, const Rows& rows, bool negate, Selection& selected) {
  const bool a_constant = a.encoding == Encoding::kConstant;
  if (a_constant == (b.encoding == Encoding::kConstant)) return false;
  const Column& constant = a_constant ? a : b;
  const Column& column = a_constant ? b : a;
  return VisitFixedWidth(
      column.type,
      [&](auto tag) {
        using T = typename decltype(tag)::Native;
        if constexpr (std::is_same_v<T, bool>) {
          return false;
        } else {
          if (constant.data->GetNullCount() > 0) return true;
          const T value = constant.values<T>()[0];
          if (a_constant) {
            FilterConstant<Op, true, T>(column, value, rows, negate, selected);
          } else {
            FilterConstant<Op, false, T>(column, value, rows, negate, selected);
          }
          return true;
        }
      },
      [] { return false; });
}

KernelPtr MakeComparisonKernel(const Comparison& comparison) {
  ScalarKernel kernel;
  const auto sides = [swap = comparison.swap](std::span<const Column> arguments) {
    return std::pair<const Column&, const Column&>(arguments[swap ? 1 : 0], arguments[swap ? 0 : 1]);
  };
  kernel.skips_nulls = false;
  kernel.compute = [=](std::span<const Column> arguments, const Rows& rows, const Type&) {
    const auto [a, b] = sides(arguments);
    return comparison.is_equality ? Compare<EqualTo>(a, b, rows, comparison.negate)
                                  : Compare<LessThan>(a, b, rows, comparison.negate);
  };
  kernel.filter = [=](std::span<const Column> arguments, const Rows& rows, Selection& selected) {
    const auto [a, b] = sides(arguments);
    return comparison.is_equality ? Filter<EqualTo>(a, b, rows, comparison.negate, selected)
                                  : Filter<LessThan>(a, b, rows, comparison.negate, selected);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

KernelPtr MakeNullSafeKernel() {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    const ValidityReader a_valid(arguments[0]);
    const ValidityReader b_valid(arguments[1]);
    if (arguments[0].type.id() == TypeId::kNull) return MakeConstant(result, Value{true});
    const Column equal = Compare<EqualTo>(arguments[0], arguments[1], rows, false);
    const uint8_t* bits = equal.data->buffers[1]->data();
    FixedWriter<bool> writer(rows.num_rows, true);
    rows.ForEach([&](int64_t row) {
      const bool a = a_valid[row];
      const bool b = b_valid[row];
      writer.values()[row] = a && b ? GetBit(bits, equal.data->offset + row) : a == b;
    });
    return writer.Finish(result);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// The types that both sides are cast to: equal ones. A literal beside a decimal counts its own digits, so that the
// column is not cast.
std::pair<ExprPtr, ExprPtr> CommonSides(const FunctionCall& call) {
  const ExprPtr& a = call.arguments[0];
  const ExprPtr& b = call.arguments[1];
  const auto typed = [](const ExprPtr& expr, const ExprPtr& other) {
    const bool beside_decimal = other->type().id() == TypeId::kDecimal && expr->type().is_integral();
    return beside_decimal ? DecimalFor(*expr) : expr->type();
  };
  const auto common = ComparisonType(typed(a, b), typed(b, a), call.settings.ansi);
  if (!common) {
    throw Error(kBinaryOpDiffTypes, call.location, "the sides of {} must be of one type, not {} and {}", call.name,
                a->type().ToSql(), b->type().ToSql());
  }
  if (!IsOrderable(*common)) {
    throw Error(kInvalidOrderingType, call.location, "{} cannot compare values of the type {}", call.name,
                common->ToSql());
  }
  return {ImplicitCast(a, *common, call.settings), ImplicitCast(b, *common, call.settings)};
}

FunctionBinder BindComparison(const char* name, KernelPtr kernel, bool null_safe) {
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 2, 2);
    auto [a, b] = CommonSides(call);
    const bool nullable = !null_safe && (a->nullable() || b->nullable());
    return std::make_shared<Call>(name, kernel, kBoolean, nullable, ExprList{std::move(a), std::move(b)});
  };
}

}  // namespace

void RegisterComparison(FunctionRegistry& registry) {
  for (const Comparison& comparison : kComparisons) {
    registry.Add(comparison.name, BindComparison(comparison.name, MakeComparisonKernel(comparison), false));
  }
  const FunctionBinder not_equal = BindComparison("<>", MakeComparisonKernel(kComparisons[1]), false);
  const FunctionBinder equal = BindComparison("=", MakeComparisonKernel(kComparisons[0]), false);
  registry.Add("!=", not_equal);
  registry.Add("==", equal);
  const FunctionBinder null_safe = BindComparison("<=>", MakeNullSafeKernel(), true);
  registry.Add("<=>", null_safe);
  registry.Add("equal_null", null_safe);
}

}  // namespace quell
