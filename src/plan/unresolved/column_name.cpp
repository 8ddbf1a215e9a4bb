#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "data/schema.h"
#include "plan/unresolved/expression.h"

namespace quell::unresolved {
namespace {

class Namer {
 public:
  explicit Namer(const NameOverride& name_override) : override_(name_override) {}

  std::string Name(const Expression& expr) const {
    if (override_) {
      if (std::optional<std::string> name = override_(expr)) return *std::move(name);
    }
    return std::visit([this](const auto& node) { return Print(node); }, expr.node);
  }

 private:
  std::string Names(const std::vector<ExprPtr>& list, const char* separator = ", ") const {
    std::string names;
    for (size_t i = 0; i < list.size(); ++i) names += (i == 0 ? "" : separator) + Name(*list[i]);
    return names;
  }

  std::string Print(const Literal& literal) const {
    if (!literal.sql.empty()) return literal.sql;
    if (literal.type.id() != TypeId::kBinary || literal.value.is_null())
      return FormatValue(literal.value, literal.type);
    std::string hex = "X'";
    for (const unsigned char byte : std::get<std::string>(literal.value.data)) hex += fmt::format("{:02X}", byte);
    return hex + "'";
  }
  std::string Print(const TypedLiteral& literal) const { return literal.type.ToSql() + " '" + literal.text + "'"; }
  std::string Print(const Attribute& attribute) const { return attribute.name_parts.back(); }
  std::string Print(const Star&) const { return "1"; }  // count(*) is count(1)
  std::string Print(const InputColumn& column) const { return std::to_string(column.position); }
  std::string Print(const Alias& alias) const { return alias.names.back(); }
  std::string Print(const NamedArgument& argument) const { return argument.name + " => " + Name(*argument.value); }
  std::string Print(const Cast& cast) const {
    if (cast.type.is_nested()) return Name(*cast.child);
    return fmt::format("{}({} AS {})", cast.is_try ? "TRY_CAST" : "CAST", Name(*cast.child), cast.type.ToSql());
  }
  std::string Print(const ExtractValue& extract) const {
    const auto* key = extract.extraction->As<Literal>();
    if (key && key->type.id() == TypeId::kString) return Name(*extract.child) + "." + Name(*extract.extraction);
    return Name(*extract.child) + "[" + Name(*extract.extraction) + "]";
  }
  std::string Print(const Subquery& subquery) const {
    if (subquery.kind == Subquery::Kind::kScalar) return "scalarsubquery()";
    if (subquery.kind == Subquery::Kind::kExists) return "exists()";
    const std::string values = Names(subquery.in_values);
    return subquery.in_values.size() == 1 ? "(" + values + " IN (listquery()))" : "((" + values + ") IN (listquery()))";
  }
  std::string Print(const Lambda& lambda) const;
  std::string Print(const Window& window) const;
  std::string Print(const Function& function) const;

  std::string PrintOrder(const std::vector<SortOrder>& orders) const;
  std::string PrintBound(const WindowFrame::Bound& bound) const;
  std::string PrintFrame(const Window& window) const;
  std::optional<std::string> PrintOperator(const Function& function) const;
  std::string PrintCase(const std::vector<ExprPtr>& arguments) const;
  std::string PrintCall(const Function& function) const;

  const NameOverride& override_;
};

std::string Namer::Print(const Lambda& lambda) const {
  const NameOverride parameters = [&](const Expression& expr) -> std::optional<std::string> {
    const auto* attribute = expr.As<Attribute>();
    if (!attribute) return override_ ? override_(expr) : std::nullopt;
    for (const std::string& name : lambda.parameters) {
      if (!SameName(name, attribute->name_parts[0])) continue;
      std::string text = "namedlambdavariable()";
      for (size_t i = 1; i < attribute->name_parts.size(); ++i) text += "." + attribute->name_parts[i];
      return text;
    }
    return override_ ? override_(expr) : std::nullopt;
  };
  std::string text = "lambdafunction(" + ColumnName(*lambda.body, parameters);
  for (size_t i = 0; i < lambda.parameters.size(); ++i) text += ", namedlambdavariable()";
  return text + ")";
}

std::string Namer::PrintOrder(const std::vector<SortOrder>& orders) const {
  std::string text;
  for (const SortOrder& order : orders) {
    if (!text.empty()) text += ", ";
    const bool nulls_first = order.nulls_first.value_or(order.ascending);
    text += Name(*order.child) + (order.ascending ? " ASC" : " DESC") + (nulls_first ? " NULLS FIRST" : " NULLS LAST");
  }
  return text;
}

std::string Namer::PrintBound(const WindowFrame::Bound& bound) const {
  using Kind = WindowFrame::Bound::Kind;
  switch (bound.kind) {
    case Kind::kUnboundedPreceding: return "UNBOUNDED PRECEDING";
    case Kind::kPreceding: return Name(*bound.offset) + " PRECEDING";
    case Kind::kCurrentRow: return "CURRENT ROW";
    case Kind::kFollowing: return Name(*bound.offset) + " FOLLOWING";
    case Kind::kUnboundedFollowing: return "UNBOUNDED FOLLOWING";
  }
  return "";
}

std::string Namer::PrintFrame(const Window& window) const {
  if (window.frame) {
    const char* unit = window.frame->unit == WindowFrame::Unit::kRows ? "ROWS" : "RANGE";
    return fmt::format("{} BETWEEN {} AND {}", unit, PrintBound(window.frame->lower), PrintBound(window.frame->upper));
  }
  static constexpr std::array<std::string_view, 6> kRanking = {"row_number", "rank",      "dense_rank",
                                                               "ntile",      "cume_dist", "percent_rank"};
  const auto* function = window.function->As<Function>();
  const bool is_ranking = function && std::find(kRanking.begin(), kRanking.end(), function->name()) != kRanking.end();
  if (is_ranking) return "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
  if (window.order_by.empty()) return "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING";
  return "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
}

std::string Namer::Print(const Window& window) const {
  if (!window.reference.empty()) return Name(*window.function) + " OVER " + window.reference;
  std::string text;
  if (!window.partition_by.empty()) text += "PARTITION BY " + Names(window.partition_by) + " ";
  if (!window.order_by.empty()) text += "ORDER BY " + PrintOrder(window.order_by) + " ";
  return Name(*window.function) + " OVER (" + text + PrintFrame(window) + ")";
}

std::string Namer::PrintCase(const std::vector<ExprPtr>& arguments) const {
  std::string text = "CASE";
  for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
    text += " WHEN " + Name(*arguments[i]) + " THEN " + Name(*arguments[i + 1]);
  }
  if (arguments.size() % 2 == 1) text += " ELSE " + Name(*arguments.back());
  return text + " END";
}

std::optional<std::string> Namer::PrintOperator(const Function& function) const {
  static constexpr std::array<std::string_view, 18> kInfix = {"+", "-", "*", "/", "%", "div", "<<", ">>", ">>>",
                                                              "&", "|", "^", "=", "<", "<=",  ">",  ">=", "<=>"};
  const std::string& name = function.name();
  const std::vector<ExprPtr>& arguments = function.arguments;
  if (name == "and" || name == "or") {
    std::string text = Name(*arguments[0]);
    for (size_t i = 1; i < arguments.size(); ++i) {
      text = "(" + text + (name == "and" ? " AND " : " OR ") + Name(*arguments[i]) + ")";
    }
    return text;
  }
  if (arguments.size() == 1) {
    const ExprPtr& only = arguments[0];
    if (name == "-" || name == "+") return "(" + name + " " + Name(*only) + ")";
    if (name == "~") return "~" + Name(*only);
    if (name == "not") return "(NOT " + Name(*only) + ")";
    if (name == "isnull") return "(" + Name(*only) + " IS NULL)";
    if (name == "isnotnull") return "(" + Name(*only) + " IS NOT NULL)";
  }
  if (name == "in" && arguments.size() > 1) {
    return "(" + Name(*arguments[0]) + " IN (" + Names({arguments.begin() + 1, arguments.end()}) + "))";
  }
  if (name == "like" && arguments.size() >= 2) return Names({arguments[0], arguments[1]}, " LIKE ");
  if (name == "case_when") return PrintCase(arguments);
  if (arguments.size() != 2) return std::nullopt;
  if (name == "!=") return "(NOT (" + Names(arguments, " = ") + "))";
  if (std::find(kInfix.begin(), kInfix.end(), name) == kInfix.end()) return std::nullopt;
  return "(" + Names(arguments, (" " + name + " ").c_str()) + ")";
}

// Functions that Spark prints under another name.
std::string PrintedName(const std::string& name) {
  static constexpr std::array<std::string_view, 37> kUpper = {
      "acos",  "acosh", "asin",    "asinh",   "atan",   "atan2",      "atanh",       "cbrt",  "ceil", "cos",
      "cosh",  "cot",   "csc",     "degrees", "exp",    "expm1",      "floor",       "hypot", "log",  "log10",
      "log1p", "log2",  "radians", "sec",     "signum", "sin",        "sinh",        "sqrt",  "tan",  "tanh",
      "power", "rlike", "regexp",  "e",       "rank",   "dense_rank", "percent_rank"};
  if (name == "e") return "E";
  if (name == "current_database") return "current_schema";
  if (std::find(kUpper.begin(), kUpper.end(), name) == kUpper.end()) return name;
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper;
}

// Arguments that Spark adds to a call that leaves them out, and prints: substr(a, 2, 2147483647).
struct DefaultArguments {
  std::string_view function;
  size_t first;  // the position of the first of them
  std::vector<std::string_view> texts;
};

const std::vector<DefaultArguments>& Defaults() {
  static const std::vector<DefaultArguments> kDefaults = {
      {"substr", 2, {"2147483647"}},
      {"substring", 2, {"2147483647"}},
      {"round", 1, {"0"}},
      {"bround", 1, {"0"}},
      {"locate", 2, {"1"}},
      {"position", 2, {"1"}},
      {"lpad", 2, {" "}},
      {"rpad", 2, {" "}},
      {"split", 2, {"-1"}},
      {"replace", 2, {""}},
      {"percentile", 2, {"1"}},
      {"regexp_extract", 2, {"1"}},
      {"regexp_extract_all", 2, {"1"}},
      {"regexp_replace", 3, {"1"}},
      {"from_unixtime", 1, {"yyyy-MM-dd HH:mm:ss"}},
      {"unix_timestamp", 1, {"yyyy-MM-dd HH:mm:ss"}},
      {"to_unix_timestamp", 1, {"yyyy-MM-dd HH:mm:ss"}},
      {"months_between", 2, {"true"}},
      {"mask", 1, {"X", "x", "n", "NULL"}},
      {"make_interval", 0, {"0", "0", "0", "0", "0", "0", "0.000000"}},
      {"make_dt_interval", 0, {"0", "0", "0", "0.000000"}},
      {"make_ym_interval", 0, {"0", "0"}},
      {"listagg", 1, {"NULL"}},
      {"string_agg", 1, {"NULL"}},
      {"lag", 1, {"1", "NULL"}},
      {"lead", 1, {"1", "NULL"}}};
  return kDefaults;
}

std::string Namer::PrintCall(const Function& function) const {
  const std::string& name = function.name();
  const std::vector<ExprPtr>& arguments = function.arguments;
  if ((name == "extract" || name == "datepart") && arguments.size() == 2)
    return name + "(" + Names(arguments, " FROM ") + ")";
  if (IsTypeName(name) && arguments.size() == 1) return Name(*arguments[0]);
  if (name == "positive" && arguments.size() == 1) return "(+ " + Name(*arguments[0]) + ")";
  if (name == "if" && arguments.size() == 3) return "(IF(" + Names(arguments) + "))";
  if (arguments.size() == 2 && (name == "trim" || name == "ltrim" || name == "rtrim")) {
    const char* side = name == "trim" ? "BOTH" : name == "ltrim" ? "LEADING" : "TRAILING";
    return fmt::format("TRIM({} {} FROM {})", side, Name(*arguments[0]), Name(*arguments[1]));
  }
  // The escape character is not shown.
  if (name == "ilike" && arguments.size() == 3) return "ilike(" + Names({arguments[0], arguments[1]}) + ")";
  std::string text = PrintedName(name) + "(" + (function.is_distinct ? "DISTINCT " : "") + Names(arguments);
  for (const DefaultArguments& defaults : Defaults()) {
    if (defaults.function != name || arguments.size() < defaults.first) continue;
    for (size_t i = arguments.size() - defaults.first; i < defaults.texts.size(); ++i) {
      text.append(i + defaults.first == 0 ? "" : ", ").append(defaults.texts[i]);
    }
  }
  return text + ")";
}

std::string Namer::Print(const Function& function) const {
  std::string text = PrintOperator(function).value_or("");
  if (text.empty()) text = PrintCall(function);
  if (function.ignore_nulls) text += " ignore nulls";
  if (!function.within_group.empty()) text += " WITHIN GROUP (ORDER BY " + PrintOrder(function.within_group) + ")";
  if (function.filter) text += " FILTER (WHERE " + Name(*function.filter) + ")";
  return text;
}

}  // namespace

bool IsTypeName(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kTypes = {"boolean", "tinyint",   "smallint", "int",
                                                              "bigint",  "float",     "double",   "decimal",
                                                              "date",    "timestamp", "binary",   "string"};
  return std::find(kTypes.begin(), kTypes.end(), name) != kTypes.end();
}

std::string ColumnName(const Expression& expr, const NameOverride& name_override) {
  return Namer(name_override).Name(expr);
}

}  // namespace quell::unresolved
