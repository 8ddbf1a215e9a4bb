// The patterns of to_number and to_char: '99,999.00', '$0G000D9', 'S999', '999MI', '999PR'.
//
// 0 or 9 is a digit; a run of digits that begins with 0 has just so many, one that begins with 9 at most so many. Then
// , or G (a separator), . or D (the decimal point), $, and a sign: S (always), MI (minus only), PR (<> around negative
// numbers).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/value.h"

namespace quell {

class NumberFormat {
 public:
  // Throws INVALID_FORMAT with its sub-classes.
  explicit NumberFormat(std::string_view pattern);

  // Digits in all, and behind the point: the DECIMAL that holds what Parse gives.
  int32_t precision() const { return static_cast<int32_t>(whole_.size() - num_separators_ + fraction_.size()); }
  int32_t scale() const { return static_cast<int32_t>(fraction_.size()); }

  // The unscaled value; nullopt where the text does not fit the pattern.
  std::optional<Int128> Parse(std::string_view text) const;
  // A number of any scale; # in the place of digits where it has more of them than the pattern.
  std::string Format(Int128 unscaled, int32_t scale) const;

 private:
  enum class Sign : uint8_t { kNone, kAlways, kMinus, kBrackets };

  void ReadSign(std::string_view* pattern, bool at_front);
  void ReadDigits(std::string_view pattern);
  bool ParseWhole(std::string_view* text, Int128* value) const;
  bool ParseFraction(std::string_view* text, Int128* value) const;
  void TakeSign(std::string_view* text, bool* is_negative) const;
  std::string FormatWhole(std::string_view digits) const;

  Sign sign_ = Sign::kNone;
  bool sign_is_front_ = false;
  bool has_dollar_ = false;
  bool has_point_ = false;
  // '0' and '9' as the run that they stand in begins, ',' for a separator.
  std::string whole_;
  std::string fraction_;
  size_t num_separators_ = 0;
};

}  // namespace quell
