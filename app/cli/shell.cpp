#include "shell.h"

#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cwchar>
#include <iostream>
#include <string>

#include <editline/readline.h>
#include <unistd.h>

#include "signals.h"
#include "sql/script.h"

namespace quell::cli {
namespace {

constexpr int kHistoryLines = 5000;

std::string HistoryPath() {
  const char* home = std::getenv("HOME");
  return home ? std::string(home) + "/.quell_history" : std::string();
}

// The next character of the terminal. The line editor's own function would go on reading after Ctrl-C.
int ReadCharacter(FILE*) {
  std::mbstate_t state{};
  char byte;
  while (LastSignal() != SIGINT) {
    const ssize_t count = read(STDIN_FILENO, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return -1;
    wchar_t character;
    const size_t length = std::mbrtowc(&character, &byte, 1, &state);
    if (length <= 1) return static_cast<int>(character);
    const bool is_malformed = length == static_cast<size_t>(-1);
    if (is_malformed) state = {};
  }
  return -1;
}

enum class Read { kLine, kInterrupted, kEnd };

// Reads a line without its end.
Read ReadLine(const char* prompt, std::string* line) {
  const PromptScope scope;
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
  std::cout << "Quell " << QUELL_VERSION << ". Statements end with ;  quit leaves.\n";
  const std::string history = HistoryPath();
  // Text is UTF-8, whatever the locale of the terminal's session; the line editor drops what its locale does not know.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  rl_getc_function = ReadCharacter;
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
    pending.clear();
  }
  return 0;
}

}  // namespace quell::cli
