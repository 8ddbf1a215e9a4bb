// Columns and members that must not be NULL.
#pragma once

#include <string>

#include "data/column.h"
#include "data/schema.h"

namespace quell::storage {

[[noreturn]] void ThrowForbiddenNull(const std::string& column);

// `rows` as an array of exactly the type of `field`: members that are NOT NULL have no bitmap of nulls, even where the
// struct around them is NULL. Throws DELTA_NOT_NULL_CONSTRAINT_VIOLATED with the path of the member.
ArrayDataPtr WithoutForbiddenNulls(const ArrayDataPtr& rows, const Field& field);

}  // namespace quell::storage
