// The tokens of a statement with a reading position, and the two limits that keep hostile text from overflowing the
// stack.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace quell::sql {

// Words are given in upper case and compare without regard to case. Looking past the end finds the closing kEnd.
class TokenStream {
 public:
  TokenStream(std::string_view text, SourceLocation start, bool timestamp_is_ntz)
      : text_(text), tokens_(Tokenize(text, start)), timestamp_is_ntz_(timestamp_is_ntz) {}

  const Token& Peek(size_t ahead = 0) const { return tokens_[std::min(position_ + ahead, tokens_.size() - 1)]; }
  const Token& At(size_t index) const { return tokens_[index]; }
  size_t position() const { return position_; }
  void MoveTo(size_t position) { position_ = position; }
  const Token& Next();
  SourceLocation location() const { return Peek().location; }
  // The text from a token on to the end of the one that was read last.
  std::string_view TextFrom(size_t position) const;
  std::string_view TextFrom(const Token& first, const Token& end) const;

  // The type that TIMESTAMP names is TIMESTAMP_NTZ.
  bool timestamp_is_ntz() const { return timestamp_is_ntz_; }

  bool AtEnd() const { return Peek().kind == TokenKind::kEnd; }
  bool AtWord(std::string_view word, size_t ahead = 0) const { return IsWord(Peek(ahead), word); }
  bool AtWords(std::initializer_list<std::string_view> words) const;
  bool AtAnyWord(std::initializer_list<std::string_view> words, size_t ahead = 0) const;
  bool AtSymbol(std::string_view symbol, size_t ahead = 0) const { return IsSymbol(Peek(ahead), symbol); }
  bool AtName(size_t ahead = 0) const {
    return Peek(ahead).kind == TokenKind::kWord || Peek(ahead).kind == TokenKind::kQuotedName;
  }

  // Each reads what it names if it is next, and tells.
  bool Accept(std::string_view word);
  bool AcceptAll(std::initializer_list<std::string_view> words);
  bool AcceptSymbol(std::string_view symbol);
  // The same, or PARSE_SYNTAX_ERROR.
  void Expect(std::string_view word);
  void ExpectSymbol(std::string_view symbol);
  std::string ExpectName(std::string_view what = "a name");
  std::string ExpectString(std::string_view what = "a string");

  // PARSE_SYNTAX_ERROR at the next token.
  [[noreturn]] void Fail(std::string_view expected) const;
  // UNSUPPORTED_FEATURE at the next token.
  [[noreturn]] void Refuse(std::string_view feature) const;

  static bool IsWord(const Token& token, std::string_view word);
  static bool IsSymbol(const Token& token, std::string_view symbol) {
    return token.kind == TokenKind::kSymbol && token.text == symbol;
  }

 private:
  friend class NestingScope;
  friend class OperatorCount;
  [[noreturn]] void FailTooComplex() const;

  std::string_view text_;
  std::vector<Token> tokens_;
  bool timestamp_is_ntz_;
  size_t position_ = 0;
  int depth_ = 0;   // of nested expressions, queries and types
  int height_ = 0;  // of the tree that is being made, as OperatorCount knows it
};

// One level of nesting, for as long as it lives.
class NestingScope {
 public:
  explicit NestingScope(TokenStream& in) : in_(in) {
    if (++in_.depth_ > kMaxDepth) in_.FailTooComplex();
  }
  ~NestingScope() { --in_.depth_; }
  NestingScope(const NestingScope&) = delete;

 private:
  static constexpr int kMaxDepth = 300;
  TokenStream& in_;
};

// Bounds the height of trees that grow without any bracket: "1 + 1 + 1 ..." nests to the left. Between two Adds, trees
// that other counts made may have become operands; the highest of them counts.
class OperatorCount {
 public:
  explicit OperatorCount(TokenStream& in) : in_(in), outer_(in.height_) { in_.height_ = 0; }
  ~OperatorCount() { in_.height_ = std::max(outer_, in_.height_); }
  OperatorCount(const OperatorCount&) = delete;
  void Add() {
    if (++in_.height_ > kMaxHeight) in_.FailTooComplex();
  }

 private:
  static constexpr int kMaxHeight = 1500;
  TokenStream& in_;
  const int outer_;
};

}  // namespace quell::sql
