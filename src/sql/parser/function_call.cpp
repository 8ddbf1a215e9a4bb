#include "sql/parser/function_call.h"

#include <cctype>

#include "sql/error_classes.h"
#include "sql/parser/expression.h"
#include "sql/parser/query.h"
#include "sql/parser/type.h"
#include "sql/parser/window.h"

namespace quell::sql {

using namespace unresolved;

namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  for (const std::string_view candidate : names) {
    if (name == candidate) return true;
  }
  return false;
}

// timestampadd(HOUR, ...): the unit is a word.
bool TakesUnit(std::string_view name) {
  return IsOneOf(name, {"timestampadd", "timestampdiff", "dateadd", "date_add", "datediff", "date_diff", "timediff"});
}

bool AtUnit(const TokenStream& in) {
  return in.AtSymbol(",", 1) && in.AtAnyWord({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DAYOFYEAR", "HOUR", "MINUTE",
                                              "SECOND", "MILLISECOND", "MICROSECOND"});
}

ExprPtr ParseArgument(TokenStream& in, const std::string& function) {
  if (in.AtName() && in.AtSymbol("=>", 1)) {
    const SourceLocation location = in.location();
    std::string name = in.ExpectName();
    in.ExpectSymbol("=>");
    return Make(NamedArgument{std::move(name), ParseExpression(in)}, location);
  }
  if (in.AtWord("TABLE") && (in.AtSymbol("(", 1) || in.AtName(1))) in.Refuse("a table as an argument of a function");
  return function == "struct" ? ParseNamedExpression(in) : ParseExpression(in);
}

bool AtQuantifier(const TokenStream& in) {
  const bool is_column = in.AtSymbol(",", 1) || in.AtSymbol(")", 1) || in.AtSymbol(".", 1);
  return !is_column && (in.AtWord("DISTINCT") || (in.AtWord("ALL") && !in.AtSymbol("(", 1)));
}

// Reads the arguments behind "(", and the ")".
void ParseArguments(TokenStream& in, const std::string& name, Function* function) {
  if (AtQuantifier(in)) function->is_distinct = !in.Accept("ALL") && in.Accept("DISTINCT");
  const bool has_unit = TakesUnit(name) && AtUnit(in);
  if (has_unit) {
    const bool is_add = IsOneOf(name, {"dateadd", "date_add", "timestampadd"});
    function->name_parts = {is_add ? "timestampadd" : "timestampdiff"};
    const SourceLocation location = in.location();
    function->arguments.push_back(MakeString(std::string(in.Next().text), location));
    in.ExpectSymbol(",");
  }
  if (!in.AtSymbol(")")) {
    do {
      function->arguments.push_back(ParseArgument(in, name));
    } while (in.AcceptSymbol(","));
  }
  if (in.AcceptAll({"IGNORE", "NULLS"})) function->ignore_nulls = true;
  in.AcceptAll({"RESPECT", "NULLS"});
  in.ExpectSymbol(")");
  const auto* unit = has_unit || function->arguments.size() != 3 ? nullptr : function->arguments[0]->As<Literal>();
  if (TakesUnit(name) && unit && unit->type.id() == TypeId::kString) {
    throw Error(kDatetimeUnit, function->arguments[0]->location,
                "the unit of {} is a word, not a string: write {}({}, ...)", name, name,
                std::get<std::string>(unit->value.data));
  }
}

// Reads what may follow the ")" of a call.
ExprPtr ParseCallClauses(TokenStream& in, Function function, SourceLocation location) {
  if (in.AcceptAll({"WITHIN", "GROUP"})) {
    in.ExpectSymbol("(");
    in.Expect("ORDER");
    in.Expect("BY");
    function.within_group = ParseSortOrders(in);
    in.ExpectSymbol(")");
  }
  if (in.AtWord("FILTER") && in.AtSymbol("(", 1)) {
    in.MoveTo(in.position() + 2);
    in.Expect("WHERE");
    function.filter = ParseExpression(in);
    in.ExpectSymbol(")");
  }
  if (in.AcceptAll({"IGNORE", "NULLS"})) function.ignore_nulls = true;
  in.AcceptAll({"RESPECT", "NULLS"});
  ExprPtr call = Make(std::move(function), location);
  const bool is_window = in.AtWord("OVER") && (in.AtSymbol("(", 1) || in.AtName(1));
  return is_window ? ParseOver(in, std::move(call)) : call;
}

ExprPtr ParseCase(TokenStream& in) {
  const SourceLocation location = in.location();
  in.Expect("CASE");
  const ExprPtr value = in.AtWord("WHEN") ? nullptr : ParseExpression(in);
  std::vector<ExprPtr> arguments;
  if (!in.AtWord("WHEN")) in.Fail("WHEN");
  while (in.Accept("WHEN")) {
    ExprPtr condition = ParseExpression(in);
    if (value) condition = MakeCall("=", {value, std::move(condition)}, location);
    arguments.push_back(std::move(condition));
    in.Expect("THEN");
    arguments.push_back(ParseExpression(in));
  }
  if (in.Accept("ELSE")) arguments.push_back(ParseExpression(in));
  in.Expect("END");
  return MakeCall("case_when", std::move(arguments), location);
}

ExprPtr ParseExists(TokenStream& in) {
  const SourceLocation location = in.location();
  in.Expect("EXISTS");
  in.ExpectSymbol("(");
  Subquery subquery{Subquery::Kind::kExists, ParseQuery(in), {}};
  in.ExpectSymbol(")");
  return Make(std::move(subquery), location);
}

ExprPtr ParseCast(TokenStream& in) {
  const SourceLocation location = in.location();
  const bool is_try = in.Accept("TRY_CAST");
  if (!is_try) in.Expect("CAST");
  in.ExpectSymbol("(");
  ExprPtr child = ParseExpression(in);
  in.Expect("AS");
  const Type type = ParseTypeTokens(in);
  in.ExpectSymbol(")");
  return Make(Cast{std::move(child), type, is_try}, location);
}

ExprPtr ParseExtract(TokenStream& in) {
  const SourceLocation location = in.location();
  in.Expect("EXTRACT");
  in.ExpectSymbol("(");
  ExprPtr field = MakeString(in.ExpectName("a field"), location);
  in.Expect("FROM");
  ExprPtr source = ParseValueExpression(in);
  in.ExpectSymbol(")");
  return MakeCall("extract", {std::move(field), std::move(source)}, location);
}

// TRIM([BOTH | LEADING | TRAILING] [characters] FROM text), or a plain call.
ExprPtr ParseTrim(TokenStream& in) {
  const SourceLocation location = in.location();
  in.Next();
  in.ExpectSymbol("(");
  Function function{.name_parts = {"trim"}};
  bool is_special = true;
  if (in.Accept("LEADING")) {
    function.name_parts = {"ltrim"};
  } else if (in.Accept("TRAILING")) {
    function.name_parts = {"rtrim"};
  } else if (!in.Accept("BOTH")) {
    is_special = false;
  }
  if (!in.AtWord("FROM")) function.arguments.push_back(ParseArgument(in, "trim"));
  if (in.Accept("FROM")) {
    function.arguments.push_back(ParseValueExpression(in));
  } else if (is_special) {
    in.Fail("FROM");
  } else {
    while (in.AcceptSymbol(",")) function.arguments.push_back(ParseArgument(in, "trim"));
  }
  in.ExpectSymbol(")");
  return ParseCallClauses(in, std::move(function), location);
}

// SUBSTRING(text FROM position [FOR length]), POSITION(text IN text), OVERLAY(text PLACING text FROM position [FOR
// length]), or a plain call of one of them. The first argument of POSITION stops before IN.
ExprPtr ParseWordSeparated(TokenStream& in) {
  const SourceLocation location = in.location();
  const std::string name = Lower(std::string(in.Next().text));
  in.ExpectSymbol("(");
  Function function{.name_parts = {name}};
  std::vector<ExprPtr>& arguments = function.arguments;
  const bool is_position = name == "position" && !(in.AtName() && in.AtSymbol("=>", 1));
  arguments.push_back(is_position ? ParseValueExpression(in) : ParseArgument(in, name));
  if (is_position && in.Accept("IN")) {
    function.name_parts = {"locate"};
    arguments.push_back(ParseValueExpression(in));
  } else if ((name == "overlay" && in.Accept("PLACING")) || (name.starts_with("substr") && in.AtWord("FROM"))) {
    if (name == "overlay") arguments.push_back(ParseValueExpression(in));
    if (name == "substr") function.name_parts = {"substring"};
    in.Expect("FROM");
    arguments.push_back(ParseValueExpression(in));
    if (in.Accept("FOR")) arguments.push_back(ParseValueExpression(in));
  } else {
    while (in.AcceptSymbol(",")) arguments.push_back(ParseArgument(in, name));
  }
  in.ExpectSymbol(")");
  return ParseCallClauses(in, std::move(function), location);
}

}  // namespace

ExprPtr ParseCall(TokenStream& in, std::vector<std::string> name_parts, SourceLocation location) {
  for (std::string& part : name_parts) part = Lower(std::move(part));
  const std::string name = name_parts.back();
  Function function{.name_parts = std::move(name_parts)};
  in.ExpectSymbol("(");
  ParseArguments(in, name, &function);
  return ParseCallClauses(in, std::move(function), location);
}

ExprPtr ParseSpecialForm(TokenStream& in) {
  if (in.AtWord("CASE") && !in.AtSymbol(".", 1)) return ParseCase(in);
  if (!in.AtSymbol("(", 1)) return nullptr;
  if (in.AtWord("EXISTS")) {
    in.Next();
    in.Next();
    const bool is_query = StartsQuery(in);
    in.MoveTo(in.position() - 2);
    return is_query ? ParseExists(in) : nullptr;
  }
  if (in.AtAnyWord({"CAST", "TRY_CAST"})) return ParseCast(in);
  if (in.AtWord("EXTRACT") && in.AtName(2) && in.AtWord("FROM", 3)) return ParseExtract(in);
  if (in.AtWord("TRIM") && !in.AtSymbol(")", 2)) return ParseTrim(in);
  if (in.AtAnyWord({"SUBSTRING", "SUBSTR", "POSITION", "OVERLAY"}) && !in.AtSymbol(")", 2)) {
    return ParseWordSeparated(in);
  }
  return nullptr;
}

}  // namespace quell::sql
