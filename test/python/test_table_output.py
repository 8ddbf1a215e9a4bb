"""What --format table, the shell and `quell discover` print for people."""

import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from quell_command import quell_path


def printed(*words: str) -> str:
    return subprocess.run([str(quell_path()), *words], capture_output=True, text=True, check=True).stdout


def test_control_characters_and_bytes_leave_the_table_whole() -> None:
    sql = "SELECT 'a\\nb\\tc' AS s, X'00FF' AS b, 1 AS `n\nm`"
    assert printed("--format", "table", "-e", sql).splitlines() == [
        r"+---------+---------+------+",
        r"| s       | b       | n\nm |",
        r"+---------+---------+------+",
        r"| a\nb\tc | [00 FF] |    1 |",
        r"+---------+---------+------+",
    ]


def test_a_plan_has_no_frame() -> None:
    plan = printed("--format", "table", "-e", "-- why\nexplain SELECT id FROM range(3) WHERE id > 1")
    assert plan.startswith("Filter id > 1\n")


def test_rows_that_look_like_a_plan_are_rows(tmp_path: Path) -> None:
    for name in ("x", "y"):
        pq.write_table(pa.table({"note": [f"{name}\n"]}), tmp_path / f"{name}.parquet")
    sql = f"SELECT note AS plan FROM parquet.`{tmp_path}` ORDER BY note"
    assert printed("--format", "table", "-e", sql).splitlines()[3:] == [r"| x\n  |", r"| y\n  |", "+------+"]


def test_discover_names_columns_that_are_never_null(tmp_path: Path) -> None:
    schema = pa.schema([pa.field("id", pa.int32(), nullable=False), pa.field("name", pa.string())])
    pq.write_table(pa.table([[1], ["a\nb"]], schema=schema), tmp_path / "a.parquet")
    lines = printed("discover", str(tmp_path)).splitlines()
    assert lines[1].startswith("  1 file, ")
    assert ", 1 row, 1 row group, compressed by snappy" in lines[1]
    columns = {line.split()[0]: line for line in lines if line.startswith(("  id", "  name"))}
    assert "INT NOT NULL" in columns["id"]
    assert "NOT NULL" not in columns["name"]
    assert r"a\nb" in columns["name"]


def test_the_number_of_rows_is_told_in_words() -> None:
    command = [str(quell_path()), "-v", "-e", "SELECT 1; SELECT id FROM range(12345)"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "\n1 row in " in told
    assert "\n12,345 rows in " in told
