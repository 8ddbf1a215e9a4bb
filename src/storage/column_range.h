// What statistics say of the values of a column, and what a predicate can then still select.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "data/value.h"
#include "expression/expression.h"

namespace quell::storage {

// Bounds may be wider than the data, never narrower.
struct ColumnRange {
  std::optional<Value> min;
  std::optional<Value> max;
  std::optional<int64_t> null_count;
  std::optional<int64_t> num_rows;
};

// The range of the column that an InputRef names; nullopt when nothing is known.
using RangeLookup = std::function<std::optional<ColumnRange>(int input)>;

// False when the statistics prove that `predicate` is true for no row. Understands comparisons of a column with a
// literal, IN, IS [NOT] NULL, AND and OR; all else may be true.
bool MayBeTrue(const Expression& predicate, const RangeLookup& ranges);

// The column and the literals of `column = literal` or `column IN (literals)`, neither NULL; nullopt for all else.
struct EqualityTest {
  const InputRef* column;
  std::vector<const Literal*> literals;
};
std::optional<EqualityTest> AsEqualityTest(const Expression& predicate);

}  // namespace quell::storage
