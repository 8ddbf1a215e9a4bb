#include "expression/functions/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/error.h"
#include "expression/functions/utf8.h"

namespace quell {

struct Regex::Code {
  pcre2_code* code = nullptr;
  ~Code() { pcre2_code_free(code); }
};

namespace {

struct MatchData {
  explicit MatchData(const pcre2_code* code) : data(pcre2_match_data_create_from_pattern(code, nullptr)) {}
  ~MatchData() { pcre2_match_data_free(data); }
  pcre2_match_data* data;
};

}  // namespace

Regex::Regex(std::string_view pattern, std::string_view function, bool ignore_case) : code_(std::make_unique<Code>()) {
  static constexpr ErrorClass kPattern{"INVALID_PARAMETER_VALUE.PATTERN", "22023"};
  int error_number = 0;
  PCRE2_SIZE error_offset = 0;
  const uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | (ignore_case ? PCRE2_CASELESS | PCRE2_UCP : 0);
  code_->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &error_number,
                              &error_offset, nullptr);
  if (!code_->code) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(error_number, message, sizeof(message));
    throw Error(kPattern, "the pattern '{}' of {} is invalid at character {}: {}", pattern, function, error_offset,
                reinterpret_cast<const char*>(message));
  }
  pcre2_jit_compile(code_->code, PCRE2_JIT_COMPLETE);
  uint32_t groups = 0;
  pcre2_pattern_info(code_->code, PCRE2_INFO_CAPTURECOUNT, &groups);
  num_groups_ = static_cast<int>(groups);
}

Regex::~Regex() = default;

bool Regex::Search(std::string_view text) const {
  Match match;
  return Search(text, 0, match);
}

bool Regex::Search(std::string_view text, size_t start, Match& match) const {
  const MatchData data(code_->code);
  const int count = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), start,
                                start > 0 ? PCRE2_NO_UTF_CHECK : 0, data.data, nullptr);
  if (count < 0) return false;
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.data);
  match.groups.clear();
  for (int group = 0; group <= num_groups_; ++group) {
    const bool took_part = group < count && offsets[2 * group] != PCRE2_UNSET;
    match.groups.emplace_back(took_part ? static_cast<int64_t>(offsets[2 * group]) : -1,
                              took_part ? static_cast<int64_t>(offsets[2 * group + 1]) : -1);
  }
  return true;
}

LikePattern::LikePattern(std::string_view pattern, char escape) {
  const auto add_literal = [&](std::string_view text) {
    if (tokens_.empty() || tokens_.back().kind != Token::Kind::kLiteral) tokens_.push_back({Token::Kind::kLiteral});
    tokens_.back().text += text;
  };
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == escape) {
      if (++at == pattern.size()) {
        throw Error(ErrorClass{"INVALID_FORMAT.ESC_AT_THE_END", "42601"},
                    "the pattern '{}' ends with its escape character", pattern);
      }
      if (pattern[at] != '%' && pattern[at] != '_' && pattern[at] != escape) {
        throw Error(ErrorClass{"INVALID_FORMAT.ESC_IN_THE_MIDDLE", "42601"},
                    "the escape character of the pattern '{}' stands before '{}', which needs none", pattern,
                    pattern[at]);
      }
      add_literal(pattern.substr(at++, 1));
    } else if (c == '%') {
      if (tokens_.empty() || tokens_.back().kind != Token::Kind::kAnyText) tokens_.push_back({Token::Kind::kAnyText});
      ++at;
    } else if (c == '_') {
      tokens_.push_back({Token::Kind::kAnyChar});
      ++at;
    } else {
      const size_t bytes = CharBytes(c);
      add_literal(pattern.substr(at, bytes));
      at += bytes;
    }
  }
}

bool LikePattern::Matches(std::string_view text) const { return MatchFrom(0, text); }

// After a %, the first place where the rest up to the next % fits is as good as any later one.
bool LikePattern::MatchFrom(size_t token, std::string_view text) const {
  size_t retry_token = tokens_.size() + 1;
  std::string_view retry_text;
  for (;;) {
    if (token == tokens_.size() && text.empty()) return true;
    if (token < tokens_.size()) {
      const Token& next = tokens_[token];
      if (next.kind == Token::Kind::kAnyText) {
        if (++token == tokens_.size()) return true;
        retry_token = token;
        retry_text = text;
        if (tokens_[token].kind == Token::Kind::kLiteral) {
          const size_t found = text.find(tokens_[token].text);
          if (found == std::string_view::npos) return false;
          text.remove_prefix(found);
          retry_text = text;
        }
        continue;
      }
      if (next.kind == Token::Kind::kLiteral && text.starts_with(next.text)) {
        text.remove_prefix(next.text.size());
        ++token;
        continue;
      }
      if (next.kind == Token::Kind::kAnyChar && !text.empty()) {
        text.remove_prefix(std::min(CharBytes(text[0]), text.size()));
        ++token;
        continue;
      }
    }
    if (retry_token > tokens_.size() || retry_text.empty()) return false;
    retry_text.remove_prefix(std::min(CharBytes(retry_text[0]), retry_text.size()));
    text = retry_text;
    token = retry_token;
  }
}

}  // namespace quell
