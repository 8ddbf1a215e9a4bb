#include "script.h"

#include <fmt/format.h>

#include <utility>

namespace quell::sqltest {
namespace {

constexpr std::string_view kSeparator = "----";

// Takes the first word off `rest`.
std::string_view TakeWord(std::string_view& rest) {
  const size_t end = rest.find(' ');
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(word.size());
  const size_t next = rest.find_first_not_of(' ');
  rest.remove_prefix(next == std::string_view::npos ? rest.size() : next);
  return word;
}

bool IsText(std::string_view line) { return line.empty() || line.starts_with('#'); }

// Reads the first line of a block; its body is still to come where `has_body` is set.
Block ParseHead(std::string_view line, int number, bool& has_body) {
  Block block{.line = number};
  std::string_view rest = line;
  const std::string_view word = TakeWord(rest);
  has_body = word == "statement" || word == "query" || word == "plan";
  if (word == "require" || word == "budget" || word == "set") {
    block.kind = word == "require" ? BlockKind::kRequire : word == "budget" ? BlockKind::kBudget : BlockKind::kSet;
    block.argument = rest;
  } else if (word == "statement" && rest == "ok") {
    block.kind = BlockKind::kStatementOk;
  } else if (word == "statement" && rest.starts_with("error ")) {
    block.kind = BlockKind::kStatementError;
    TakeWord(rest);
    block.argument = rest;
  } else if (word == "query" && !rest.empty()) {
    block.kind = BlockKind::kQuery;
    const size_t last = rest.rfind(' ');
    const std::string_view order = last == std::string_view::npos ? "" : rest.substr(last + 1);
    block.rowsort = order == "rowsort";
    block.argument = order == "rowsort" || order == "nosort" ? rest.substr(0, last) : rest;
  } else if (word == "plan") {
    block.kind = BlockKind::kPlan;
  } else {
    throw ScriptError(fmt::format("line {}: not the beginning of a block: {}", number, line));
  }
  return block;
}

void PrintHead(const Block& block, std::string& text) {
  switch (block.kind) {
    case BlockKind::kText: return;
    case BlockKind::kRequire: text += "require " + block.argument; break;
    case BlockKind::kBudget: text += "budget " + block.argument; break;
    case BlockKind::kSet: text += "set " + block.argument; break;
    case BlockKind::kStatementOk: text += "statement ok"; break;
    case BlockKind::kStatementError: text += "statement error " + block.argument; break;
    case BlockKind::kQuery: text += "query " + block.argument + (block.rowsort ? " rowsort" : ""); break;
    case BlockKind::kPlan: text += "plan"; break;
  }
  text += '\n';
}

}  // namespace

Lines SplitLines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::vector<Block> ParseScript(std::string_view text) {
  const Lines lines = SplitLines(text);
  std::vector<Block> blocks;
  for (size_t i = 0; i < lines.size();) {
    if (IsText(lines[i])) {
      Block block{.line = static_cast<int>(i) + 1};
      while (i < lines.size() && IsText(lines[i])) block.body.push_back(lines[i++]);
      blocks.push_back(std::move(block));
      continue;
    }
    bool has_body = false;
    Block block = ParseHead(lines[i], static_cast<int>(i) + 1, has_body);
    ++i;
    while (has_body && i < lines.size() && !lines[i].empty()) {
      if (!block.expected && lines[i] == kSeparator) {
        block.expected.emplace();
      } else {
        (block.expected ? *block.expected : block.body).push_back(lines[i]);
      }
      ++i;
    }
    if (has_body && block.body.empty()) throw ScriptError(fmt::format("line {}: a block without SQL", block.line));
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string PrintScript(const std::vector<Block>& blocks) {
  std::string text;
  for (const Block& block : blocks) {
    PrintHead(block, text);
    for (const std::string& line : block.body) text += line + "\n";
    if (!block.expected) continue;
    text += fmt::format("{}\n", kSeparator);
    for (const std::string& line : *block.expected) text += line + "\n";
  }
  return text;
}

}  // namespace quell::sqltest
