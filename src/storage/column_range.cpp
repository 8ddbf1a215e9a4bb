#include "storage/column_range.h"

#include <algorithm>
#include <string_view>

namespace quell::storage {

namespace {

// Statistics order floating-point numbers and strings as CompareValues does, but only values of one type.
bool Comparable(const Literal& literal, const InputRef& column) {
  return !literal.value().is_null() && literal.type() == column.type() && !column.type().is_nested();
}

bool IsAllNull(const ColumnRange& range) {
  return range.null_count && range.num_rows && *range.null_count >= *range.num_rows;
}

bool IsBelowMin(const ColumnRange& range, const Value& value) {
  return range.min && CompareValues(value, *range.min) < 0;
}

// Bounds leave NaN out, though it is the largest value.
bool IsAboveMax(const ColumnRange& range, const Value& value, const Type& type) {
  return range.max && !type.is_fractional() && CompareValues(value, *range.max) > 0;
}

bool MayEqual(const ColumnRange& range, const Literal& literal) {
  const Value& value = literal.value();
  if (literal.type().is_fractional()) {
    const bool is_nan = *std::get_if<double>(&value.data) != *std::get_if<double>(&value.data);
    return is_nan || (!IsBelowMin(range, value) && !(range.max && CompareValues(value, *range.max) > 0));
  }
  return !IsBelowMin(range, value) && !IsAboveMax(range, value, literal.type());
}

// `column` `op` `literal` over a range that is not all NULL.
bool MayCompare(std::string_view op, const ColumnRange& range, const Literal& literal) {
  const Value& value = literal.value();
  const bool is_fractional = literal.type().is_fractional();
  if (op == "=") return MayEqual(range, literal);
  if (op == "<") return !range.min || CompareValues(*range.min, value) < 0;
  if (op == "<=") return !range.min || CompareValues(*range.min, value) <= 0;
  if (is_fractional) return true;
  if (op == ">") return !range.max || CompareValues(*range.max, value) > 0;
  if (op == ">=") return !range.max || CompareValues(*range.max, value) >= 0;
  if (op == "!=" || op == "<>") {
    return !range.min || !range.max || CompareValues(*range.min, value) != 0 || CompareValues(*range.max, value) != 0;
  }
  return true;
}

std::string_view Mirror(std::string_view op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  if (op == ">=") return "<=";
  return op;
}

bool CallMayBeTrue(const Call& call, const RangeLookup& ranges) {
  const ExprList& arguments = call.children();
  if (arguments.empty()) return true;
  const auto* column = arguments[0]->As<InputRef>();
  const std::string& name = call.name();
  if (name == "isnull" || name == "isnotnull") {
    const auto range = column ? ranges(column->index()) : std::nullopt;
    if (!range) return true;
    return name == "isnull" ? !range->null_count || *range->null_count > 0 : !IsAllNull(*range);
  }
  if (const auto test = AsEqualityTest(call)) {
    const auto range = ranges(test->column->index());
    if (!range) return true;
    if (IsAllNull(*range)) return false;
    return std::any_of(test->literals.begin(), test->literals.end(),
                       [&](const Literal* literal) { return MayEqual(*range, *literal); });
  }
  if (arguments.size() != 2) return true;
  const auto* literal = arguments[1]->As<Literal>();
  std::string_view op = name;
  if (!column) {
    column = arguments[1]->As<InputRef>();
    literal = arguments[0]->As<Literal>();
    op = Mirror(op);
  }
  static constexpr std::string_view kComparisons[] = {"=", "<", "<=", ">", ">=", "!=", "<>"};
  const bool is_comparison = std::find(std::begin(kComparisons), std::end(kComparisons), op) != std::end(kComparisons);
  if (!column || !literal || !is_comparison || !Comparable(*literal, *column)) return true;
  const auto range = ranges(column->index());
  if (!range) return true;
  return !IsAllNull(*range) && MayCompare(op, *range, *literal);
}

}  // namespace

std::optional<EqualityTest> AsEqualityTest(const Expression& predicate) {
  const auto* call = predicate.As<Call>();
  if (!call || call->children().size() < 2) return std::nullopt;
  const ExprList& arguments = call->children();
  EqualityTest test{nullptr, {}};
  if (call->name() == "=") {
    const bool is_mirrored = !arguments[0]->As<InputRef>();
    test.column = arguments[is_mirrored ? 1 : 0]->As<InputRef>();
    test.literals.push_back(arguments[is_mirrored ? 0 : 1]->As<Literal>());
  } else if (call->name() == "in") {
    test.column = arguments[0]->As<InputRef>();
    for (size_t i = 1; i < arguments.size(); ++i) {
      const auto* literal = arguments[i]->As<Literal>();
      // A NULL in the list selects nothing.
      if (!literal || !literal->value().is_null()) test.literals.push_back(literal);
    }
  }
  if (!test.column) return std::nullopt;
  for (const Literal* literal : test.literals) {
    if (!literal || !Comparable(*literal, *test.column)) return std::nullopt;
  }
  return test;
}

bool MayBeTrue(const Expression& predicate, const RangeLookup& ranges) {
  if (const auto* literal = predicate.As<Literal>()) {
    const auto* value = std::get_if<bool>(&literal->value().data);
    return value && *value;
  }
  if (const auto* conjunction = predicate.As<Conjunction>()) {
    const auto may_be_true = [&](const ExprPtr& child) { return MayBeTrue(*child, ranges); };
    const ExprList& children = conjunction->children();
    return conjunction->op() == Conjunction::Op::kAnd ? std::all_of(children.begin(), children.end(), may_be_true)
                                                      : std::any_of(children.begin(), children.end(), may_be_true);
  }
  if (const auto* call = predicate.As<Call>()) return CallMayBeTrue(*call, ranges);
  return true;
}

}  // namespace quell::storage
