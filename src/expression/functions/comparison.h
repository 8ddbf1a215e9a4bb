// How two values of a type compare.
#pragma once

#include <cmath>
#include <string_view>

namespace quell {

// Spark's order: NaN equals itself and is larger than all else; 0.0 equals -0.0.
struct LessThan {
  template <typename T>
  static bool Apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
      return (a < b) | ((b != b) & (a == a));
    } else {
      return a < b;
    }
  }
};

struct EqualTo {
  template <typename T>
  static bool Apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
      return (a == b) | ((a != a) & (b != b));
    } else {
      return a == b;
    }
  }
};

}  // namespace quell
