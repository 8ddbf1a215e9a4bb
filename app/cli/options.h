// The command line of `quell`, as values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "output/output.h"

namespace quell::cli {

// `quell [-e SQL | -f FILE] ...`: spark-sql's flags.
struct SqlOptions {
  std::vector<std::string> statements;           // -e, may be given more than once
  std::vector<std::string> files;                // -f
  std::vector<std::string> init_files;           // -i: run before a shell opens
  std::map<std::string, std::string> variables;  // -d, --define, --hivevar
  std::map<std::string, std::string> settings;   // --conf
  std::optional<output::Format> format;
  std::string report_file;
  std::string remote;  // --remote: "sc://HOST:PORT[/;params]"; empty: this machine
  bool silent = false;
  bool verbose = false;

  bool is_interactive() const { return statements.empty() && files.empty(); }
};

// Parses the arguments behind the program's name. Returns the exit code where there is nothing left to do: after
// --help,
// --version, or a mistake, which is explained on stderr.
std::optional<int> ParseSqlOptions(int argc, char** argv, SqlOptions* options);

}  // namespace quell::cli
