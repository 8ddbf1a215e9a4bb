// Relations as a front end hands them over. The nodes mirror Spark Connect's Relation message.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "plan/unresolved/expression.h"

namespace quell::unresolved {

using Options = std::map<std::string, std::string>;

// VERSION AS OF / TIMESTAMP AS OF; at most one is set. The timestamp is an expression without columns.
struct TimeTravel {
  std::optional<int64_t> version = {};
  ExprPtr timestamp = nullptr;
};

// A table, view or CTE by name, or a path behind its format: parquet.`/x`, delta.`s3://b/t`.
struct NamedTable {
  std::vector<std::string> name_parts;
  TimeTravel time_travel = {};
  Options options = {};
};

// spark.read.format(f).option(...).load(paths): Connect's Read.DataSource.
struct DataSource {
  std::string format;
  std::vector<std::string> paths;
  Options options = {};
};

struct LocalRelation {  // VALUES
  std::vector<std::vector<ExprPtr>> rows;
};

struct Range {
  ExprPtr start;  // nullptr: 0
  ExprPtr end;
  ExprPtr step;  // nullptr: 1
};

struct OneRow {};  // SELECT without FROM

struct Project {
  RelationPtr input;
  std::vector<ExprPtr> expressions;
  bool is_distinct = false;
};

struct Filter {
  RelationPtr input;
  ExprPtr condition;
};

struct Aggregate {
  enum class GroupKind { kGroupBy, kAll, kRollup, kCube, kGroupingSets };
  RelationPtr input;
  GroupKind kind;
  std::vector<ExprPtr> grouping;  // ordinals are not resolved yet
  // Of kGroupingSets: each set in full. SQL's ROLLUP and CUBE are written out so, too.
  std::vector<std::vector<ExprPtr>> grouping_sets = {};
  std::vector<ExprPtr> expressions = {};  // the SELECT list
  ExprPtr having = nullptr;
  bool is_distinct = false;  // SELECT DISTINCT ... GROUP BY
};

struct Sort {
  RelationPtr input;
  std::vector<SortOrder> order;
  bool is_global = true;  // false for SORT BY
  bool is_all = false;    // ORDER BY ALL: `order` has one element without child
};

struct Limit {
  RelationPtr input;
  ExprPtr limit = nullptr;  // nullptr: all
  ExprPtr offset = nullptr;
};

struct SetOperation {
  enum class Kind { kUnion, kIntersect, kExcept };
  RelationPtr left;
  RelationPtr right;
  Kind kind;
  bool is_all;
};

struct Join {
  enum class Type { kInner, kLeft, kRight, kFull, kLeftSemi, kLeftAnti, kCross };
  RelationPtr left;
  RelationPtr right;
  Type type;
  ExprPtr condition = nullptr;
  std::vector<std::string> using_columns = {};
  bool is_natural = false;
  bool is_lateral = false;
};

struct SubqueryAlias {
  RelationPtr input;
  std::string alias;
  std::vector<std::string> column_names = {};
};

struct With {
  struct Cte {
    std::string name;
    std::vector<std::string> column_names;
    RelationPtr relation;
  };
  RelationPtr input;
  std::vector<Cte> ctes;
};

// A table-valued function or LATERAL VIEW / generators; nothing but range() and the like are known yet.
struct TableFunction {
  std::string name;
  std::vector<ExprPtr> arguments;
};

struct Relation {
  std::variant<NamedTable, DataSource, LocalRelation, Range, OneRow, Project, Filter, Aggregate, Sort, Limit,
               SetOperation, Join, SubqueryAlias, With, TableFunction>
      node;
  SourceLocation location;

  template <typename T>
  const T* As() const {
    return std::get_if<T>(&node);
  }
};

template <typename Node>
RelationPtr MakeRelation(Node node, SourceLocation location = {}) {
  return std::make_shared<const Relation>(Relation{std::move(node), location});
}

}  // namespace quell::unresolved
