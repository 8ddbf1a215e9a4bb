#include <algorithm>

#include "analyzer/analyzer.h"
#include "analyzer/error_classes.h"
#include "analyzer/relation_analyzer.h"
#include "analyzer/store_assignment.h"
#include "base/error_classes.h"

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
    auto input = std::make_shared<logical::Project>(std::move(query.plan), std::move(columns));
    return {std::make_shared<logical::Write>(std::move(input), MakeRequest()), Schema()};
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

  ExprPtr ReplaceWhere() const {
    logical::OutputColumns columns;
    for (const Field& field : schema().fields())
      columns.push_back({NextColumnId(), field.name, field.type, field.nullable});
    const Scope scope(columns, name_.parts);
    ExpressionBinder binder(context_, {&scope});
    if (insert_.replace_where) return OverTable(binder.BindCondition(insert_.replace_where), columns);
    ExprList conjuncts;
    for (const int index : static_columns_) {
      const ExpressionSettings& settings = context_.settings;
      const size_t i = static_cast<size_t>(index);
      conjuncts.push_back(FunctionRegistry::BuiltIn().Bind({"<=>", {columns[i].Ref(), values_[i]}, {}, settings}));
    }
    return OverTable(JoinConjuncts(std::move(conjuncts)), columns);
  }

  catalog::WriteRequest MakeRequest() const {
    using Mode = unresolved::Insert::Mode;
    catalog::WriteRequest request{.table = name_, .mode = catalog::WriteMode::kAppend, .schema = schema()};
    if (insert_.mode == Mode::kOverwrite) request.mode = catalog::WriteMode::kOverwrite;
    // An overwrite of one partition replaces the rows of that partition.
    const bool replaces_partition = insert_.mode == Mode::kOverwrite && !static_columns_.empty();
    if (insert_.mode == Mode::kReplaceWhere || replaces_partition) {
      request.mode = catalog::WriteMode::kReplaceWhere;
      request.replace_where = ReplaceWhere();
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
