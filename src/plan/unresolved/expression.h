// Expressions as a front end hands them over: names are not resolved, types not known. The nodes mirror Spark Connect's
// Expression message, so that SQL text and Connect plans look the same to the analyzer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
  std::string sql = {};  // how Spark prints it, where the value does not tell: INTERVAL '1' DAY, not '24' HOUR
};

// DATE'2020-01-01', TIMESTAMP'...': the text of a value whose meaning depends on the session (its time zone), for the
// analyzer.
struct TypedLiteral {
  Type type;
  std::string text;
};

// A column, a member of a struct column, or table.column: the parts between the dots, quotes removed.
struct Attribute {
  std::vector<std::string> name_parts;
};

// "*", "t.*", and "* EXCEPT (a, b)"; with other expressions in the place of some columns.
struct Star {
  std::vector<std::string> target = {};
  std::vector<std::vector<std::string>> except = {};
  std::vector<std::pair<std::string, ExprPtr>> replace = {};
};

// A column of the input by its position, from 1.
struct InputColumn {
  int position;
};

struct SortOrder {
  ExprPtr child;
  bool ascending = true;
  std::optional<bool> nulls_first = {};  // by default NULLs are smallest
};

// A call of a function or an operator, by names in lower case. Operators: "+" "-" (also with one argument) "*" "/" "%"
// "div" "<<"
// ">>" ">>>" "&" "|" "^" "~" "=" "!=" "<" "<=" ">" ">=" "<=>" "not", "and" and "or" over two arguments or more, "in"
// (value, then the list), "like" "ilike" "rlike" (value, pattern, [escape]), "between", "isnull", "isnotnull", "concat"
// for "||", "case_when" (c1, v1, c2, v2 ..., [else]).
struct Function {
  std::vector<std::string> name_parts;
  std::vector<ExprPtr> arguments = {};
  bool is_distinct = false;
  ExprPtr filter = nullptr;  // FILTER (WHERE ...)
  bool ignore_nulls = false;
  std::vector<SortOrder> within_group = {};

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

// name => value, an argument of a function.
struct NamedArgument {
  std::string name;
  ExprPtr value;
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
  std::variant<Literal, TypedLiteral, Attribute, Star, InputColumn, Function, Alias, Cast, ExtractValue, Lambda,
               NamedArgument, Subquery, Window>
      node;
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

// Names of nodes that the caller knows better (an attribute without its qualifier); nothing for the others.
using NameOverride = std::function<std::optional<std::string>(const Expression&)>;

// Spark's name for a column that has no alias: "sum(amount)", "(a + 1)", "CAST(a AS INT)", "a".
std::string ColumnName(const Expression& expr, const NameOverride& name_override = {});

// Whether a function of this name with one argument is a cast: int(a), date(a).
bool IsTypeName(std::string_view name);

}  // namespace quell::unresolved
