"""Invariants of columns, which old writers left in the schema of tables, are checked on what Quell writes."""

import json
from pathlib import Path

from quell_command import Quell

INVARIANT = {"delta.invariants": json.dumps({"expression": {"expression": "`the id` < 10"}})}


def test_rows_must_meet_the_invariant_of_a_column(tmp_path: Path) -> None:
    table, quell = f"delta.`{tmp_path}`", Quell()
    quell.must(f"CREATE TABLE {table} (`the id` INT, name STRING)")
    commit = tmp_path / "_delta_log" / f"{0:020}.json"
    actions = [json.loads(line) for line in commit.read_text().splitlines()]
    for action in actions:
        if metadata := action.get("metaData"):
            schema = json.loads(metadata["schemaString"])
            schema["fields"][0]["metadata"] = INVARIANT
            metadata["schemaString"] = json.dumps(schema)
    commit.write_text("".join(json.dumps(action) + "\n" for action in actions))

    quell.must(f"INSERT INTO {table} VALUES (9, 'fits')")
    refused = quell.run(f"INSERT INTO {table} VALUES (1, 'a'), (10, 'b')")
    assert "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES" in refused.stderr
    assert "the id = 10" in refused.stderr
    assert quell.must(f"SELECT * FROM {table}") == ["9,fits"]
