#include "shell.h"

#include <cstdlib>
#include <iostream>
#include <string>

#include <editline/readline.h>

#include "signals.h"
#include "sql/script.h"

namespace quell::cli {
namespace {

constexpr int kHistoryLines = 5000;

std::string HistoryPath() {
  const char* home = std::getenv("HOME");
  return home ? std::string(home) + "/.quell_history" : std::string();
}

// A line without its end; false at the end of the input.
bool ReadLine(const char* prompt, std::string* line) {
  char* text = readline(prompt);
  if (text == nullptr) return false;
  *line = text;
  std::free(text);
  return true;
}

bool IsQuit(const std::string& text) {
  for (const char* word : {"quit", "exit", "quit;", "exit;", "\\q"}) {
    if (text == word) return true;
  }
  return false;
}

bool IsBlank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

int RunShell(StatementPrinter& printer) {
  std::cout << "Quell " << QUELL_VERSION << ". Statements end with ;  quit leaves.\n";
  const std::string history = HistoryPath();
  using_history();
  stifle_history(kHistoryLines);
  if (!history.empty()) read_history(history.c_str());
  std::string pending;
  std::string line;
  while (ReadLine(pending.empty() ? "quell> " : "     > ", &line)) {
    if (pending.empty() && IsQuit(line)) break;
    if (pending.empty() && IsBlank(line)) continue;
    pending += (pending.empty() ? "" : "\n") + line;
    if (sql::IsIncomplete(pending)) continue;
    add_history(pending.c_str());
    // An error has been printed; the shell goes on.
    printer.RunScript(pending, "shell");
    pending.clear();
  }
  if (!history.empty()) write_history(history.c_str());
  return 0;
}

}  // namespace quell::cli
