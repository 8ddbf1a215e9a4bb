// Unresolved relations -> logical plans with the names that can be used above them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analyzer/select_analyzer.h"

namespace quell::analyzer {

class RelationAnalyzer {
 public:
  explicit RelationAnalyzer(const Context& context) : context_(context) {}

  AnalyzedRelation Analyze(const unresolved::RelationPtr& relation);

 private:
  // A common table expression, and those that it can see itself.
  struct Cte {
    const unresolved::With::Cte* definition;
    std::shared_ptr<const Cte> outer;
  };
  using CtePtr = std::shared_ptr<const Cte>;

  AnalyzedRelation AnalyzeNode(const unresolved::NamedTable& table, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::DataSource& source, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::LocalRelation& values, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::Range& range, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::OneRow& one_row, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::Project& project, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::Filter& filter, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::Aggregate& aggregate, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::Sort& sort, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::Limit& limit, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::SetOperation& operation, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::Join& join, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::SubqueryAlias& alias, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::With& with, SourceLocation location);
  AnalyzedRelation AnalyzeNode(const unresolved::TableFunction& function, SourceLocation location);

  AnalyzedRelation AnalyzeSelect(const unresolved::Relation& select, const unresolved::Sort* sort);
  AnalyzedRelation AnalyzeInside(const unresolved::RelationPtr& relation, CtePtr visible);
  AnalyzedRelation UnionAll(const std::vector<const unresolved::RelationPtr*>& inputs, SourceLocation location);
  AnalyzedRelation IntersectOrExcept(const unresolved::SetOperation& operation, SourceLocation location);
  std::optional<AnalyzedRelation> FindCte(const std::string& name);

  const Context& context_;
  CtePtr ctes_;
  int depth_ = 0;
};

// The scan of a table, or TABLE_OR_VIEW_NOT_FOUND.
AnalyzedRelation ScanTable(const Context& context, const catalog::TableName& name, SourceLocation location);
// Renames the columns. Throws ASSIGNMENT_ARITY_MISMATCH.
AnalyzedRelation RenameColumns(AnalyzedRelation input, const std::vector<std::string>& names, SourceLocation location);

}  // namespace quell::analyzer
