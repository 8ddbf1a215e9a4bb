#include "sql/token_stream.h"

#include "base/error_classes.h"
#include "sql/error_classes.h"

namespace quell::sql {
namespace {

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// What stands at the place of an error: a long token is cut.
std::string Shown(const Token& token) {
  constexpr size_t kLongest = 40;
  if (token.kind == TokenKind::kEnd) return "end of input";
  if (token.text.size() <= kLongest) return fmt::format("'{}'", token.text);
  return fmt::format("'{}...'", token.text.substr(0, kLongest));
}

}  // namespace

bool TokenStream::IsWord(const Token& token, std::string_view word) {
  if (token.kind != TokenKind::kWord || token.text.size() != word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (Upper(token.text[i]) != word[i]) return false;
  }
  return true;
}

const Token& TokenStream::Next() {
  const Token& token = Peek();
  if (position_ + 1 < tokens_.size()) ++position_;
  return token;
}

std::string_view TokenStream::TextFrom(const Token& first, const Token& end) const {
  std::string_view text = text_.substr(first.text.data() - text_.data(), end.text.data() - first.text.data());
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

std::string_view TokenStream::TextFrom(size_t position) const {
  if (position >= position_) return {};
  const Token& last = tokens_[position_ - 1];
  const char* begin = tokens_[position].text.data();
  return {begin, static_cast<size_t>(last.text.data() + last.text.size() - begin)};
}

bool TokenStream::AtWords(std::initializer_list<std::string_view> words) const {
  size_t ahead = 0;
  for (const std::string_view word : words) {
    if (!AtWord(word, ahead++)) return false;
  }
  return true;
}

bool TokenStream::AtAnyWord(std::initializer_list<std::string_view> words, size_t ahead) const {
  for (const std::string_view word : words) {
    if (AtWord(word, ahead)) return true;
  }
  return false;
}

bool TokenStream::Accept(std::string_view word) {
  if (!AtWord(word)) return false;
  Next();
  return true;
}

bool TokenStream::AcceptAll(std::initializer_list<std::string_view> words) {
  if (!AtWords(words)) return false;
  position_ += words.size();
  return true;
}

bool TokenStream::AcceptSymbol(std::string_view symbol) {
  if (!AtSymbol(symbol)) return false;
  Next();
  return true;
}

void TokenStream::Expect(std::string_view word) {
  if (!Accept(word)) Fail(word);
}

void TokenStream::ExpectSymbol(std::string_view symbol) {
  if (!AcceptSymbol(symbol)) Fail(fmt::format("'{}'", symbol));
}

std::string TokenStream::ExpectName(std::string_view what) {
  if (!AtName()) Fail(what);
  const Token& token = Next();
  return token.kind == TokenKind::kQuotedName ? DecodeQuotedName(token.text) : std::string(token.text);
}

std::string TokenStream::ExpectString(std::string_view what) {
  if (Peek().kind != TokenKind::kString) Fail(what);
  std::string value = DecodeString(Next().text);
  while (Peek().kind == TokenKind::kString) value += DecodeString(Next().text);
  return value;
}

void TokenStream::Fail(std::string_view expected) const {
  const Token& token = Peek();
  throw Error(error_class::kParseSyntaxError, token.location, "syntax error at or near {}: expected {}", Shown(token),
              expected);
}

void TokenStream::Refuse(std::string_view feature) const {
  throw Error(error_class::kUnsupportedFeature, Peek().location, "not supported yet: {}", feature);
}

void TokenStream::FailTooComplex() const {
  throw Error(kTooComplex, Peek().location, "the statement is nested too deeply; divide it into parts");
}

}  // namespace quell::sql
