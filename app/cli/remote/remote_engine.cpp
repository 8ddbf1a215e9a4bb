#include "remote_engine.h"

#include <chrono>

#include "result_decoder.h"
#include "sql/parser.h"

namespace quell::cli::remote {
namespace {

bool IsOwn(const std::string& setting) { return setting.starts_with("quell."); }

// SET and RESET of a setting of Quell's own. What our parser refuses may well be Spark's.
bool IsOwnSetting(const std::string& sql) try {
  const unresolved::Statement statement = sql::ParseStatement(sql);
  if (const auto* set = statement.As<unresolved::Set>()) return set->key && IsOwn(*set->key);
  const auto* reset = statement.As<unresolved::Reset>();
  return reset && reset->key && IsOwn(*reset->key);
} catch (const Error&) {
  return false;
}

}  // namespace

std::string Endpoint(const std::string& url) { return url.substr(0, url.find('/', std::string_view("sc://").size())); }

RemoteEngine::RemoteEngine(std::string url, const std::map<std::string, std::string>& settings, Session& session)
    : url_(std::move(url)), settings_(settings), session_(session) {}

StatementOutcome RemoteEngine::Run(const std::string& sql, ResultConsumer& consumer, CancelTokenPtr cancel) {
  if (IsOwnSetting(sql)) return session_.Run(sql, consumer, std::move(cancel));
  const auto start = std::chrono::steady_clock::now();
  if (!client_ || !client_->is_usable()) {
    client_.reset();
    client_ = std::make_unique<Client>(url_, SettingsToSend(), *cancel);
  }
  ResultDecoder decoder(consumer);
  const RemoteOutcome done = client_->Run(sql, *cancel, [&](std::string piece) { decoder.Take(std::move(piece)); });
  decoder.Finish();
  // Timestamps are printed in the zone of the session that made them, which the statement may have changed.
  session_.config().Set("spark.sql.session.timeZone", done.time_zone);
  StatementOutcome outcome;
  outcome.version = done.version;
  outcome.report.statement = sql;
  outcome.report.remote = Endpoint(url_);
  outcome.report.usage.rows_returned = decoder.num_rows();
  outcome.report.usage.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

std::map<std::string, std::string> RemoteEngine::SettingsToSend() const {
  // A table without USING is a Delta table here, and Parquet in Spark.
  std::map<std::string, std::string> sent = {{"spark.sql.sources.default", "delta"}};
  for (const char* name : {"spark.sql.ansi.enabled", "spark.sql.session.timeZone", "spark.sql.timestampType"}) {
    sent[name] = *session_.config().Get(name);
  }
  for (const auto& [name, value] : settings_) {
    if (!IsOwn(name)) sent[name] = value;
  }
  return sent;
}

}  // namespace quell::cli::remote
