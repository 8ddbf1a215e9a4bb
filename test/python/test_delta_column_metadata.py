"""What other writers leave in the metadata of a table's columns, and hold Quell to: invariants and lengths of texts."""

import json
from pathlib import Path
from typing import Any

import pytest
from quell_command import Quell

INVARIANT = {"delta.invariants": json.dumps({"expression": {"expression": "`the id` < 10"}})}


def set_metadata(table: Path, column: int, metadata: dict[str, Any]) -> None:
    """Makes it the metadata of a column of a table that was just created."""
    commit = table / "_delta_log" / f"{0:020}.json"
    actions = [json.loads(line) for line in commit.read_text().splitlines()]
    for action in actions:
        if "metaData" in action:
            schema = json.loads(action["metaData"]["schemaString"])
            schema["fields"][column]["metadata"] = metadata
            action["metaData"]["schemaString"] = json.dumps(schema)
    commit.write_text("".join(json.dumps(action) + "\n" for action in actions))


def test_rows_must_meet_the_invariant_of_a_column(tmp_path: Path) -> None:
    table, quell = f"delta.`{tmp_path}`", Quell()
    quell.must(f"CREATE TABLE {table} (`the id` INT, name STRING)")
    set_metadata(tmp_path, 0, INVARIANT)
    quell.must(f"INSERT INTO {table} VALUES (9, 'fits')")
    refused = quell.run(f"INSERT INTO {table} VALUES (1, 'a'), (10, 'b')")
    assert "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES" in refused.stderr
    assert "the id = 10" in refused.stderr
    assert quell.must(f"SELECT * FROM {table}") == ["9,fits"]


def test_lengths_of_another_type_than_the_column_are_refused(tmp_path: Path) -> None:
    table, quell = f"delta.`{tmp_path}`", Quell()
    quell.must(f"CREATE TABLE {table} (id INT, s STRUCT<a: STRING>)")
    set_metadata(tmp_path, 1, {"__CHAR_VARCHAR_TYPE_STRING": "struct<a:string,b:varchar(3)>"})
    refused = quell.run(f"INSERT INTO {table} VALUES (1, NULL)")
    assert "DELTA_MALFORMED_LOG_FILE" in refused.stderr
    assert quell.must(f"SELECT * FROM {table}") == []


@pytest.mark.parametrize(
    "metadata",
    [
        {"delta.invariants": {"expression": {"expression": "id < 10"}}},
        {"__CHAR_VARCHAR_TYPE_STRING": 3},
        {"__CHAR_VARCHAR_TYPE_STRING": "varchar(three)"},
        {"__CHAR_VARCHAR_TYPE_STRING": "text(3)"},
    ],
)
def test_metadata_of_another_type_is_an_error_of_the_table(tmp_path: Path, metadata: dict[str, Any]) -> None:
    table, quell = f"delta.`{tmp_path}`", Quell()
    quell.must(f"CREATE TABLE {table} (id INT, name STRING)")
    set_metadata(tmp_path, 1, metadata)
    refused = quell.run(f"INSERT INTO {table} VALUES (1, 'a')")
    assert "DELTA_MALFORMED_LOG_FILE" in refused.stderr
    assert "column name" in refused.stderr
    assert quell.must(f"SELECT * FROM {table}") == []
