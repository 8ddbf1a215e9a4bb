"""CSV and JSON files as others write them: numbers of any size, folders, and what is no data."""

import os
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

QUELL = os.environ.get("QUELL_BINARY", "build/release/quell")


def quell(sql: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([QUELL, "-e", sql], check=False, capture_output=True, text=True)


def rows(sql: str) -> list[str]:
    result = quell(sql)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_numbers_that_no_64_bits_hold_keep_their_digits(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(
        '{"id": 18446744073709551615, "huge": 123456789012345678901234567890}\n{"id": -1, "huge": 1}\n'
    )
    source = f"json.`{tmp_path}/x.json`"
    assert rows(f"SELECT typeof(id), typeof(huge) FROM {source} LIMIT 1") == ["decimal(20,0)\tstring"]
    assert rows(f"SELECT id, huge FROM {source}") == ["18446744073709551615\t123456789012345678901234567890", "-1\t1"]


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_file_without_rows_has_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text or " ")
    assert rows(f"SELECT count(*) FROM json.`{tmp_path}`") == ["0"]


def test_what_is_no_object_is_a_row_of_nulls_unless_the_reader_is_strict(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"a": 1}\nnot json\n' + '{"a":' * 2000 + "1" + "}" * 2000 + "\n")
    source = f"json.`{tmp_path}`"
    assert rows(f"SELECT a FROM {source}") == ["1", "NULL", "NULL"]
    assert rows(f"SELECT a FROM {source} WITH (mode = 'DROPMALFORMED')") == ["1"]
    strict = quell(f"SELECT a FROM {source} WITH (mode = 'FAILFAST')")
    assert strict.returncode == 1
    assert "x.json, line 2" in strict.stderr


def test_the_schema_of_a_folder_holds_the_values_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text('{"a": 1, "m": {"x": 1}}\n')
    (tmp_path / "2.json").write_text('{"a": "s", "b": 2.5, "m": {"y": 2}}\n')
    json = rows(f"SELECT a, b, m.x, m.y FROM json.`{tmp_path}/*.json` ORDER BY a")
    assert json == ["1\tNULL\t1\tNULL", "s\t2.5\tNULL\t2"]
    (tmp_path / "0.csv").write_text("")
    (tmp_path / "1.csv").write_text("a,b\n1,2\n")
    (tmp_path / "2.csv").write_text("a,b\nx,2.5\n")
    csv = rows(f"SELECT a, b FROM csv.`{tmp_path}/*.csv` WITH (header = 'true') ORDER BY a")
    assert csv == ["1\t2.0", "x\t2.5"]


def test_a_row_of_another_width_is_filled_up_or_cut_and_named_where_the_reader_is_strict(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n3\n4,5,6\n")
    source = f"csv.`{tmp_path}` WITH (header = 'true', mode = '{{}}')"
    assert rows(f"SELECT * FROM {source.format('PERMISSIVE')}") == ["1\t2", "3\tNULL", "4\t5"]
    assert rows(f"SELECT * FROM {source.format('DROPMALFORMED')}") == ["1\t2"]
    result = quell(f"SELECT * FROM {source.format('FAILFAST')}")
    assert result.returncode == 1
    assert "FAILED_READ_FILE" in result.stderr
    assert "x.csv" in result.stderr


@pytest.mark.parametrize("source", ["parquet.`{}/nowhere`", "csv.`{}`", "json.`{}/*.json`"])
def test_a_path_without_files_is_an_error(tmp_path: Path, source: str) -> None:
    result = quell("SELECT * FROM " + source.format(tmp_path))
    assert result.returncode == 1
    assert "PATH_NOT_FOUND" in result.stderr
    assert str(tmp_path) in result.stderr


@pytest.mark.parametrize(
    ("write", "place"),
    [
        ("csv", "x.csv'"),
        ("parquet", "x.parquet', row group 1, columns 'id', 'name'"),
    ],
)
def test_an_error_about_a_value_tells_where_it_stands(tmp_path: Path, write: str, place: str) -> None:
    table = pa.table({"id": range(10), "name": [f"{i}" for i in range(7)] + ["seven", "8", "9"]})
    if write == "csv":
        csv.write_csv(table, tmp_path / "x.csv")
    else:
        pq.write_table(table, tmp_path / "x.parquet", row_group_size=5)
    source = f"{write}.`{tmp_path}`" + (" WITH (header = 'true')" if write == "csv" else "")
    for sql in (
        f"SELECT id, CAST(name AS INT) FROM {source}",
        f"SELECT id FROM {source} WHERE CAST(name AS INT) > 20",
        f"SELECT id, sum(CAST(name AS INT)) FROM {source} GROUP BY id",
    ):
        result = quell(sql)
        assert result.returncode == 1
        assert "[CAST_INVALID_INPUT] the value 'seven'" in result.stderr
        assert f"the row is in file '{tmp_path}/{place}" in result.stderr
