// The names that an expression can use, and what they stand for.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "plan/logical/plan.h"

namespace quell::analyzer {

using NameParts = std::vector<std::string>;

// `a`.`b c`.
std::string Quoted(const NameParts& parts);

// What the first `num_parts` parts of a name stand for; the rest are members of it.
struct FoundName {
  ExprPtr expr;
  size_t num_parts;
};

// A place where names are looked up.
class Names {
 public:
  virtual ~Names() = default;
  // nullopt for an unknown name. Throws AMBIGUOUS_REFERENCE.
  virtual std::optional<FoundName> Find(const NameParts& parts, SourceLocation location) const = 0;
  // All names, to suggest one.
  virtual std::vector<NameParts> All() const = 0;
};

struct ScopeColumn {
  NameParts
      qualifier;  // {"spark_catalog", "default", "t"}, {"alias"} or nothing; any end of it may stand before the name
  logical::OutputColumn column;
};

// The output columns of a relation, in their order.
class Scope final : public Names {
 public:
  Scope() = default;
  explicit Scope(std::vector<ScopeColumn> columns) : columns_(std::move(columns)) {}
  Scope(const logical::OutputColumns& columns, const NameParts& qualifier);

  const std::vector<ScopeColumn>& columns() const { return columns_; }
  // The columns that "target.*" stands for; all of them without a target.
  std::vector<ScopeColumn> Under(const NameParts& target) const;
  std::optional<FoundName> Find(const NameParts& parts, SourceLocation location) const override;
  std::vector<NameParts> All() const override;

 private:
  std::vector<ScopeColumn> columns_;
};

// Names given by AS.
class Aliases final : public Names {
 public:
  void Add(std::string name, ExprPtr expr) { aliases_.emplace_back(std::move(name), std::move(expr)); }
  std::optional<FoundName> Find(const NameParts& parts, SourceLocation location) const override;
  std::vector<NameParts> All() const override;

 private:
  std::vector<std::pair<std::string, ExprPtr>> aliases_;
};

// UNRESOLVED_COLUMN, with the known names that are nearest to the wrong one.
[[noreturn]] void ThrowUnresolvedColumn(const NameParts& parts, const std::vector<const Names*>& names,
                                        SourceLocation location);

}  // namespace quell::analyzer
