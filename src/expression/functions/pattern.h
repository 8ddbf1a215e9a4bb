// Compiled LIKE patterns and regular expressions.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quell {

// A regular expression of Java's syntax, by PCRE2. Immutable; each use has match data of its own, so threads may share
// it.
class Regex {
 public:
  // Throws INVALID_PARAMETER_VALUE.PATTERN, which names the function.
  Regex(std::string_view pattern, std::string_view function, bool ignore_case = false);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  // Begin and end of the match and of each group; -1 for a group that took no part.
  struct Match {
    std::vector<std::pair<int64_t, int64_t>> groups;
  };
  bool Search(std::string_view text) const;
  bool Search(std::string_view text, size_t start, Match& match) const;
  int num_groups() const { return num_groups_; }

 private:
  struct Code;
  std::unique_ptr<Code> code_;
  int num_groups_ = 0;
};

// A LIKE pattern, taken apart once: literal pieces between runs of % and _.
class LikePattern {
 public:
  // Throws INVALID_FORMAT.ESC_AT_THE_END or .ESC_IN_THE_MIDDLE.
  LikePattern(std::string_view pattern, char escape);
  bool Matches(std::string_view text) const;

 private:
  // A piece of text, then how much may stand before the next one.
  struct Token {
    enum class Kind : uint8_t { kLiteral, kAnyChar, kAnyText };
    Kind kind;
    std::string text = {};
  };
  bool MatchFrom(size_t token, std::string_view text) const;

  std::vector<Token> tokens_;
};

}  // namespace quell
