// Error classes that the parser raises. Names and SQLSTATEs as in Spark 4's error conditions.
#pragma once

#include "base/error.h"

namespace quell::sql {

inline constexpr ErrorClass kParseEmptyStatement{"PARSE_EMPTY_STATEMENT", "42617"};
inline constexpr ErrorClass kUnclosedBracketedComment{"UNCLOSED_BRACKETED_COMMENT", "42601"};
inline constexpr ErrorClass kTooComplex{"FAILED_TO_PARSE_TOO_COMPLEX", "54001"};
inline constexpr ErrorClass kUnsupportedTypedLiteral{"UNSUPPORTED_TYPED_LITERAL", "0A000"};
inline constexpr ErrorClass kInvalidTypedLiteral{"INVALID_TYPED_LITERAL", "42604"};
inline constexpr ErrorClass kInvalidNumericLiteralRange{"INVALID_NUMERIC_LITERAL_RANGE", "22003"};
inline constexpr ErrorClass kDecimalPrecisionExceedsMax{"DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "22003"};
inline constexpr ErrorClass kInvalidIntervalFormat{"INVALID_INTERVAL_FORMAT.INVALID_VALUE", "22006"};
inline constexpr ErrorClass kUnmatchedInterval{"INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING", "22006"};
inline constexpr ErrorClass kUnmatchedDayTimeInterval{"INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE",
                                                      "22006"};
inline constexpr ErrorClass kIntervalUnit{"INVALID_INTERVAL_FORMAT.INVALID_UNIT", "22006"};
inline constexpr ErrorClass kUnsupportedFromToInterval{"INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION",
                                                       "22006"};
inline constexpr ErrorClass kIntervalOverflow{"INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION", "22015"};
inline constexpr ErrorClass kInvalidPropertyKey{"INVALID_PROPERTY_KEY", "42602"};
inline constexpr ErrorClass kInvalidSqlSyntax{"INVALID_SQL_SYNTAX", "42000"};
inline constexpr ErrorClass kDuplicateClauses{"DUPLICATE_CLAUSES", "42614"};
inline constexpr ErrorClass kInvalidSetSyntax{"INVALID_SET_SYNTAX", "42000"};
inline constexpr ErrorClass kInvalidStar{"INVALID_USAGE_OF_STAR_OR_REGEX", "42000"};
inline constexpr ErrorClass kDuplicateCte{"DUPLICATED_CTE_NAMES", "42602"};
inline constexpr ErrorClass kTimeZoneInterval{"INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE", "22006"};
inline constexpr ErrorClass kDatetimeUnit{"INVALID_PARAMETER_VALUE.DATETIME_UNIT", "22023"};

}  // namespace quell::sql
