#include "options.h"

#include <iostream>

#include "command_line.h"
#include "usage.h"

namespace quell::cli {
namespace {

// "key=value" pairs; a word without "=" is a mistake.
void AddPairs(CLI::App& app, const std::string& flags, std::map<std::string, std::string>* pairs,
              const std::string& help) {
  app.add_option_function<std::vector<std::string>>(
         flags,
         [pairs](const std::vector<std::string>& words) {
           for (const std::string& word : words) {
             const size_t equals = word.find('=');
             if (equals == std::string::npos || equals == 0) {
               throw CLI::ValidationError("'" + word + "' is not key=value");
             }
             (*pairs)[word.substr(0, equals)] = word.substr(equals + 1);
           }
         },
         help)
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
}

}  // namespace

std::optional<int> ParseSqlOptions(int argc, char** argv, SqlOptions* options) {
  CLI::App app{kDescription, "quell"};
  app.footer(kFooter);
  app.add_option("-e", options->statements, "run this SQL; statements are parted by semicolons")
      ->type_name("SQL")
      ->expected(1)
      ->take_all();
  app.add_option("-f", options->files, "run the SQL in this file")->type_name("FILE")->expected(1)->take_all();
  app.add_option("-i", options->init_files, "run the SQL in this file first")
      ->type_name("FILE")
      ->expected(1)
      ->take_all();
  AddPairs(app, "-d,--define,--hivevar", &options->variables, "replace ${KEY} in the SQL");
  AddPairs(app, "--conf,--hiveconf,-c", &options->settings, "set a setting; SET in the shell lists them all");
  std::string format;
  app.add_option("--format", format, "of results: table (on a terminal), tsv (in a pipe), csv, json, arrow")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "tsv", "csv", "json", "arrow"}));
  app.add_option("--report", options->report_file, "write what each statement used and cost, as JSON; - for stderr")
      ->type_name("FILE");
  app.add_option("--remote", options->remote, "run on a Spark cluster, through Spark Connect")
      ->type_name("sc://HOST:PORT")
      ->check([](const std::string& url) {
        const bool has_host = url.size() > 5 && url.starts_with("sc://") && url[5] != '/' && url[5] != ':';
        return has_host ? std::string() : "'" + url + "' is not the address of a Spark Connect server: sc://HOST:PORT";
      });
  app.add_flag("-S,--silent", options->silent, "print results alone");
  app.add_flag("-v,--verbose", options->verbose, "print each statement before it runs, and what it used");
  app.set_version_flag("--version", std::string("quell ") + QUELL_VERSION);
  if (const std::optional<int> code = ParseCommandLine(app, argc, argv)) return *code;
  if (!options->statements.empty() && !options->files.empty()) {
    std::cerr << "quell: give -e or -f, not both\n";
    return kUsage;
  }
  if (!format.empty()) options->format = output::ParseFormat(format);
  return std::nullopt;
}

}  // namespace quell::cli
