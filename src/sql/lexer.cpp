#include "sql/lexer.h"

#include <array>

#include "base/error_classes.h"
#include "sql/error_classes.h"

namespace quell::sql {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
// Bytes of UTF-8 sequences count as letters.
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }
bool IsNamePart(char c) { return IsLetter(c) || IsDigit(c); }

size_t SkipLineComment(std::string_view text, size_t offset) {
  while (offset < text.size() && text[offset] != '\n') {
    // A backslash before the end of the line goes on with the comment.
    offset += text[offset] == '\\' && offset + 1 < text.size() && text[offset + 1] == '\n' ? 2 : 1;
  }
  return offset;
}

size_t SkipBracketedComment(std::string_view text, size_t offset, bool* closed) {
  int depth = 0;
  while (offset + 1 < text.size()) {
    const std::string_view pair = text.substr(offset, 2);
    if (pair == "/*") {
      ++depth;
      offset += 2;
    } else if (pair == "*/") {
      --depth;
      offset += 2;
      if (depth == 0) return offset;
    } else {
      ++offset;
    }
  }
  *closed = false;
  return text.size();
}

// A doubled quote stands for one; a backslash hides the next character, unless `is_raw`.
size_t SkipQuotes(std::string_view text, size_t offset, bool is_raw, bool* closed) {
  const char quote = text[offset++];
  while (offset < text.size()) {
    const char c = text[offset++];
    if (c == '\\' && !is_raw && quote != '`') {
      ++offset;
    } else if (c == quote) {
      if (is_raw || offset >= text.size() || text[offset] != quote) return offset;
      ++offset;
    }
  }
  *closed = false;
  return text.size();
}

bool IsRawString(std::string_view text, size_t offset) {
  return offset + 1 < text.size() && (text[offset] == 'r' || text[offset] == 'R') &&
         (text[offset + 1] == '\'' || text[offset + 1] == '"');
}

size_t SkipDigits(std::string_view text, size_t offset) {
  while (offset < text.size() && IsDigit(text[offset])) ++offset;
  return offset;
}

// The end of an exponent at `offset`, or `offset`.
size_t SkipExponent(std::string_view text, size_t offset) {
  if (offset >= text.size() || (text[offset] != 'e' && text[offset] != 'E')) return offset;
  size_t digits = offset + 1;
  if (digits < text.size() && (text[digits] == '+' || text[digits] == '-')) ++digits;
  const size_t end = SkipDigits(text, digits);
  return end == digits ? offset : end;
}

size_t SkipSuffix(std::string_view text, size_t offset, bool is_integer) {
  const std::string_view letters = is_integer ? "LlSsYyFfDd" : "FfDd";
  if (offset < text.size() && letters.find(text[offset]) != std::string_view::npos) return offset + 1;
  if (offset + 1 < text.size() && (text[offset] == 'B' || text[offset] == 'b') &&
      (text[offset + 1] == 'D' || text[offset + 1] == 'd')) {
    return offset + 2;
  }
  return offset;
}

// The end of the number that begins at `offset`, or `offset`: "1a" is a name, "1.a" the number 1 and a member.
size_t SkipNumber(std::string_view text, size_t offset) {
  const size_t whole = SkipDigits(text, offset);
  size_t end = whole;
  if (end < text.size() && text[end] == '.') {
    const size_t fraction = SkipDigits(text, end + 1);
    if (fraction > end + 1 || (whole > offset && (fraction >= text.size() || !IsLetter(text[fraction]))))
      end = fraction;
  }
  const bool has_point = end > whole;
  if (end == offset || (end == offset + 1 && has_point && whole == offset)) return offset;
  const size_t exponent = SkipExponent(text, end);
  const bool is_integer = !has_point && exponent == end;
  const size_t suffix = SkipSuffix(text, exponent, is_integer);
  if (suffix >= text.size() || !IsNamePart(text[suffix])) return suffix;
  return is_integer || !has_point ? offset : end;
}

size_t SkipSymbol(std::string_view text, size_t offset) {
  static constexpr std::array<std::string_view, 13> kLong = {"<=>", "<>", "!=", "<=", ">=", "==", "||",
                                                             "|>",  "->", "=>", "::", "!<", "!>"};
  for (const std::string_view symbol : kLong) {
    if (text.substr(offset, symbol.size()) == symbol) return offset + symbol.size();
  }
  return offset + 1;
}

// Keeps the line and column of the position that it has reached.
class Cursor {
 public:
  Cursor(std::string_view text, SourceLocation start) : text_(text), location_(start) {}
  size_t offset() const { return offset_; }
  const SourceLocation& location() const { return location_; }
  void MoveTo(size_t offset) {
    for (; offset_ < offset; ++offset_) {
      if (text_[offset_] == '\n') {
        ++location_.line;
        location_.column = 1;
      } else if ((text_[offset_] & 0xC0) != 0x80) {
        ++location_.column;
      }
    }
  }

 private:
  std::string_view text_;
  size_t offset_ = 0;
  SourceLocation location_;
};

// The kind of the token at `offset`, and its end.
TokenKind Scan(std::string_view text, size_t offset, size_t* end) {
  const char c = text[offset];
  if (c == '`') return TokenKind::kQuotedName;
  if (c == '\'' || c == '"' || IsRawString(text, offset)) return TokenKind::kString;
  if (IsDigit(c) || c == '.') {
    *end = SkipNumber(text, offset);
    if (*end > offset) return TokenKind::kNumber;
  }
  if (IsNamePart(c)) {
    *end = offset;
    while (*end < text.size() && IsNamePart(text[*end])) ++*end;
    return TokenKind::kWord;
  }
  *end = SkipSymbol(text, offset);
  return TokenKind::kSymbol;
}

}  // namespace

bool IsComment(std::string_view text, size_t offset) {
  const std::string_view pair = text.substr(offset, 2);
  return pair == "--" || pair == "/*";
}

size_t SkipQuoted(std::string_view text, size_t offset, bool* closed) {
  bool ignored = true;
  bool* is_closed = closed ? closed : &ignored;
  *is_closed = true;
  if (offset >= text.size()) return offset;
  if (text.substr(offset, 2) == "--") return SkipLineComment(text, offset);
  if (text.substr(offset, 2) == "/*") return SkipBracketedComment(text, offset, is_closed);
  if (text[offset] == '\'' || text[offset] == '"' || text[offset] == '`') {
    return SkipQuotes(text, offset, false, is_closed);
  }
  const bool inside_name = offset > 0 && IsNamePart(text[offset - 1]);
  if (!inside_name && IsRawString(text, offset)) return SkipQuotes(text, offset + 1, true, is_closed);
  return offset;
}

std::vector<Token> Tokenize(std::string_view text, SourceLocation start) {
  std::vector<Token> tokens;
  std::vector<int32_t> open;
  Cursor cursor(text, start);
  while (cursor.offset() < text.size()) {
    const size_t begin = cursor.offset();
    if (IsSpace(text[begin])) {
      cursor.MoveTo(begin + 1);
      continue;
    }
    bool closed = true;
    size_t end = SkipQuoted(text, begin, &closed);
    if (IsComment(text, begin)) {
      if (!closed)
        throw Error(kUnclosedBracketedComment, cursor.location(), "a comment is not closed; close it with */");
      cursor.MoveTo(end);
      continue;
    }
    if (!closed) {
      throw Error(error_class::kParseSyntaxError, cursor.location(),
                  "syntax error at or near '{}': the quote is not closed", text[begin]);
    }
    const TokenKind kind = Scan(text, begin, &end);
    Token token{kind, text.substr(begin, end - begin), cursor.location()};
    if (token.text == "(") open.push_back(static_cast<int32_t>(tokens.size()));
    if (token.text == ")" && !open.empty()) {
      tokens[open.back()].closing = static_cast<int32_t>(tokens.size());
      open.pop_back();
    }
    tokens.push_back(token);
    cursor.MoveTo(end);
  }
  tokens.push_back({TokenKind::kEnd, text.substr(text.size()), cursor.location()});
  return tokens;
}

}  // namespace quell::sql
