#include <algorithm>

#include "analyzer/analyzer.h"
#include "analyzer/constraints.h"
#include "analyzer/error_classes.h"
#include "analyzer/length_limits.h"
#include "analyzer/relation_analyzer.h"
#include "analyzer/replace_where.h"
#include "analyzer/store_assignment.h"
#include "analyzer/table_name.h"
#include "base/error_classes.h"
#include "expression/evaluator.h"

namespace quell::analyzer {

using logical::NamedExpr;

namespace {

// Finds for each column of a table the value that an INSERT writes to it.
class InsertAnalyzer {
 public:
  InsertAnalyzer(const unresolved::Insert& insert, const Context& context)
      : insert_(insert), context_(context), name_(CatalogName(context, insert.table)) {
    table_ = context.catalog.Find(name_);
    if (!table_) {
      throw Error(error_class::kTableOrViewNotFound, "table not found: {}; make it with CREATE TABLE",
                  Quoted(name_.parts));
    }
    values_.resize(schema().fields().size());
  }

  AnalyzedPlan Analyze() {
    AnalyzedPlan query = analyzer::Analyze(insert_.query, context_);
    BindPartition();
    if (insert_.by_name) {
      MatchByName(query.plan->output());
    } else if (!insert_.columns.empty()) {
      MatchColumnList(query.plan->output());
    } else {
      MatchByPosition(query.plan->output());
    }
    std::vector<NamedExpr> columns;
    for (int i = 0; i < schema().num_fields(); ++i) {
      const Field& field = schema().field(i);
      ExprPtr value = values_[static_cast<size_t>(i)];
      if (!value) value = std::make_shared<Literal>(field.type, Value{});
      columns.push_back(NamedExpr::New(AssignTo(field, std::move(value), name_, context_.settings), field.name));
    }
    logical::PlanPtr rows = std::make_shared<logical::Project>(std::move(query.plan), std::move(columns));
    rows = RequireLengths(std::move(rows), schema(), table_->limited_columns());
    rows = RequireConstraints(std::move(rows), schema(), table_->constraints(), context_);
    const catalog::WriteRequest request = MakeRequest();
    if (insert_.replace_where) rows = RequireMatch(rows, ReplaceWhereOver(rows->output()));
    if (request.brings_kept_rows) rows = WithKeptRows(std::move(rows), request);
    return {std::make_shared<logical::Write>(std::move(rows), request), Schema()};
  }

 private:
  const Schema& schema() const { return table_->schema(); }

  int IndexOf(const std::string& column) const {
    const std::optional<int> index = schema().IndexOf(column);
    if (!index) {
      std::vector<ScopeColumn> columns;
      for (const Field& field : schema().fields()) columns.push_back({{}, {0, field.name, field.type, field.nullable}});
      const Scope scope(std::move(columns));
      ThrowUnresolvedColumn({column}, {&scope}, {});
    }
    return *index;
  }

  // Static partition values are constants that the query does not give.
  void BindPartition() {
    const std::vector<std::string> partition_columns = table_->partition_columns();
    ExpressionBinder binder(context_, {});
    for (const auto& [name, value] : insert_.partition) {
      const auto same = [&column = name](const std::string& other) { return SameName(other, column); };
      if (std::none_of(partition_columns.begin(), partition_columns.end(), same)) {
        throw Error(kNonPartitionColumn, "PARTITION names a column that the table is not partitioned by: {}", name);
      }
      if (!value) continue;
      const int index = IndexOf(name);
      const Field& field = schema().field(index);
      ExprPtr bound = binder.Bind(value);
      // A static value is cast as if it were a string in the path of the partition.
      if (!CanCast(bound->type(), field.type, CastMode::kAnsi)) {
        throw Error(kCannotSafelyCast, value->location, "cannot write {} to the partition column {} {}",
                    bound->type().ToSql(), field.name, field.type.ToSql());
      }
      if (bound->type() != field.type) {
        bound = std::make_shared<Cast>(std::move(bound), field.type, CastMode::kAnsi, context_.settings.time_zone);
      }
      values_[static_cast<size_t>(index)] = bound;
      static_columns_.push_back(index);
    }
  }

  bool IsStatic(int index) const {
    return std::find(static_columns_.begin(), static_columns_.end(), index) != static_columns_.end();
  }

  void CheckCount(size_t expected, size_t actual) const {
    if (actual == expected) return;
    throw Error(actual < expected ? kNotEnoughDataColumns : kTooManyDataColumns,
                "cannot write {} columns to the {} columns of {}; give as many, or name them", actual, expected,
                name_.ToString());
  }

  void MatchByPosition(const logical::OutputColumns& columns) {
    std::vector<int> targets;
    for (int i = 0; i < schema().num_fields(); ++i) {
      if (!IsStatic(i)) targets.push_back(i);
    }
    CheckCount(targets.size(), columns.size());
    for (size_t i = 0; i < targets.size(); ++i) values_[static_cast<size_t>(targets[i])] = columns[i].Ref();
  }

  void MatchColumnList(const logical::OutputColumns& columns) {
    CheckCount(insert_.columns.size(), columns.size());
    for (size_t i = 0; i < columns.size(); ++i) SetOnce(IndexOf(insert_.columns[i]), columns[i].Ref());
  }

  void MatchByName(const logical::OutputColumns& columns) {
    for (const logical::OutputColumn& column : columns) {
      const std::optional<int> index = schema().IndexOf(column.name);
      if (!index) {
        throw Error(kExtraColumns, "{} has no column {}; leave it out, or add it to the table", name_.ToString(),
                    Quoted({column.name}));
      }
      SetOnce(*index, column.Ref());
    }
    for (int i = 0; i < schema().num_fields(); ++i) {
      const Field& field = schema().field(i);
      if (!values_[static_cast<size_t>(i)] && !field.nullable) {
        throw Error(kCannotFindData, "no data for the column {} of {}, which is NOT NULL", Quoted({field.name}),
                    name_.ToString());
      }
    }
  }

  void SetOnce(int index, ExprPtr value) {
    ExprPtr& slot = values_[static_cast<size_t>(index)];
    if (slot) throw Error(kColumnAlreadyExists, "the column {} is given twice", Quoted({schema().field(index).name}));
    slot = std::move(value);
  }

  // Literals in place of what is constant, so that statistics can be compared with it. What fails is left to fail when
  // it meets a row.
  static ExprPtr Folded(const ExprPtr& expr) {
    return Transform(expr, [](const ExprPtr& node) -> ExprPtr {
      if (node->As<Literal>() || !IsConstant(*node)) return node;
      try {
        return std::make_shared<Literal>(node->type(), EvaluateConstant(node));
      } catch (const Error&) {
        return node;
      }
    });
  }

  // A condition over the table's columns, as InputRefs by their positions.
  ExprPtr OverTable(const ExprPtr& condition, const logical::OutputColumns& columns) const {
    return Transform(condition, [&](const ExprPtr& expr) -> ExprPtr {
      const auto* ref = expr->As<ColumnRef>();
      if (!ref) return expr;
      for (size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].id == ref->id())
          return std::make_shared<InputRef>(static_cast<int>(i), ref->type(), ref->nullable());
      }
      return expr;
    });
  }

  logical::OutputColumns NewColumns() const {
    logical::OutputColumns columns;
    for (const Field& field : schema().fields())
      columns.push_back({NextColumnId(), field.name, field.type, field.nullable});
    return columns;
  }

  // The statement's condition, over columns that stand for those of the table.
  ExprPtr ReplaceWhereOver(const logical::OutputColumns& columns) const {
    const Scope scope(columns, name_.parts);
    ExprPtr condition = ExpressionBinder(context_, {&scope}).BindCondition(insert_.replace_where);
    // A row is asked twice: whether it goes, and whether it stays.
    if (!IsDeterministic(*condition)) {
      throw Error(kNonDeterministic, insert_.replace_where->location,
                  "REPLACE WHERE takes a condition that is the same each time, not {}", ToString(*condition));
    }
    return condition;
  }

  ExprPtr ReplaceWhere() const {
    const logical::OutputColumns columns = NewColumns();
    if (insert_.replace_where) return OverTable(ReplaceWhereOver(columns), columns);
    ExprList conjuncts;
    for (const int index : static_columns_) {
      const ExpressionSettings& settings = context_.settings;
      const size_t i = static_cast<size_t>(index);
      conjuncts.push_back(FunctionRegistry::BuiltIn().Bind({"<=>", {columns[i].Ref(), values_[i]}, {}, settings}));
    }
    return OverTable(JoinConjuncts(std::move(conjuncts)), columns);
  }

  // Whether the partition of a row tells if it is to be replaced.
  bool ReadsPartitionsOnly(const ExprPtr& condition) const {
    const std::vector<std::string> partition_columns = table_->partition_columns();
    bool reads_partitions_only = true;
    Transform(condition, [&](const ExprPtr& node) -> ExprPtr {
      const auto* ref = node->As<InputRef>();
      const auto is_read = [&](const std::string& name) { return SameName(name, schema().field(ref->index()).name); };
      if (ref && std::none_of(partition_columns.begin(), partition_columns.end(), is_read)) {
        reads_partitions_only = false;
      }
      return node;
    });
    return reads_partitions_only;
  }

  // Files that hold rows to be replaced are written anew: with the rows of theirs that are to stay.
  logical::PlanPtr WithKeptRows(logical::PlanPtr rows, const catalog::WriteRequest& request) const {
    std::vector<logical::TableColumn> positions;
    for (int i = 0; i < schema().num_fields(); ++i) positions.push_back({i});
    const logical::OutputColumns columns = NewColumns();
    auto kept = std::make_shared<logical::Scan>(table_->Restrict(SplitConjuncts(request.replace_where)),
                                                std::move(positions), columns);
    return WithRowsThatDoNotMatch(std::move(rows), std::move(kept), ReplaceWhereOver(columns), context_.settings);
  }

  catalog::WriteRequest MakeRequest() const {
    using Mode = unresolved::Insert::Mode;
    catalog::WriteRequest request{.table = name_, .mode = catalog::WriteMode::kAppend, .schema = schema()};
    if (insert_.mode == Mode::kOverwrite) request.mode = catalog::WriteMode::kOverwrite;
    request.has_dynamic_partitions =
        insert_.mode == Mode::kOverwrite && static_columns_.size() < table_->partition_columns().size();
    // An overwrite of one partition replaces the rows of that partition.
    const bool replaces_partition = insert_.mode == Mode::kOverwrite && !static_columns_.empty();
    if (insert_.mode == Mode::kReplaceWhere || replaces_partition) {
      request.mode = catalog::WriteMode::kReplaceWhere;
      request.replace_where = Folded(ReplaceWhere());
      request.brings_kept_rows = !ReadsPartitionsOnly(request.replace_where);
    }
    return request;
  }

  const unresolved::Insert& insert_;
  const Context& context_;
  const catalog::TableName name_;
  catalog::TablePtr table_;
  ExprList values_;                  // by column of the table; nullptr: none yet
  std::vector<int> static_columns_;  // of the static partition
};

}  // namespace

AnalyzedPlan Analyze(const unresolved::Insert& insert, const Context& context) {
  if (insert.if_not_exists)
    throw Error(error_class::kUnsupportedFeature, "not supported yet: INSERT with IF NOT EXISTS");
  return InsertAnalyzer(insert, context).Analyze();
}

}  // namespace quell::analyzer
