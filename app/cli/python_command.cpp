#include "python_command.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

namespace quell::cli {
namespace {

constexpr std::array<std::string_view, 4> kCommands = {"datagen", "s3", "dagster", "validate"};

// $QUELL_PYTHON, else the virtual environment of the tree that this binary was built in, else python3.
std::string FindPython() {
  if (const char* python = std::getenv("QUELL_PYTHON")) return python;
  std::error_code error;
  if (std::filesystem::exists(QUELL_BUILD_PYTHON, error)) return QUELL_BUILD_PYTHON;
  return "python3";
}

// The tree that this binary was built in; nothing for one that was installed.
std::optional<std::filesystem::path> FindTree() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  for (std::filesystem::path folder = self.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / "python" / "quell" / "__main__.py", error)) return folder;
  }
  return std::nullopt;
}

// The package beside the binary's tree comes first, so that a checkout runs without being installed.
void AddPackagePath() {
  std::error_code error;
  setenv("QUELL_BINARY", std::filesystem::read_symlink("/proc/self/exe", error).c_str(), 0);
  const std::optional<std::filesystem::path> tree = FindTree();
  if (!tree) return;
  const char* old = std::getenv("PYTHONPATH");
  const std::string path = (*tree / "python").string() + (old ? std::string(":") + old : "");
  setenv("PYTHONPATH", path.c_str(), 1);
}

int Exec(std::vector<std::string> words) {
  AddPackagePath();
  const std::string python = FindPython();
  words.insert(words.begin(), {python, "-m", "quell"});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(python.c_str(), argv.data());
  std::fprintf(stderr, "quell: cannot run %s: %s; run ./dev setup, or set QUELL_PYTHON\n", python.c_str(),
               std::strerror(errno));
  return 1;
}

}  // namespace

bool IsPythonCommand(std::string_view command) {
  return std::find(kCommands.begin(), kCommands.end(), command) != kCommands.end();
}

std::vector<std::string> RemoteClientCommand() {
  AddPackagePath();
  std::error_code error;
  std::string python = FindPython();
  if (const std::optional<std::filesystem::path> tree = FindTree()) {
    const std::filesystem::path own = *tree / ".venvs" / "remote" / "bin" / "python";
    if (std::filesystem::exists(own, error)) python = own;
  }
  if (const char* given = std::getenv("QUELL_REMOTE_PYTHON")) python = given;
  return {python, "-m", "quell.remote"};
}

int RunPythonCommand(int argc, char** argv) { return Exec({argv, argv + argc}); }

}  // namespace quell::cli
