#include "base/error_classes.h"
#include "sql/error_classes.h"
#include "sql/parser/command.h"
#include "sql/parser/expression.h"
#include "sql/parser/query.h"
#include "sql/parser/type.h"

namespace quell::sql {

using namespace unresolved;

namespace {

ColumnDefinition ParseColumn(TokenStream& in) {
  ColumnDefinition column{in.ExpectName("a column"), ParseColumnTypeTokens(in)};
  while (true) {
    if (in.AcceptAll({"NOT", "NULL"})) {
      column.nullable = false;
    } else if (in.Accept("COMMENT")) {
      column.comment = in.ExpectString();
    } else if (in.AtWord("DEFAULT")) {
      in.Refuse("DEFAULT of a column");
    } else if (in.AtWord("GENERATED")) {
      in.Refuse("generated columns");
    } else {
      return column;
    }
  }
}

bool AtConstraint(const TokenStream& in) {
  return in.AtWord("CONSTRAINT") || in.AtWords({"PRIMARY", "KEY"}) || in.AtWords({"FOREIGN", "KEY"}) ||
         (in.AtWord("CHECK") && in.AtSymbol("(", 1));
}

std::vector<ColumnDefinition> ParseColumns(TokenStream& in) {
  std::vector<ColumnDefinition> columns;
  in.ExpectSymbol("(");
  do {
    if (AtConstraint(in)) in.Refuse("constraints of a table");
    columns.push_back(ParseColumn(in));
  } while (in.AcceptSymbol(","));
  in.ExpectSymbol(")");
  return columns;
}

// (a, b), or (a INT, b STRING), which declares the columns also.
void ParsePartitioning(TokenStream& in, CreateTable* table) {
  in.ExpectSymbol("(");
  do {
    if (in.AtName() && in.AtSymbol("(", 1)) in.Refuse("partitioning by a transform");
    if (in.AtSymbol(",", 1) || in.AtSymbol(")", 1)) {
      table->partitioned_by.push_back(in.ExpectName("a column"));
    } else {
      table->columns.push_back(ParseColumn(in));
      table->partitioned_by.push_back(table->columns.back().name);
    }
  } while (in.AcceptSymbol(","));
  in.ExpectSymbol(")");
}

// Reads one clause behind the columns; false where there is none.
bool ParseTableClause(TokenStream& in, CreateTable* table) {
  if (in.Accept("USING")) {
    table->provider = ParseQualifiedName(in, "a format").back();
  } else if (in.AtWord("OPTIONS") && in.AtSymbol("(", 1)) {
    in.Next();
    table->options = ParseOptions(in);
  } else if (in.AcceptAll({"PARTITIONED", "BY"})) {
    ParsePartitioning(in, table);
  } else if (in.Accept("LOCATION")) {
    table->location = in.ExpectString();
  } else if (in.Accept("COMMENT")) {
    table->comment = in.ExpectString();
  } else if (in.Accept("TBLPROPERTIES")) {
    table->properties = ParseOptions(in);
  } else if (in.AtWords({"CLUSTERED", "BY"}) || in.AtWords({"CLUSTER", "BY"})) {
    in.Refuse("clustering of a table");
  } else if (in.AtWords({"ROW", "FORMAT"}) || in.AtWords({"STORED", "AS"}) || in.AtWords({"STORED", "BY"})) {
    in.Refuse("Hive's table formats; say USING and a format");
  } else {
    return false;
  }
  return true;
}

// The clauses of a table, each at most once.
void ParseTableClauses(TokenStream& in, CreateTable* table) {
  std::vector<std::string> seen;
  while (true) {
    const SourceLocation location = in.location();
    std::string word(in.Peek().text);
    if (!ParseTableClause(in, table)) return;
    for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const std::string& other : seen) {
      if (other == word) throw Error(kDuplicateClauses, location, "the clause {} is there twice; keep one", word);
    }
    seen.push_back(std::move(word));
  }
}

Statement ParseTable(TokenStream& in, bool is_create, bool or_replace) {
  CreateTable table;
  using Mode = CreateTable::Mode;
  table.mode = !is_create ? Mode::kReplace : or_replace ? Mode::kCreateOrReplace : Mode::kCreate;
  if (is_create && in.AcceptAll({"IF", "NOT", "EXISTS"})) {
    if (or_replace) {
      throw Error(kInvalidSqlSyntax, in.location(), "CREATE OR REPLACE TABLE does not go with IF NOT EXISTS; keep one");
    }
    table.mode = Mode::kCreateIfNotExists;
  }
  table.table = ParseTableName(in, false);
  if (in.AtWord("LIKE")) in.Refuse("CREATE TABLE LIKE");
  if (in.AtSymbol("(") && !StartsQuery(in)) table.columns = ParseColumns(in);
  ParseTableClauses(in, &table);
  const bool has_as = in.Accept("AS");
  if (has_as || StartsQuery(in)) table.query = ParseQuery(in);
  return {std::move(table), {}};
}

Statement ParseView(TokenStream& in, bool or_replace, bool is_temporary) {
  CreateView view;
  view.or_replace = or_replace;
  view.is_temporary = is_temporary;
  view.if_not_exists = in.AcceptAll({"IF", "NOT", "EXISTS"});
  const std::vector<std::string> parts = ParseQualifiedName(in, "a view");
  if (is_temporary && parts.size() > 1) in.Refuse("a temporary view inside of a database");
  view.name = parts.back();
  if (in.AtSymbol("(")) {
    in.Next();
    do {
      view.column_names.push_back(in.ExpectName("a column"));
      if (in.Accept("COMMENT")) in.ExpectString();
    } while (in.AcceptSymbol(","));
    in.ExpectSymbol(")");
  }
  if (in.AtWord("USING")) in.Refuse("a view over a data source; use CREATE TEMPORARY VIEW ... AS SELECT");
  if (in.Accept("COMMENT")) in.ExpectString();
  if (in.Accept("TBLPROPERTIES")) ParseOptions(in);
  in.Expect("AS");
  view.query = ParseQuery(in);
  return {std::move(view), {}};
}

}  // namespace

Statement ParseCreate(TokenStream& in) {
  const bool is_create = in.Accept("CREATE");
  const bool or_replace = is_create && in.AcceptAll({"OR", "REPLACE"});
  if (!is_create) in.Expect("REPLACE");
  const bool is_global = is_create && in.Accept("GLOBAL");
  const bool is_temporary = is_create && (in.Accept("TEMPORARY") || in.Accept("TEMP"));
  if (is_global) in.Refuse("global temporary views");
  if (is_create && in.Accept("VIEW")) return ParseView(in, or_replace, is_temporary);
  if (in.AtWord("TABLE") && is_temporary) in.Refuse("temporary tables; use a temporary view");
  if (in.AtWord("EXTERNAL")) in.Refuse("CREATE EXTERNAL TABLE");
  if (in.Accept("TABLE")) return ParseTable(in, is_create, or_replace);
  if (in.AtAnyWord({"FUNCTION", "DATABASE", "SCHEMA", "NAMESPACE", "INDEX", "MATERIALIZED", "VARIABLE"})) {
    in.Refuse(fmt::format("CREATE {}", in.Peek().text));
  }
  in.Fail("TABLE or VIEW");
}

Statement ParseDrop(TokenStream& in) {
  in.Expect("DROP");
  in.Accept("TEMPORARY");
  if (in.AtAnyWord({"FUNCTION", "DATABASE", "SCHEMA", "NAMESPACE", "INDEX", "VARIABLE"})) {
    in.Refuse(fmt::format("DROP {}", in.Peek().text));
  }
  Drop drop{in.Accept("VIEW") ? Drop::Kind::kView : Drop::Kind::kTable, {}};
  if (drop.kind == Drop::Kind::kTable) in.Expect("TABLE");
  drop.if_exists = in.AcceptAll({"IF", "EXISTS"});
  drop.name = ParseTableName(in, false);
  in.Accept("PURGE");
  return {std::move(drop), {}};
}

}  // namespace quell::sql
