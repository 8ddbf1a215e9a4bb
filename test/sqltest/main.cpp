// quell_sqltest: runs `.test` files, or recorded sessions of Spark (--conform). See script.h and conform.h.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "conform.h"
#include "runner.h"

namespace quell::sqltest {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw ScriptError("cannot read " + path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Prints one line for the run, "pass", "skip" or "fail" and its name, and the differences after it.
bool Report(const std::string& name, const std::string& path, const RunResult& result) {
  if (result.missing) {
    fmt::print("skip {}: {}\n", name, *result.missing);
    return true;
  }
  fmt::print("{} {}\n", result.failures.empty() ? "pass" : "fail", name);
  for (const Failure& failure : result.failures) fmt::print("{}:{}: {}\n", path, failure.line, failure.message);
  return result.failures.empty();
}

bool RunFile(const std::string& path, const Places& places, bool update) {
  std::vector<Block> blocks = ParseScript(ReadFile(path));
  RunResult result = RunScript(blocks, places, {});
  if (update && !result.failures.empty()) {
    std::ofstream(path, std::ios::binary) << PrintScript(result.actual);
    fmt::print("updated {}\n", path);
    blocks = std::move(result.actual);
    // Once more, so that results that vary and settings that are refused do not pass for updated.
    result = RunScript(blocks, places, {});
  }
  bool passed = Report(path, path, result);
  for (const Block& block : blocks) {
    if (block.kind != BlockKind::kBudget) continue;
    const auto limited = RunScript(blocks, places, {{"quell.memory.limit", block.argument}});
    passed &= Report(fmt::format("{} (memory limit {})", path, block.argument), path, limited);
  }
  return passed;
}

int Main(int argc, char** argv) {
  CLI::App app("Runs .test files, or with --conform recorded sessions of Spark");
  bool update = false;
  bool conform = false;
  std::string repo = std::filesystem::current_path();
  std::vector<std::string> files;
  app.add_flag("--update", update, "write what was given over what was expected");
  app.add_flag("--conform", conform,
               "the files are recorded sessions (.jsonl); prints a line of JSON for each statement");
  app.add_option("--repo", repo, "the root of the tree");
  app.add_option("files", files, "files to run")->required();
  CLI11_PARSE(app, argc, argv);

  const char* conformance = std::getenv("QUELL_CONFORMANCE");
  Places places{.repo = repo, .conformance = conformance ? conformance : repo + "/../shared/conformance"};
  bool passed = true;
  for (const std::string& file : files) {
    try {
      if (conform) {
        RunRecordedSession(file);
      } else {
        passed &= RunFile(file, places, update);
      }
    } catch (const std::exception& error) {
      fmt::print("fail {}\n{}\n", file, error.what());
      passed = false;
    }
    std::fflush(stdout);
  }
  return passed ? 0 : 1;
}

}  // namespace
}  // namespace quell::sqltest

int main(int argc, char** argv) { return quell::sqltest::Main(argc, argv); }
