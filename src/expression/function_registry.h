// Names of SQL functions, and how a call of one becomes a bound expression.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "expression/expression.h"

namespace quell {

// Settings of a session that change what an expression means.
struct ExpressionSettings {
  bool ansi = true;               // spark.sql.ansi.enabled
  std::string time_zone = "UTC";  // spark.sql.session.timeZone
  bool timestamp_is_ntz = false;  // spark.sql.timestampType
  int64_t now_us = 0;             // of the statement: current_timestamp() is one value
  std::string current_catalog = "spark_catalog";
  std::string current_database = "default";
  std::string user = {};
};

// A call as the analyzer sees it, its arguments bound already.
struct FunctionCall {
  std::string_view name;  // lower case
  ExprList arguments;
  SourceLocation location;
  const ExpressionSettings& settings;
  bool is_distinct = false;   // aggregates only
  ExprPtr filter = nullptr;   // aggregates only
  bool ignore_nulls = false;  // aggregates only
};

// Builds the bound expression: checks the number and types of arguments, adds implicit casts by Spark's (ANSI) rules,
// and may return any expression (nvl becomes a Case). Throws WRONG_NUM_ARGS or DATATYPE_MISMATCH.
using FunctionBinder = std::function<ExprPtr(const FunctionCall& call)>;

// Thread-safe after construction. Operators are functions, too: "+", "=", "<=>", "and", "not", "like", "in", "isnull",
// "[]".
class FunctionRegistry {
 public:
  // The functions that are built in; made once.
  static const FunctionRegistry& BuiltIn();

  void Add(std::string name, FunctionBinder binder);
  bool Contains(std::string_view name) const;
  bool IsAggregate(std::string_view name) const;
  // The binder of a function that is there.
  const FunctionBinder& Find(const std::string& name) const { return functions_.at(name).binder; }
  void AddAggregate(std::string name, FunctionBinder binder);
  // Throws UNRESOLVED_ROUTINE for a name that is not known, with the nearest one that is.
  ExprPtr Bind(const FunctionCall& call) const;

 private:
  struct Entry {
    FunctionBinder binder;
    bool is_aggregate;
  };
  std::unordered_map<std::string, Entry> functions_;
};

// The type that both sides of a comparison, of UNION or of CASE branches are cast to (Spark's findWiderTypeForTwo under
// ANSI); nullopt when there is none.
std::optional<Type> CommonType(const Type& a, const Type& b, bool ansi);
bool CanCast(const Type& from, const Type& to, CastMode mode);
// `expr` itself when it has the type already, else a Cast that cannot be seen by the user.
ExprPtr ImplicitCast(ExprPtr expr, const Type& to, const ExpressionSettings& settings);

}  // namespace quell
