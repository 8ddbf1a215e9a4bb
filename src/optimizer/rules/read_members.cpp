#include "optimizer/rules/read_members.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "optimizer/rules/map_expressions.h"

namespace quell::optimizer {
namespace {

using Path = std::vector<std::string>;

struct MemberPath {
  ColumnId column = 0;
  Path names;  // as the type spells them
};

// The member of a struct type that has this name.
const Field& MemberOf(const Type& type, const std::string& name) {
  const auto& fields = type.children();
  return *std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return SameName(field.name, name); });
}

// What a chain of members leads to: a.b.c; nullopt for all other expressions, a column alone included.
std::optional<MemberPath> PathOf(const Expression& expr) {
  const auto* call = expr.As<Call>();
  if (!call || call->name() != "get_struct_field") return std::nullopt;
  const Expression& base = *call->children()[0];
  MemberPath path;
  if (const auto* column = base.As<ColumnRef>()) {
    path.column = column->id();
  } else if (std::optional<MemberPath> outer = PathOf(base)) {
    path = std::move(*outer);
  } else {
    return std::nullopt;
  }
  const auto* name = call->children()[1]->As<Literal>();
  if (!name) return std::nullopt;
  path.names.push_back(MemberOf(base.type(), std::get<std::string>(name->value().data)).name);
  return path;
}

// How a plan uses its columns.
class ColumnUses {
 public:
  explicit ColumnUses(const logical::PlanPtr& plan) {
    AddOutput(plan);
    AddPlan(plan);
  }

  // The members of a column that are used, none inside of another; empty where the whole column is.
  std::vector<Path> MembersOf(ColumnId column) const {
    const auto found = members_.find(column);
    if (found == members_.end() || whole_.contains(column)) return {};
    std::vector<Path> members;
    // A path stands right before those that it begins.
    for (const Path& path : found->second) {
      const bool is_inside = !members.empty() && members.back().size() < path.size() &&
                             std::equal(members.back().begin(), members.back().end(), path.begin());
      if (!is_inside) members.push_back(path);
    }
    return members;
  }

 private:
  void AddOutput(const logical::PlanPtr& plan) {
    for (const logical::OutputColumn& column : plan->output()) whole_.insert(column.id);
  }

  void AddPlan(const logical::PlanPtr& plan) {
    MapExpressions(plan, [this](const ExprPtr& expr) {
      AddExpression(*expr);
      return expr;
    });
    // These take the columns of their inputs by position.
    const bool takes_all = plan->kind() == logical::Plan::Kind::kUnion || plan->kind() == logical::Plan::Kind::kWrite;
    for (const logical::PlanPtr& input : plan->inputs()) {
      if (takes_all) AddOutput(input);
      AddPlan(input);
    }
  }

  void AddExpression(const Expression& expr) {
    if (const std::optional<MemberPath> path = PathOf(expr)) {
      members_[path->column].insert(path->names);
      return;
    }
    if (const auto* column = expr.As<ColumnRef>()) whole_.insert(column->id());
    for (const ExprPtr& child : expr.children()) AddExpression(*child);
  }

  std::unordered_map<ColumnId, std::set<Path>> members_;
  std::unordered_set<ColumnId> whole_;
};

// The columns that stand for members of others.
using MemberColumns = std::map<std::pair<ColumnId, Path>, logical::OutputColumn>;

logical::OutputColumn ColumnFor(const logical::OutputColumn& column, const Path& path) {
  logical::OutputColumn member{NextColumnId(), column.name, column.type, column.nullable};
  for (const std::string& name : path) {
    const Field field = MemberOf(member.type, name);
    member.name += "." + field.name;
    member.type = field.type;
    member.nullable |= field.nullable;
  }
  return member;
}

// The scan of the members; adds what stands for what to `replaced`.
logical::PlanPtr ScanOfMembers(const logical::PlanPtr& plan, const ColumnUses& uses, MemberColumns* replaced) {
  const auto* scan = plan->As<logical::Scan>();
  if (!scan || scan->table()->format() != catalog::FileFormat::kParquet) return plan;
  std::vector<logical::TableColumn> columns;
  logical::OutputColumns output;
  bool changed = false;
  for (size_t i = 0; i < scan->output().size(); ++i) {
    const logical::OutputColumn& column = scan->output()[i];
    const std::vector<Path> members = uses.MembersOf(column.id);
    if (members.empty()) {
      columns.push_back(scan->columns()[i]);
      output.push_back(column);
      continue;
    }
    changed = true;
    // A plan may have a scan more than once: under each of GROUPING SETS.
    for (const Path& path : members) {
      columns.push_back({scan->columns()[i].position, path});
      output.push_back(replaced->emplace(std::pair(column.id, path), ColumnFor(column, path)).first->second);
    }
  }
  if (!changed) return plan;
  return std::make_shared<logical::Scan>(scan->table(), std::move(columns), std::move(output), scan->filters(),
                                         scan->limit());
}

}  // namespace

logical::PlanPtr ReadMembers(const logical::PlanPtr& plan) {
  const ColumnUses uses(plan);
  MemberColumns replaced;
  const auto replace = [&](const ExprPtr& expr) {
    return Transform(expr, [&](const ExprPtr& node) -> ExprPtr {
      const std::optional<MemberPath> path = PathOf(*node);
      const auto found = path ? replaced.find({path->column, path->names}) : replaced.end();
      return found == replaced.end() ? node : found->second.Ref();
    });
  };
  return logical::Transform(plan, [&](const logical::PlanPtr& node) -> logical::PlanPtr {
    const logical::PlanPtr scanned = ScanOfMembers(node, uses, &replaced);
    const logical::PlanPtr mapped = MapExpressions(scanned, replace);
    return mapped ? mapped : scanned;
  });
}

}  // namespace quell::optimizer
