#include "analyzer/store_assignment.h"

#include "analyzer/error_classes.h"

namespace quell::analyzer {
namespace {

bool CanAssign(const Type& from, const Type& to) {
  if (from == to || from.id() == TypeId::kNull) return true;
  if (from.is_nested() || to.is_nested()) {
    if (from.id() != to.id() || from.children().size() != to.children().size()) return false;
    for (size_t i = 0; i < from.children().size(); ++i) {
      if (!CanAssign(from.children()[i].type, to.children()[i].type)) return false;
    }
    return true;
  }
  if (from.id() == to.id()) return true;
  if (from.is_numeric() && to.is_numeric()) return true;
  if (from.is_datetime() && to.is_datetime()) return true;
  return to.id() == TypeId::kString && from.id() != TypeId::kBinary;
}

}  // namespace

ExprPtr AssignTo(const Field& column, ExprPtr expr, const catalog::TableName& table,
                 const ExpressionSettings& settings) {
  if (expr->type() == column.type) return expr;
  if (!CanAssign(expr->type(), column.type) || !CanCast(expr->type(), column.type, CastMode::kAnsi)) {
    throw Error(kCannotSafelyCast, "cannot write {} to the column {} {} of {}; cast the value", expr->type().ToSql(),
                column.name, column.type.ToSql(), table.ToString());
  }
  return std::make_shared<Cast>(std::move(expr), column.type, CastMode::kAnsi, settings.time_zone);
}

}  // namespace quell::analyzer
