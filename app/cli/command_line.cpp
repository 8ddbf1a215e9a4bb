#include "command_line.h"

#include <string>

namespace quell::cli {

std::optional<int> ParseCommandLine(CLI::App& app, int argc, char** argv) {
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    const std::string& name = failed->get_name();
    return name + ": " + error.what() + "; " + name + " --help tells more\n";
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has codes of its own; a mistake is 2, as in most programs.
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return std::nullopt;
}

}  // namespace quell::cli
