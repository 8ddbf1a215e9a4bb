// Expressions as a front end hands them over: names are not resolved, types not known. The nodes mirror Spark Connect's
// Expression message, so that SQL text and Connect plans look the same to the analyzer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "data/type.h"
#include "data/value.h"

namespace quell::unresolved {

struct Expression;
struct Relation;
using ExprPtr = std::shared_ptr<const Expression>;
using RelationPtr = std::shared_ptr<const Relation>;

struct Literal {
  Type type;
  Value value;
};

// A column, a member of a struct column, or table.column: the parts between the dots, quotes removed.
struct Attribute {
  std::vector<std::string> name_parts;
};

// "*", "t.*", and "* EXCEPT (a, b)".
struct Star {
  std::vector<std::string> target;
  std::vector<std::vector<std::string>> except = {};
};

// A call of a function or an operator ("+", "and", "not", "in", "like", "case_when", "between" is taken apart by the parser into
// "and", ">=", "<="). Names as written but lower case. case_when's arguments: c1, v1, c2, v2 ..., [else].
struct Function {
  std::vector<std::string> name_parts;
  std::vector<ExprPtr> arguments;
  bool is_distinct = false;
  ExprPtr filter = nullptr;              // FILTER (WHERE ...)
  bool ignore_nulls = false;
  std::vector<struct SortOrder> within_group = {};

  const std::string& name() const { return name_parts.back(); }
};

struct Alias {
  ExprPtr child;
  std::vector<std::string> names;  // more than one for generators
};

struct Cast {
  ExprPtr child;
  Type type;
  bool is_try = false;
};

// child[extraction] or child.extraction (then a string literal).
struct ExtractValue {
  ExprPtr child;
  ExprPtr extraction;
};

struct Lambda {
  std::vector<std::string> parameters;
  ExprPtr body;
};

struct Subquery {
  enum class Kind { kScalar, kExists, kIn };
  Kind kind;
  RelationPtr relation;
  std::vector<ExprPtr> in_values = {};  // of kIn: the left side
};

struct SortOrder {
  ExprPtr child;
  bool ascending = true;
  std::optional<bool> nulls_first = {};  // by default NULLs are smallest
};

struct WindowFrame {
  enum class Unit { kRows, kRange };
  struct Bound {
    enum class Kind { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };
    Kind kind;
    ExprPtr offset = nullptr;
  };
  Unit unit;
  Bound lower;
  Bound upper;
};

struct Window {
  ExprPtr function;
  std::vector<ExprPtr> partition_by;
  std::vector<SortOrder> order_by;
  std::optional<WindowFrame> frame;
  std::string reference = {};  // OVER name, defined in the WINDOW clause
};

struct Expression {
  std::variant<Literal, Attribute, Star, Function, Alias, Cast, ExtractValue, Lambda, Subquery, Window> node;
  SourceLocation location;

  template <typename T>
  const T* As() const {
    return std::get_if<T>(&node);
  }
};

template <typename Node>
ExprPtr Make(Node node, SourceLocation location = {}) {
  return std::make_shared<const Expression>(Expression{std::move(node), location});
}

// Spark's name for a column that has no alias: "sum(amount)", "(a + 1)", "CAST(a AS INT)", "a".
std::string ColumnName(const Expression& expr);

}  // namespace quell::unresolved
