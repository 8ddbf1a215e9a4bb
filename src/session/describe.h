// The rows of DESCRIBE.
#pragma once

#include "analyzer/analyzer.h"
#include "data/schema.h"
#include "plan/unresolved/statement.h"

namespace quell {

// col_name, data_type, comment: a row a column.
catalog::DescriptionRows DescribeSchema(const Schema& schema);
// DESCRIBE TABLE, DESCRIBE DETAIL and DESCRIBE HISTORY.
catalog::DescriptionRows DescribeTable(const unresolved::Describe& describe, const analyzer::Context& context);

}  // namespace quell
