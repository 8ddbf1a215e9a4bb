#include "analyzer/analyzer.h"

#include "analyzer/relation_analyzer.h"

namespace quell::analyzer {

AnalyzedPlan Analyze(const unresolved::RelationPtr& relation, const Context& context) {
  RelationAnalyzer analyzer(context);
  AnalyzedPlan analyzed{analyzer.Analyze(relation).plan, Schema()};
  std::vector<Field> fields;
  for (const logical::OutputColumn& column : analyzed.plan->output()) {
    fields.push_back({column.name, column.type, column.nullable});
  }
  analyzed.schema = Schema(std::move(fields));
  return analyzed;
}

}  // namespace quell::analyzer
