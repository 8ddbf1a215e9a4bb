// Cuts SQL text into tokens, by Spark's rules: comments and hints are left out, strings stay as written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace quell::sql {

enum class TokenKind : uint8_t {
  kEnd,
  kWord,        // an identifier or a keyword: Spark reserves none of them
  kQuotedName,  // `a``b`
  kString,      // 'a', "a", r'a'
  kNumber,      // with its suffix: 1, 1L, .5, 1e3, 1.5BD
  kSymbol,      // an operator or a bracket; ">>" is two tokens, since it also closes two types
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // a piece of the statement
  SourceLocation location;
  int32_t closing = -1;  // of "(": the index of its ")", if there is one

  size_t size() const { return text.size(); }
};

// The tokens of a text, closed by one kEnd. `start` is the place of the text in its script. The text must outlive the
// tokens. Throws PARSE_SYNTAX_ERROR for a string or a name that is not closed, UNCLOSED_BRACKETED_COMMENT for a
// comment.
std::vector<Token> Tokenize(std::string_view text, SourceLocation start = {1, 1});

// The end of the comment, string or quoted name that begins at `offset`; `offset` itself where none begins. What is not
// closed ends with the text; `closed` tells, if it is not null.
size_t SkipQuoted(std::string_view text, size_t offset, bool* closed = nullptr);
bool IsComment(std::string_view text, size_t offset);

// The value of a kString: escapes taken out, unless it is raw.
std::string DecodeString(std::string_view token);
// The name in a kQuotedName.
std::string DecodeQuotedName(std::string_view token);

}  // namespace quell::sql
