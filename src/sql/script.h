// Scripts: several statements in one text, with variables.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace quell::sql {

struct ScriptStatement {
  std::string text;      // without the closing semicolon
  SourceLocation start;  // of its first token in the script
};

// Cuts a script at the semicolons that stand outside of quotes and comments. Pieces without any token are left out. An
// unclosed quote or comment makes the rest of the script one statement, for the parser to refuse.
std::vector<ScriptStatement> SplitStatements(std::string_view script);

// Tells whether a text ends inside of a statement: no semicolon after the last token, or an open quote or comment. A
// shell asks for another line then.
bool IsIncomplete(std::string_view script);

// Whether a statement without anything before its first token is an EXPLAIN.
bool IsExplain(std::string_view statement);

struct Variable {
  std::string key;
  bool is_environment = false;  // a variable of the process, not of the script

  auto operator<=>(const Variable&) const = default;
};

// Replaces ${key}, ${hiveconf:key}, ${hivevar:key}, ${spark:key} and ${sparkconf:key} by the variable's value, and
// ${env:KEY} by the environment's. What has no value stays as it is, and is put into `unknown`, if given.
// Values are not searched again.
std::string Substitute(std::string_view text, const std::map<std::string, std::string>& variables,
                       std::set<Variable>* unknown = nullptr);

}  // namespace quell::sql
