"""The checks of ./dev tidy find what they are for."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts" / "tidy"))

import rooms
import sizes

CODE = """
namespace quell {
template <typename T>
struct Holder : Base<T> {
  Holder(int x) : x_{x}, y_(x) {
    if (x) {
    }
  }
  static constexpr int kTable[] = {1, 2};
};
const std::string kText = R"(
 } { )";
int Count(const Holder& holder) {  // not {
  auto next = [&] { return 1; };
  return next() + '{';
}
}  // namespace quell
"""


def test_functions_are_measured_from_brace_to_brace() -> None:
    functions = [(f.head, f.num_lines) for f in sizes.cpp_functions(CODE)]
    assert functions == [("Holder(int x) : x_{x}, y_(x)", 4), ("int Count(const Holder& holder)", 4)]


@pytest.mark.parametrize(
    ("name", "included", "message"),
    [
        ("src/execution/execute.h", "data/type.h", None),
        ("src/data/type.cpp", "base/error.h", None),
        ("src/base/error.cpp", "data/type.h", "base includes data, which stands below it"),
        ("src/data/type.cpp", "type.h", "no header src/type.h: include paths start at src/"),
        ("test/sqltest/runner.cpp", "script.h", None),
    ],
)
def test_a_room_includes_only_rooms_above_it(name: str, included: str, message: str | None) -> None:
    assert rooms.problem_with(name, included) == message


def test_execution_does_not_see_delta() -> None:
    assert rooms.hidden_reason("execution", "delta") == "execution meets tables in catalog::Table alone"
