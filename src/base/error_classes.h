// Error classes that more than one room raises. Names and SQLSTATEs as in Spark 4's error conditions.
#pragma once

#include "base/error.h"

namespace quell::error_class {

inline constexpr ErrorClass kInternalError{"INTERNAL_ERROR", "XX000"};
inline constexpr ErrorClass kParseSyntaxError{"PARSE_SYNTAX_ERROR", "42601"};
inline constexpr ErrorClass kUnsupportedFeature{"UNSUPPORTED_FEATURE", "0A000"};
inline constexpr ErrorClass kUnresolvedColumn{"UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"};
inline constexpr ErrorClass kUnresolvedColumnNoSuggestion{"UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703"};
inline constexpr ErrorClass kUnresolvedRoutine{"UNRESOLVED_ROUTINE", "42883"};
inline constexpr ErrorClass kTableOrViewNotFound{"TABLE_OR_VIEW_NOT_FOUND", "42P01"};
inline constexpr ErrorClass kTableOrViewAlreadyExists{"TABLE_OR_VIEW_ALREADY_EXISTS", "42P07"};
inline constexpr ErrorClass kPathNotFound{"PATH_NOT_FOUND", "42K03"};
inline constexpr ErrorClass kDatatypeMismatch{"DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09"};
inline constexpr ErrorClass kWrongNumArgs{"WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605"};

inline constexpr ErrorClass kArithmeticOverflow{"ARITHMETIC_OVERFLOW", "22003"};
inline constexpr ErrorClass kDivideByZero{"DIVIDE_BY_ZERO", "22012"};
inline constexpr ErrorClass kCastInvalidInput{"CAST_INVALID_INPUT", "22018"};
inline constexpr ErrorClass kCastOverflow{"CAST_OVERFLOW", "22003"};
inline constexpr ErrorClass kNumericValueOutOfRange{"NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", "22003"};
inline constexpr ErrorClass kInvalidParameterValue{"INVALID_PARAMETER_VALUE", "22023"};
inline constexpr ErrorClass kInvalidConfValue{"INVALID_CONF_VALUE", "22022"};

// Input and output. Spark has one class for a file it cannot read; the message names file, row group and column.
inline constexpr ErrorClass kFailedReadFile{"FAILED_READ_FILE.NO_HINT", "KD001"};
inline constexpr ErrorClass kFailedReadFileNotExist{"FAILED_READ_FILE.FILE_NOT_EXIST", "KD001"};
inline constexpr ErrorClass kFailedWriteFile{"TASK_WRITE_FAILED", "58030"};
inline constexpr ErrorClass kObjectStore{"OBJECT_STORE_ERROR", "58030"};
inline constexpr ErrorClass kUnsafeObjectStore{"OBJECT_STORE_WITHOUT_CONDITIONAL_WRITES", "0A000"};
inline constexpr ErrorClass kDiskFull{"DISK_FULL", "53100"};
inline constexpr ErrorClass kSpillLimit{"SPILL_LIMIT_EXCEEDED", "53100"};
inline constexpr ErrorClass kOutOfMemory{"UNABLE_TO_ACQUIRE_MEMORY", "53200"};
inline constexpr ErrorClass kOperationCanceled{"OPERATION_CANCELED", "HY008"};

}  // namespace quell::error_class
