// Finds what several expressions have in common, so that it is computed once.
#pragma once

#include "expression/expression.h"

namespace quell::execution {

// Rewrites `expressions`, which are over `num_inputs` columns, and returns the parts that occur more than once: part i
// becomes column num_inputs + i, and may itself use the columns before it. A part is taken out only if it is
// deterministic and some occurrence is computed for every row anyway, so that no branch of a CASE raises an error it
// would not have raised.
ExprList ExtractCommon(int num_inputs, ExprList* expressions);

}  // namespace quell::execution
