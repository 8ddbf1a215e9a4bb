#include "shell.h"

#include <clocale>
#include <csignal>
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

enum class Read { kLine, kInterrupted, kEnd };

// Reads a line without its end.
Read ReadLine(const char* prompt, std::string* line) {
  char* text = readline(prompt);
  if (LastSignal() == SIGINT) {
    ClearSignal();
    std::free(text);
    std::cout << "^C\n";
    return Read::kInterrupted;
  }
  if (text == nullptr) return Read::kEnd;
  *line = text;
  std::free(text);
  return Read::kLine;
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
  const ShellScope scope;
  std::cout << "Quell " << QUELL_VERSION << ". Statements end with ;  quit leaves.\n";
  const std::string history = HistoryPath();
  // Text is UTF-8, whatever the locale of the terminal's session; the line editor drops what its locale does not know.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  using_history();
  stifle_history(kHistoryLines);
  if (!history.empty()) read_history(history.c_str());
  std::string pending;
  std::string line;
  for (;;) {
    const Read read = ReadLine(pending.empty() ? "quell> " : "     > ", &line);
    if (read == Read::kEnd) break;
    if (read == Read::kInterrupted) {
      pending.clear();
      continue;
    }
    if (pending.empty() && IsQuit(line)) break;
    if (pending.empty() && IsBlank(line)) continue;
    pending += (pending.empty() ? "" : "\n") + line;
    if (sql::IsIncomplete(pending)) continue;
    add_history(pending.c_str());
    // Written at once: a shell that is killed keeps its history.
    if (!history.empty()) write_history(history.c_str());
    // An error has been printed; the shell goes on.
    printer.RunScript(pending, "shell");
    if (const int signal = LastSignal(); signal != 0 && signal != SIGINT) return 128 + signal;
    // A Ctrl-C that came too late for the statement is not for the next.
    ClearSignal();
    pending.clear();
  }
  return 0;
}

}  // namespace quell::cli
