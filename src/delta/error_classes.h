// Error classes of Delta tables. Names and SQLSTATEs as in Delta Lake's error conditions.
#pragma once

#include "base/error.h"

namespace quell::delta::error_class {

inline constexpr ErrorClass kTableNotFound{"DELTA_TABLE_NOT_FOUND", "42P01"};
inline constexpr ErrorClass kMalformedLog{"DELTA_MALFORMED_LOG_FILE", "KD00C"};
inline constexpr ErrorClass kStateRecover{"DELTA_STATE_RECOVER_ERROR", "XXKDS"};
inline constexpr ErrorClass kSchemaNotSet{"DELTA_SCHEMA_NOT_SET", "KD008"};
inline constexpr ErrorClass kVersionsNotContiguous{"DELTA_VERSIONS_NOT_CONTIGUOUS", "KD00C"};
inline constexpr ErrorClass kLogFileNotFound{"DELTA_LOG_FILE_NOT_FOUND", "42K03"};
inline constexpr ErrorClass kTruncatedLog{"DELTA_TRUNCATED_TRANSACTION_LOG", "42K03"};
inline constexpr ErrorClass kVersionNotFound{"DELTA_VERSION_NOT_FOUND", "22003"};
inline constexpr ErrorClass kTimestampTooEarly{"DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION", "42816"};
inline constexpr ErrorClass kTimestampTooLate{"DELTA_TIMESTAMP_GREATER_THAN_COMMIT", "42816"};

inline constexpr ErrorClass kInvalidProtocolVersion{"DELTA_INVALID_PROTOCOL_VERSION", "KD004"};
inline constexpr ErrorClass kUnsupportedReadFeatures{"DELTA_UNSUPPORTED_FEATURES_FOR_READ", "56038"};
inline constexpr ErrorClass kUnsupportedWriteFeatures{"DELTA_UNSUPPORTED_FEATURES_FOR_WRITE", "56038"};
inline constexpr ErrorClass kUnsupportedDataType{"DELTA_UNSUPPORTED_DATA_TYPES", "0AKDC"};
inline constexpr ErrorClass kUnsupportedColumnMapping{"DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE", "0AKDC"};
inline constexpr ErrorClass kAppendOnly{"DELTA_CANNOT_MODIFY_APPEND_ONLY", "42809"};
inline constexpr ErrorClass kDeletionVector{"DELTA_DELETION_VECTOR_INVALID", "XXKDS"};

inline constexpr ErrorClass kConcurrentAppend{"DELTA_CONCURRENT_APPEND", "2D521"};
inline constexpr ErrorClass kConcurrentDeleteRead{"DELTA_CONCURRENT_DELETE_READ", "2D521"};
inline constexpr ErrorClass kConcurrentDeleteDelete{"DELTA_CONCURRENT_DELETE_DELETE", "2D521"};
inline constexpr ErrorClass kConcurrentTransaction{"DELTA_CONCURRENT_TRANSACTION", "2D521"};
inline constexpr ErrorClass kConcurrentWrite{"DELTA_CONCURRENT_WRITE", "2D521"};
inline constexpr ErrorClass kDomainMetadataConflict{"DELTA_CONCURRENT_DOMAIN_METADATA", "2D521"};
inline constexpr ErrorClass kMetadataChanged{"DELTA_METADATA_CHANGED", "2D521"};
inline constexpr ErrorClass kProtocolChanged{"DELTA_PROTOCOL_CHANGED", "2D521"};
inline constexpr ErrorClass kMaxCommitRetries{"DELTA_MAX_COMMIT_RETRIES_EXCEEDED_EXCEPTION", "40000"};

}  // namespace quell::delta::error_class
