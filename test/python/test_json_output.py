"""Each line that --format json prints is an object that a strict reader takes, whatever the values are."""

import json
import subprocess
from typing import Any, NoReturn

import pytest
from quell_command import quell_path


def refuse(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is not JSON")


def rows(sql: str) -> list[dict[str, Any]]:
    done = subprocess.run([str(quell_path()), "--format", "json", "-e", sql], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line.decode("utf-8"), parse_constant=refuse) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("X'00FF7F22'", "AP9/Ig=="),
        ("CAST('' AS BINARY)", ""),
        ("array(X'FE', NULL)", ["/g==", None]),
        ("map(X'FE', X'FF')", {"/g==": "/w=="}),
        # Not UTF-8: a lone byte, a surrogate, a sequence that is cut off.
        ("CAST(X'61FF62' AS STRING)", "a\ufffdb"),
        ("CAST(X'EDA080' AS STRING)", "\ufffd\ufffd\ufffd"),
        ("CAST(X'E282' AS STRING)", "\ufffd\ufffd"),
        ("map(CAST(X'FF' AS STRING), 1)", {"\ufffd": 1}),
        ("CAST(X'000102080A0B0C0D1B1F7F225C2F' AS STRING)", '\x00\x01\x02\b\n\x0b\f\r\x1b\x1f\x7f"\\/'),
        ("CAST(X'E280A8' AS STRING)", "\u2028"),
        ("double('NaN')", "NaN"),
        (
            "array(double('Infinity'), -double('Infinity'), -0D, 1e300D, 1e-300D)",
            ["Infinity", "-Infinity", 0, 1e300, 1e-300],
        ),
        ("array(float('NaN'), 0.1F, 1e30F)", ["NaN", 0.1, 1e30]),
        ("array(-0.05BD, 0BD, 12.30BD)", [-0.05, 0, 12.3]),
        ("CAST('-99999999999999999999999999999999999999' AS DECIMAL(38, 0))", -(10**38 - 1)),
        ("-9223372036854775808", -(2**63)),
        ("NULL", None),
        (
            "named_struct('a \"b\"', map('k', array(named_struct('n', NULL, 'd', 1.5D))))",
            {'a "b"': {"k": [{"n": None, "d": 1.5}]}},
        ),
        ("map(1, true, 2, NULL)", {"1": True, "2": None}),
        ("map(DATE '2024-02-29', TIMESTAMP '2024-02-29 01:02:03.5')", {"2024-02-29": "2024-02-29 01:02:03.5"}),
        ("INTERVAL '1 02:03:04' DAY TO SECOND", "INTERVAL '1 02:03:04' DAY TO SECOND"),
        ("array()", []),
        ("CAST(map() AS MAP<STRING, INT>)", {}),
    ],
)
def test_value(expression: str, expected: object) -> None:
    assert rows(f"SELECT {expression} AS v") == [{"v": expected}]


def test_each_row_is_a_line() -> None:
    text = "CAST(X'0A0D2028' AS STRING)"
    assert rows(f'SELECT id, {text} AS `a"b` FROM range(3)') == [{"id": n, 'a"b': "\n\r ("} for n in range(3)]
