#include "sql/parser/type.h"

#include "base/error_classes.h"
#include "data/schema.h"

namespace quell::sql {
namespace {

// Moves behind a type: a name, its parameters in brackets, and the words of intervals and of "DOUBLE PRECISION".
void SkipType(TokenStream& in) {
  const NestingScope scope(in);
  const bool is_interval = in.AtWord("INTERVAL");
  in.ExpectName("a type");
  if (is_interval && in.AtAnyWord({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"})) {
    in.Next();
    if (in.Accept("TO")) in.ExpectName("a unit");
  } else if (in.AtSymbol("(")) {
    if (in.Peek().closing < 0) in.Fail("')'");
    in.MoveTo(static_cast<size_t>(in.Peek().closing) + 1);
  } else if (in.AtSymbol("<>")) {
    in.Next();
  } else if (in.AcceptSymbol("<")) {
    int open = 1;
    while (open > 0) {
      if (in.AtEnd()) in.Fail("'>'");
      if (in.AtSymbol("<")) ++open;
      if (in.AtSymbol(">")) --open;
      in.Next();
    }
  }
}

// The text of a type, which says TIMESTAMP_NTZ where that is meant by TIMESTAMP.
std::string TypeText(const TokenStream& in, size_t begin) {
  const std::string_view whole = in.TextFrom(begin);
  std::string text(whole);
  if (!in.timestamp_is_ntz()) return text;
  for (size_t i = in.position(); i > begin; --i) {
    const Token& token = in.At(i - 1);
    const bool is_member = TokenStream::IsSymbol(in.At(i), ":");
    if (!TokenStream::IsWord(token, "TIMESTAMP") || is_member) continue;
    text.insert(static_cast<size_t>(token.text.data() - whole.data()) + token.text.size(), "_NTZ");
  }
  return text;
}

}  // namespace

Type ParseTypeTokens(TokenStream& in) { return ParseColumnTypeTokens(in).type; }

LimitedType ParseColumnTypeTokens(TokenStream& in) {
  const SourceLocation location = in.location();
  const size_t begin = in.position();
  SkipType(in);
  try {
    return ParseLimitedType(TypeText(in, begin));
  } catch (const Error& error) {
    throw Error(error.error_class(), location, "{}", error.message());
  }
}

}  // namespace quell::sql
