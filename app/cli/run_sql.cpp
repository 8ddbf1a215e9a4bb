#include "run_sql.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>

#include <sys/prctl.h>
#include <unistd.h>

#include "base/counted.h"
#include "command_line.h"
#include "shell.h"
#include "signals.h"
#include "sql/script.h"

namespace quell::cli {
namespace {

constexpr int kFailed = 1;

std::optional<std::string> ReadFile(const std::string& path) {
  std::ostringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream file(path);
  if (!file) return std::nullopt;
  text << file.rdbuf();
  return text.str();
}

// A statement that a signal reaches while it lives is cancelled.
class SignalScope {
 public:
  explicit SignalScope(CancelToken* token) { SetCancelledBySignals(token); }
  ~SignalScope() { SetCancelledBySignals(nullptr); }
};

// Hands rows on to an output, and warnings to a person.
class WarningConsumer final : public ResultConsumer {
 public:
  WarningConsumer(ResultConsumer& output, bool silent) : output_(output), silent_(silent) {}
  void Warn(const std::string& warning) override {
    if (!silent_) std::cerr << "quell: warning: " << warning << "\n";
  }
  void Begin(const Schema& schema) override { output_.Begin(schema); }
  void Consume(const Batch& batch) override { output_.Consume(batch); }

 private:
  ResultConsumer& output_;
  const bool silent_;
};

double DbuPrice(const Config& config) { return config.GetPrice("quell.price.dbu"); }

bool WriteReport(const std::string& path, const std::vector<cost::Report>& reports, double dbu_usd) {
  const std::string json = cost::ToJson(reports, dbu_usd) + "\n";
  if (path == "-") {
    std::cerr << json;
    return true;
  }
  std::ofstream file(path);
  file << json;
  return file.flush().good();
}

std::string OutcomeLine(const StatementOutcome& outcome) {
  const cost::Usage& usage = outcome.report.usage;
  if (outcome.version && outcome.report.is_remote()) {
    return fmt::format("committed version {} in {:.3f} s", *outcome.version, usage.wall_seconds);
  }
  if (outcome.version) {
    return fmt::format("committed version {}: {} in {:.3f} s", *outcome.version, Counted(usage.rows_written, "row"),
                       usage.wall_seconds);
  }
  return fmt::format("{} in {:.3f} s", Counted(usage.rows_returned, "row"), usage.wall_seconds);
}

// Asked before hours of work, not after them, and without opening it: it may be a pipe, which a reader would see end.
bool CanWriteReport(const std::string& path) {
  if (path.empty() || path == "-" || access(path.c_str(), W_OK) == 0) return true;
  if (errno != ENOENT) return false;
  const std::string folder = std::filesystem::path(path).parent_path();
  return access(folder.empty() ? "." : folder.c_str(), W_OK) == 0;
}

void WarnOfUnknown(const std::set<sql::Variable>& unknown) {
  for (const auto& [key, is_environment] : unknown) {
    std::cerr << "quell: warning: "
              << (is_environment ? fmt::format("no value for ${{env:{0}}}; set {0} in the environment\n", key)
                                 : fmt::format("no value for ${{{0}}}; give one with -d {0}=...\n", key));
  }
}

// The job matters more than who is told of it. A step that Dagster kills takes the engine with it.
pipes::Pipes OpenPipes() {
  try {
    pipes::Pipes pipes = pipes::Pipes::FromEnvironment();
    if (pipes.is_open()) prctl(PR_SET_PDEATHSIG, SIGTERM);
    return pipes;
  } catch (const Error& error) {
    std::cerr << "quell: Dagster gets no messages: " << error.what() << "\n";
    return {};
  }
}

int RunFiles(StatementPrinter& printer, const std::vector<std::string>& files) {
  for (const std::string& path : files) {
    const std::optional<std::string> text = ReadFile(path);
    if (!text) {
      std::cerr << "quell: cannot read " << path << ": " << std::strerror(errno) << "\n";
      return kFailed;
    }
    if (const int code = printer.RunScript(*text, path)) return code;
  }
  return 0;
}

int RunAll(const SqlOptions& options, StatementPrinter& printer) {
  if (const int code = RunFiles(printer, options.init_files)) return code;
  for (const std::string& sql : options.statements) {
    if (const int code = printer.RunScript(sql, "-e")) return code;
  }
  if (const int code = RunFiles(printer, options.files)) return code;
  if (!options.is_interactive()) return 0;
  if (isatty(STDIN_FILENO)) return RunShell(printer);
  return RunFiles(printer, {"-"});
}

}  // namespace

int StatementPrinter::RunScript(const std::string& text, const std::string& source) {
  try {
    std::set<sql::Variable> unknown;
    const std::string script = sql::Substitute(text, options_.variables, &unknown);
    // As in spark-sql the text stays, which may be a path: a table named ${target} is seldom meant.
    if (!options_.silent) WarnOfUnknown(unknown);
    for (const sql::ScriptStatement& statement : sql::SplitStatements(script)) {
      if (const int code = RunStatement(statement.text, source, statement.start.line)) return code;
    }
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return kFailed;
  }
  return 0;
}

int StatementPrinter::Cancelled() {
  std::cerr << "quell: cancelled\n";
  return 128 + LastSignal();
}

int StatementPrinter::RunStatement(const std::string& sql, const std::string& source, int line) {
  const auto cancel = std::make_shared<CancelToken>();
  const SignalScope scope(cancel.get());
  // One that came too late for the statement before ends the script here.
  if (LastSignal() != 0) return Cancelled();
  if (options_.verbose) std::cerr << sql << "\n";
  try {
    const output::Settings settings{config_.Get("spark.sql.session.timeZone").value_or("UTC"), sql::IsExplain(sql)};
    const auto out = output::MakeOutput(options_.format.value_or(output::DefaultFormat()), settings, stdout);
    WarningConsumer consumer(*out, options_.silent);
    const StatementOutcome outcome = engine_.Run(sql, consumer, cancel);
    out->Finish();
    std::fflush(stdout);
    reports_.push_back(outcome.report);
    pipes_.Report(outcome, DbuPrice(config_));
    const bool tells = options_.verbose || (!options_.silent && isatty(STDERR_FILENO));
    if (tells) std::cerr << OutcomeLine(outcome) << "\n";
    if (options_.verbose) std::cerr << cost::ToText(outcome.report, DbuPrice(config_));
    return 0;
  } catch (const Error& error) {
    std::fflush(stdout);
    pipes_.ReportError(error.error_class().name, error.what());
    if (LastSignal() != 0) return Cancelled();
    std::cerr << error.what() << "\n";
    if (source != "-e" && source != "shell") {
      std::cerr << "  in " << source << ", the statement at line " << line << "\n";
    }
    return kFailed;
  }
}

int RunSql(const SqlOptions& options) {
  if (!CanWriteReport(options.report_file)) {
    std::cerr << "quell: cannot write the report to " << options.report_file << ": " << std::strerror(errno) << "\n";
    return kUsage;
  }
  pipes::Pipes pipes = OpenPipes();
  try {
    Session session(options.settings);
    const std::unique_ptr<Engine> engine = MakeEngine(options, session);
    StatementPrinter printer(options, *engine, session.config(), pipes);
    const int code = RunAll(options, printer);
    if (!options.report_file.empty() &&
        !WriteReport(options.report_file, printer.reports(), DbuPrice(session.config()))) {
      std::cerr << "quell: cannot write the report to " << options.report_file << "\n";
      return code ? code : kFailed;
    }
    return code;
  } catch (const Error& error) {
    pipes.ReportError(error.error_class().name, error.what());
    std::cerr << error.what() << "\n";
    return kUsage;
  }
}

}  // namespace quell::cli
