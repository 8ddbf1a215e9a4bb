#include "session/statement_runner.h"

#include <chrono>
#include <new>

#include "base/error_classes.h"
#include "optimizer/optimizer.h"
#include "session/describe.h"
#include "session/spill_warning.h"
#include "sql/parser.h"

namespace quell {
namespace {

constexpr char kPartitionOverwriteMode[] = "spark.sql.sources.partitionOverwriteMode";

int64_t NowMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

catalog::CatalogOptions CatalogOptionsOf(const Config& config, Metrics* metrics, CancelTokenPtr cancel) {
  catalog::CatalogOptions options;
  options.storage.metrics = metrics;
  options.storage.cancel = std::move(cancel);
  options.storage.fsync = config.GetBool("quell.local.fsync");
  options.warehouse = *config.Get("spark.sql.warehouse.dir");
  return options;
}

ExpressionSettings ExpressionSettingsOf(const Config& config) {
  ExpressionSettings settings;
  settings.ansi = config.GetBool("spark.sql.ansi.enabled");
  settings.time_zone = *config.Get("spark.sql.session.timeZone");
  settings.timestamp_is_ntz = config.timestamp_is_ntz();
  settings.now_us = NowMicros();
  return settings;
}

// Counts batches and hands them on to the consumer.
class ConsumerSink final : public execution::ResultSink {
 public:
  ConsumerSink(ResultConsumer& consumer, Metrics& metrics) : consumer_(consumer), metrics_(metrics) {}
  void Consume(Batch batch) override {
    metrics_.rows_returned.Add(batch.num_selected());
    consumer_.Consume(batch);
  }

 private:
  ResultConsumer& consumer_;
  Metrics& metrics_;
};

// Takes no notice of rows: EXPLAIN ANALYZE runs the plan for its figures.
class NoConsumer final : public ResultConsumer {
 public:
  void Begin(const Schema&) override {}
  void Consume(const Batch&) override {}
};

}  // namespace

StatementRunner::StatementRunner(Config& config, Views& views, std::shared_ptr<MemoryBudget> budget,
                                 CancelTokenPtr cancel)
    : config_(config),
      views_(views),
      budget_(std::move(budget)),
      cancel_(cancel),
      catalog_(CatalogOptionsOf(config, &metrics_, cancel)) {}

StatementOutcome StatementRunner::Run(const unresolved::Statement& statement, ResultConsumer& consumer) {
  const cost::Meter meter;
  consumer_ = &consumer;
  text_ = statement.text;
  try {
    std::visit([this](const auto& node) { RunNode(node); }, statement.node);
  } catch (const std::bad_alloc&) {
    throw Error(error_class::kOutOfMemory, "the system has no more memory; lower quell.memory.limit = {} bytes",
                budget_->limit_bytes());
  }
  outcome_.report.statement = statement.text;
  outcome_.report.usage = meter.Finish(metrics_);
  return std::move(outcome_);
}

std::string StatementRunner::OptimizedPlan(const unresolved::Statement& statement) {
  return logical::ToString(optimizer::Optimize(AnalyzePlan(statement).plan));
}

analyzer::Context StatementRunner::MakeAnalyzerContext() {
  return {catalog_, ExpressionSettingsOf(config_),
          [this](const std::vector<std::string>& name) { return views_.Find(name); },
          [this](std::string_view text) { return sql::ParseSingleExpression(text, config_.timestamp_is_ntz()); }};
}

analyzer::AnalyzedPlan StatementRunner::AnalyzePlan(const unresolved::Statement& statement) {
  const analyzer::Context context = MakeAnalyzerContext();
  if (const auto* query = statement.As<unresolved::Query>()) return analyzer::Analyze(query->relation, context);
  if (const auto* insert = statement.As<unresolved::Insert>()) return analyzer::Analyze(*insert, context);
  if (const auto* create = statement.As<unresolved::CreateTable>()) return analyzer::Analyze(*create, context);
  throw Error(error_class::kUnsupportedFeature, "this statement has no plan; explain a query or a write");
}

logical::PlanPtr StatementRunner::WithSettings(const logical::PlanPtr& plan) const {
  const auto* write = plan->As<logical::Write>();
  if (!write) return plan;
  catalog::WriteRequest request = write->request();
  request.operation_sql = text_;
  if (const std::string app_id = *config_.Get("quell.txn.appId"); !app_id.empty()) {
    request.txn_app_id = app_id;
    request.txn_version = config_.GetInt("quell.txn.version");
  }
  request.compression = *config_.Get("quell.write.compression");
  if (request.has_dynamic_partitions && SameName(*config_.Get(kPartitionOverwriteMode), "dynamic")) {
    request.mode = catalog::WriteMode::kOverwritePartitions;
    request.replace_where = nullptr;
  }
  return std::make_shared<logical::Write>(write->input(), std::move(request));
}

execution::ExecutionContext StatementRunner::MakeExecutionContext() {
  execution::ExecutionContext context;
  context.memory = budget_;
  context.cancel = cancel_;
  context.metrics = &metrics_;
  context.num_threads = config_.GetCount("quell.threads");
  context.spill_directory = *config_.Get("quell.spill.dir");
  context.spill_limit_bytes = config_.GetBytes("quell.spill.limit");
  context.catalog = &catalog_;
  context.storage = catalog_.options().storage;
  return context;
}

std::optional<std::string> StatementRunner::WarningFor(const logical::PlanPtr& plan,
                                                       const execution::ExecutionContext& context) const {
  const int64_t spill_bytes = execution::EstimateSpill(plan, context).spill_bytes;
  if (spill_bytes == 0) return std::nullopt;
  return SpillWarning(spill_bytes, FindSpillRoom(context));
}

execution::ExecutionProfile StatementRunner::Execute(const analyzer::AnalyzedPlan& analyzed, bool measure,
                                                     ResultConsumer& consumer) {
  const logical::PlanPtr plan = optimizer::Optimize(WithSettings(analyzed.plan));
  execution::ExecutionContext context = MakeExecutionContext();
  context.measure = measure;
  if (std::optional<std::string> warning = WarningFor(plan, context)) {
    consumer_->Warn(*warning);
    outcome_.report.warnings.push_back(std::move(*warning));
  }
  consumer.Begin(analyzed.schema);
  ConsumerSink sink(consumer, metrics_);
  return execution::Execute(plan, context, sink);
}

void StatementRunner::RunPlan(const analyzer::AnalyzedPlan& analyzed) {
  const execution::ExecutionProfile profile = Execute(analyzed, false, *consumer_);
  if (!profile.commit) return;
  outcome_.version = profile.commit->version;
  const auto* write = analyzed.plan->As<logical::Write>();
  if (write) outcome_.written = {write->request().schema, logical::TraceColumns(write->input())};
}

void StatementRunner::ReturnRows(const Schema& schema, std::vector<std::vector<Value>> rows) {
  logical::OutputColumns columns;
  for (const Field& field : schema.fields())
    columns.push_back({NextColumnId(), field.name, field.type, field.nullable});
  std::vector<ExprList> literals;
  for (std::vector<Value>& row : rows) {
    ExprList& list = literals.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) {
      list.push_back(std::make_shared<Literal>(schema.field(static_cast<int>(i)).type, std::move(row[i])));
    }
  }
  RunPlan({std::make_shared<logical::Values>(std::move(columns), std::move(literals)), schema});
}

void StatementRunner::RunNode(const unresolved::Query& query) { RunPlan(AnalyzePlan({query, text_})); }

void StatementRunner::RunNode(const unresolved::CreateTable& create) { RunPlan(AnalyzePlan({create, text_})); }

void StatementRunner::RunNode(const unresolved::Insert& insert) { RunPlan(AnalyzePlan({insert, text_})); }

void StatementRunner::RunNode(const unresolved::CreateView& create) {
  if (!create.is_temporary) {
    throw Error(error_class::kUnsupportedFeature, "permanent views are not kept; use CREATE TEMPORARY VIEW {}",
                create.name);
  }
  AnalyzePlan({unresolved::Query{create.query}, text_});
  views_.Create(create);
  ReturnRows(Schema(), {});
}

void StatementRunner::RunNode(const unresolved::Drop& drop) {
  const bool was_view = drop.name.name_parts.size() == 1 && views_.Drop(drop.name.name_parts[0]);
  if (!was_view) {
    if (drop.kind == unresolved::Drop::Kind::kTable) {
      catalog_.Drop({drop.name.name_parts}, drop.if_exists);
    } else if (!drop.if_exists) {
      throw Error(error_class::kTableOrViewNotFound, "view not found: {}; check the name, or use DROP VIEW IF EXISTS",
                  catalog::TableName{drop.name.name_parts}.ToString());
    }
  }
  ReturnRows(Schema(), {});
}

std::string StatementRunner::ExplainText(const unresolved::Explain& explain) {
  const analyzer::AnalyzedPlan analyzed = AnalyzePlan(*explain.statement);
  if (explain.mode == unresolved::Explain::Mode::kAnalyze) {
    NoConsumer consumer;
    return execution::ToString(Execute(analyzed, true, consumer));
  }
  const logical::PlanPtr optimized = optimizer::Optimize(WithSettings(analyzed.plan));
  const std::optional<std::string> warning = WarningFor(optimized, MakeExecutionContext());
  const std::string note = warning ? "\n== Warning ==\n" + *warning + "\n" : "";
  if (explain.mode == unresolved::Explain::Mode::kSimple) return logical::ToString(optimized) + note;
  return "== Logical Plan ==\n" + logical::ToString(analyzed.plan) + "\n== Optimized Plan ==\n" +
         logical::ToString(optimized) + "\n== Physical Plan ==\n" + execution::PrintPhysical(optimized) + note;
}

void StatementRunner::RunNode(const unresolved::Explain& explain) {
  ReturnRows(Schema({{"plan", Type(TypeId::kString), false}}), {{Value{ExplainText(explain)}}});
}

void StatementRunner::RunNode(const unresolved::Set& set) {
  const Type text(TypeId::kString);
  std::vector<std::vector<Value>> rows;
  if (set.key && set.value) config_.Set(*set.key, *set.value);
  if (set.key) {
    rows.push_back({Value{*set.key}, Value{config_.Get(*set.key).value_or("<undefined>")}});
  } else {
    for (const auto& [name, value] : config_.All()) rows.push_back({Value{name}, Value{value}});
  }
  ReturnRows(Schema({{"key", text, false}, {"value", text, false}}), std::move(rows));
}

void StatementRunner::RunNode(const unresolved::Reset& reset) {
  if (reset.key) {
    config_.Reset(*reset.key);
  } else {
    config_.ResetAll();
  }
  ReturnRows(Schema(), {});
}

void StatementRunner::RunNode(const unresolved::Describe& describe) {
  using Kind = unresolved::Describe::Kind;
  unresolved::RelationPtr query = describe.kind == Kind::kQuery ? describe.query : nullptr;
  if (describe.kind == Kind::kTable) query = views_.Find(describe.table.name_parts);
  const catalog::DescriptionRows rows = query ? DescribeSchema(AnalyzePlan({unresolved::Query{query}, text_}).schema)
                                              : DescribeTable(describe, MakeAnalyzerContext());
  ReturnRows(rows.schema, rows.values);
}

}  // namespace quell
