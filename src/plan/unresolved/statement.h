// Statements: a query, or a command over one. The commands mirror Spark Connect's Command message where it has them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/length_limits.h"
#include "plan/unresolved/relation.h"

namespace quell::unresolved {

struct Query {
  RelationPtr relation;
};

struct ColumnDefinition {
  std::string name;
  LimitedType type;
  bool nullable = true;
  std::string comment = {};
};

// CREATE [OR REPLACE] TABLE ... [AS SELECT].
struct CreateTable {
  enum class Mode { kCreate, kCreateIfNotExists, kCreateOrReplace, kReplace };
  Mode mode;
  NamedTable table;
  std::vector<ColumnDefinition> columns;
  std::string provider;  // USING delta; empty: from the name, or the default
  std::vector<std::string> partitioned_by;
  Options options = {};
  Options properties = {};
  std::string location = {};
  std::string comment = {};
  RelationPtr query = nullptr;  // AS SELECT
};

// INSERT INTO | OVERWRITE t [PARTITION (...)] [(columns)] query, and INSERT INTO t REPLACE WHERE predicate query.
struct Insert {
  enum class Mode { kAppend, kOverwrite, kReplaceWhere };
  Mode mode;
  NamedTable table;
  std::vector<std::string> columns = {};                        // empty: by position
  std::vector<std::pair<std::string, ExprPtr>> partition = {};  // nullptr: dynamic
  ExprPtr replace_where = nullptr;
  bool by_name = false;
  bool if_not_exists = false;  // of the static partition
  RelationPtr query = nullptr;
};

struct CreateView {
  std::string name;
  std::vector<std::string> column_names;
  bool is_temporary = false;
  bool or_replace = false;
  bool if_not_exists = false;
  RelationPtr query;
};

struct Drop {
  enum class Kind { kTable, kView };
  Kind kind;
  NamedTable name;
  bool if_exists = false;
};

struct Statement;

struct Explain {
  enum class Mode { kSimple, kExtended, kAnalyze };
  Mode mode;
  std::shared_ptr<const Statement> statement;
};

struct Set {
  std::optional<std::string> key;    // nothing: list all
  std::optional<std::string> value;  // nothing: show one
};

struct Reset {
  std::optional<std::string> key;
};

struct Describe {  // DESCRIBE [TABLE] t, DESCRIBE QUERY q, DESCRIBE DETAIL t, DESCRIBE HISTORY t
  enum class Kind { kTable, kQuery, kDetail, kHistory };
  Kind kind;
  NamedTable table = {};
  RelationPtr query = nullptr;
};

struct Statement {
  std::variant<Query, CreateTable, Insert, CreateView, Drop, Explain, Set, Reset, Describe> node;
  std::string text;  // as the user wrote it, without the closing semicolon

  template <typename T>
  const T* As() const {
    return std::get_if<T>(&node);
  }
};

}  // namespace quell::unresolved
