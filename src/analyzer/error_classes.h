// Error classes that the analyzer raises. Names and SQLSTATEs as in Spark 4's error conditions.
#pragma once

#include "base/error.h"

namespace quell::analyzer {

inline constexpr ErrorClass kAmbiguousReference{"AMBIGUOUS_REFERENCE", "42704"};
inline constexpr ErrorClass kMissingAggregation{"MISSING_AGGREGATION", "42803"};
inline constexpr ErrorClass kMissingGroupBy{"MISSING_GROUP_BY", "42803"};
inline constexpr ErrorClass kUnresolvedAllInGroupBy{"UNRESOLVED_ALL_IN_GROUP_BY", "42803"};
inline constexpr ErrorClass kGroupByPosOutOfRange{"GROUP_BY_POS_OUT_OF_RANGE", "42805"};
inline constexpr ErrorClass kGroupByPosAggregate{"GROUP_BY_POS_AGGREGATE", "42903"};
inline constexpr ErrorClass kGroupByAggregate{"GROUP_BY_AGGREGATE", "42903"};
inline constexpr ErrorClass kGroupingColumnMismatch{"GROUPING_COLUMN_MISMATCH", "42803"};
inline constexpr ErrorClass kOrderByPosOutOfRange{"ORDER_BY_POS_OUT_OF_RANGE", "42805"};
inline constexpr ErrorClass kNestedAggregate{"NESTED_AGGREGATE_FUNCTION", "42607"};
inline constexpr ErrorClass kInvalidWhereCondition{"INVALID_WHERE_CONDITION", "42903"};
inline constexpr ErrorClass kUnsupportedExprForOperator{"UNSUPPORTED_EXPR_FOR_OPERATOR", "42K0E"};
inline constexpr ErrorClass kFilterNotBoolean{"DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", "42K09"};
inline constexpr ErrorClass kUnexpectedInputType{"UNEXPECTED_INPUT_TYPE", "42K09"};
inline constexpr ErrorClass kFailedFunctionCall{"FAILED_FUNCTION_CALL", "38000"};
inline constexpr ErrorClass kCastWithoutSuggestion{"DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "42K09"};
inline constexpr ErrorClass kInvalidTypedLiteral{"INVALID_TYPED_LITERAL", "42604"};
inline constexpr ErrorClass kCannotResolveStarExpand{"CANNOT_RESOLVE_STAR_EXPAND", "42704"};
inline constexpr ErrorClass kInvalidUsageOfStar{"INVALID_USAGE_OF_STAR_OR_REGEX", "42000"};
inline constexpr ErrorClass kExceptOverlapping{"EXCEPT_OVERLAPPING_COLUMNS", "42702"};
inline constexpr ErrorClass kFieldNotFound{"FIELD_NOT_FOUND", "42704"};
inline constexpr ErrorClass kAmbiguousField{"AMBIGUOUS_REFERENCE_TO_FIELDS", "42000"};
inline constexpr ErrorClass kInvalidExtractBase{"INVALID_EXTRACT_BASE_FIELD_TYPE", "42000"};
inline constexpr ErrorClass kNumColumnsMismatch{"NUM_COLUMNS_MISMATCH", "42826"};
inline constexpr ErrorClass kIncompatibleColumnType{"INCOMPATIBLE_COLUMN_TYPE", "42825"};
inline constexpr ErrorClass kAssignmentArity{"ASSIGNMENT_ARITY_MISMATCH", "42802"};
inline constexpr ErrorClass kLimitUnfoldable{"INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", "42K0E"};
inline constexpr ErrorClass kLimitType{"INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE", "42K0E"};
inline constexpr ErrorClass kLimitNegative{"INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "42K0E"};
inline constexpr ErrorClass kLimitNull{"INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", "42K0E"};
inline constexpr ErrorClass kInlineTableColumns{"INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH", "42000"};
inline constexpr ErrorClass kInlineTableTypes{"INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE", "42000"};
inline constexpr ErrorClass kInlineTableValue{"INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE",
                                              "42000"};
inline constexpr ErrorClass kUnresolvableTableFunction{"UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883"};
inline constexpr ErrorClass kInvalidTimeTravelTimestamp{"INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT", "42K0E"};
inline constexpr ErrorClass kColumnAlreadyExists{"COLUMN_ALREADY_EXISTS", "42711"};
inline constexpr ErrorClass kNotEnoughDataColumns{"INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS", "21S01"};
inline constexpr ErrorClass kTooManyDataColumns{"INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS", "21S01"};
inline constexpr ErrorClass kCannotSafelyCast{"INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST", "KD000"};
inline constexpr ErrorClass kExtraColumns{"INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS", "KD000"};
inline constexpr ErrorClass kCannotFindData{"INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA", "KD000"};
inline constexpr ErrorClass kNonPartitionColumn{"NON_PARTITION_COLUMN", "42000"};
inline constexpr ErrorClass kNonDeterministic{"INVALID_NON_DETERMINISTIC_EXPRESSIONS", "42K0E"};
inline constexpr ErrorClass kTooComplex{"FAILED_TO_PARSE_TOO_COMPLEX", "54001"};

}  // namespace quell::analyzer
