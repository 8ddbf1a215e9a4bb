#include "pipes/pipes.h"

#include <cerrno>
#include <cstdlib>

#include "base/counted.h"
#include "base/json_writer.h"
#include "pipes/materialization.h"
#include "storage/temporary_file.h"

namespace quell::pipes {

Pipes::Pipes(const std::string& context, const std::string& messages) {
  if (!context.empty()) step_ = ParseStepContext(context);
  const MessageTarget target = ParseMessageTarget(messages);
  channel_.reset(target.path.empty() ? target.stream : std::fopen(target.path.c_str(), "a"));
  if (!channel_ && !target.path.empty()) storage::ThrowErrno(errno, "open Dagster's messages", target.path);
  Send("opened", R"({"extras":{}})");
}

Pipes Pipes::FromEnvironment() {
  const char* messages = std::getenv("DAGSTER_PIPES_MESSAGES");
  if (!messages) return {};
  const char* context = std::getenv("DAGSTER_PIPES_CONTEXT");
  return {context ? context : "", messages};
}

void Pipes::Report(const StatementOutcome& outcome, double dbu_usd) {
  if (!channel_) return;
  const cost::Usage& usage = outcome.report.usage;
  usage_.Add(usage);
  dbu_usd_ = dbu_usd;
  if (outcome.version) last_commit_ = outcome;
  if (outcome.report.is_remote()) {
    Log("INFO", fmt::format("done on {} in {:.3f} s", outcome.report.remote, usage.wall_seconds));
    return;
  }
  for (const std::string& warning : outcome.report.warnings) Log("WARNING", warning);
  Log("INFO", fmt::format("{} read, {} written, in {:.3f} s", Counted(usage.rows_read, "row"),
                          GroupDigits(usage.rows_written), usage.wall_seconds));
}

void Pipes::ReportError(const std::string& error_class, const std::string& message) {
  Log("ERROR", message);
  JsonWriter out;
  out.BeginObject().Member("message", message).Key("stack").BeginArray().EndArray();
  failure_json_ = out.Member("name", error_class).Key("cause").Null().Key("context").Null().EndObject().Take();
}

void Pipes::Close() {
  if (!channel_) return;
  const bool failed = !failure_json_.empty();
  if (!failed && last_commit_ && !step_.asset_key.empty()) {
    Send("report_asset_materialization", MaterializationJson(step_, *last_commit_, usage_, dbu_usd_));
  }
  Send("closed", failed ? R"({"exception":)" + failure_json_ + "}" : "{}");
  channel_.reset();
}

void Pipes::Log(const char* level, const std::string& message) {
  Send("log", JsonWriter().BeginObject().Member("message", message).Member("level", level).EndObject().text());
}

void Pipes::Send(const char* method, const std::string& params_json) {
  if (!channel_) return;
  std::fprintf(channel_.get(),
               R"({"__dagster_pipes_version":"0.1","method":"%s","params":%s})"
               "\n",
               method, params_json.c_str());
  std::fflush(channel_.get());
}

}  // namespace quell::pipes
