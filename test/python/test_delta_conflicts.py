"""What a statement reads of the table that it writes to, must not change under it: two writers, one held in between."""

from pathlib import Path

import pytest
from quell_command import Quell

DUPLICATES = 6


@pytest.fixture
def quell() -> Quell:
    return Quell()


@pytest.fixture
def table(quell: Quell, tmp_path: Path) -> str:
    name = f"delta.`{tmp_path / 'table'}`"
    quell.must(f"CREATE TABLE {name} PARTITIONED BY (p) AS SELECT id, id % 2 AS p FROM range(4)")
    return name


def rows(quell: Quell, table: str) -> list[str]:
    return quell.must(f"SELECT id, p FROM {table} ORDER BY id, p")


APPEND = "INSERT INTO {t} VALUES (10, 1)"
OVERWRITE = "INSERT OVERWRITE {t} VALUES (20, 0)"
REPLACE_ODD = "INSERT INTO {t} REPLACE WHERE p = 1 VALUES (31, 1)"

# What is held, what another writer commits meanwhile, and what then becomes of the first.
READERS = {
    "overwrite": "INSERT OVERWRITE {t} SELECT id + 100, p FROM {t}",
    "append": "INSERT INTO {t} SELECT id + 100, p FROM {t}",
    "cte": "WITH c AS (SELECT * FROM {t}) INSERT OVERWRITE {t} SELECT id + 100, p FROM c",
    "subquery": "INSERT OVERWRITE {t} SELECT max(id), p FROM (SELECT id, p FROM {t}) GROUP BY p",
    "union": "INSERT OVERWRITE {t} SELECT 1, 1 UNION ALL SELECT id, p FROM {t} WHERE id >= 3",
    "replace": "CREATE OR REPLACE TABLE {t} AS SELECT id + 100 AS id, p FROM {t}",
}


@pytest.mark.parametrize("other", [APPEND, OVERWRITE, REPLACE_ODD], ids=["append", "overwrite", "replace_where"])
@pytest.mark.parametrize("name", READERS)
def test_reader_of_its_target_meets_a_writer(quell: Quell, table: str, name: str, other: str) -> None:
    with quell.held(READERS[name].format(t=table), at="write.before_commit") as held:
        quell.must(other.format(t=table))
        after = rows(quell, table)
        code, error = held.go_on()
    assert code == 1
    assert "[DELTA_CONCURRENT_APPEND]" in error or "[DELTA_CONCURRENT_DELETE_READ]" in error
    assert rows(quell, table) == after


def test_reader_through_a_view_meets_a_writer(quell: Quell, table: str) -> None:
    view = f"CREATE TEMPORARY VIEW v AS SELECT * FROM {table}"
    with quell.held(view, f"INSERT OVERWRITE {table} SELECT id + 100, p FROM v", at="write.before_commit") as held:
        quell.must(APPEND.format(t=table))
        code, error = held.go_on()
    assert code == 1
    assert "[DELTA_CONCURRENT_APPEND]" in error


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        ("INSERT INTO {t} VALUES (50, 0)", OVERWRITE, ["20,0", "50,0"]),
        ("INSERT OVERWRITE {t} VALUES (60, 0)", APPEND, ["60,0"]),
        # Reads and replaces nothing of the partition that the other one writes to.
        ("INSERT INTO {t} REPLACE WHERE p = 0 SELECT id + 100, p FROM {t} WHERE p = 0", APPEND,
         ["1,1", "3,1", "10,1", "100,0", "102,0"]),
        # A version that is named does not change.
        ("INSERT INTO {t} SELECT id + 100, p FROM {t} VERSION AS OF 0 WHERE p = 0", OVERWRITE,
         ["20,0", "100,0", "102,0"]),
        # Statistics tell that the other one's rows were not asked for.
        ("INSERT INTO {t} SELECT id + 100, p FROM {t} WHERE id < 2", APPEND,
         ["0,0", "1,1", "2,0", "3,1", "10,1", "100,0", "101,1"]),
    ],
)  # fmt: skip
def test_writers_that_do_not_meet(quell: Quell, table: str, first: str, other: str, expected: list[str]) -> None:
    with quell.held(first.format(t=table), at="write.before_commit") as held:
        quell.must(other.format(t=table))
        code, error = held.go_on()
    assert code == 0, error
    assert rows(quell, table) == expected


@pytest.mark.parametrize(
    ("other", "error_class"),
    [
        ("INSERT INTO {t} VALUES (2, 1)", "DELTA_CONCURRENT_APPEND"),
        ("INSERT OVERWRITE {t} VALUES (1, 0)", "DELTA_CONCURRENT_DELETE"),
        ("INSERT INTO {t} REPLACE WHERE id = 2 VALUES (2, 7)", "DELTA_CONCURRENT_"),
    ],
)
def test_rewritten_files_meet_a_writer(quell: Quell, table: str, other: str, error_class: str) -> None:
    with quell.held(f"INSERT INTO {table} REPLACE WHERE id >= 2 VALUES (5, 5)", at="write.before_commit") as held:
        quell.must(other.format(t=table))
        after = rows(quell, table)
        code, error = held.go_on()
    assert code == 1
    assert f"[{error_class}" in error
    assert rows(quell, table) == after


def test_schema_that_changes_meanwhile(quell: Quell, table: str) -> None:
    with quell.held(f"INSERT INTO {table} VALUES (1, 1)", at="write.before_commit") as held:
        quell.must(f"CREATE OR REPLACE TABLE {table} AS SELECT 'text' AS id")
        code, error = held.go_on()
    assert code == 1
    assert "[DELTA_METADATA_CHANGED]" in error
    assert quell.must(f"SELECT * FROM {table}") == ["text"]


def test_conflict_leaves_no_files(quell: Quell, table: str, tmp_path: Path) -> None:
    before = set((tmp_path / "table").rglob("*.parquet"))
    with quell.held(READERS["append"].format(t=table), at="write.before_commit") as held:
        quell.must(OVERWRITE.format(t=table))
        assert held.go_on()[0] == 1
    written = set((tmp_path / "table").rglob("*.parquet")) - before
    assert len(written) == 1  # of the one that committed


def test_the_same_transaction_at_once_happens_once(quell: Quell, table: str) -> None:
    insert = f"INSERT INTO {table} VALUES (77, 1)"
    settings = {"quell_txn_appId": "job", "quell_txn_version": "5"}
    processes = [quell.start(insert, **settings) for _ in range(DUPLICATES)]
    for process in processes:
        _, error = process.communicate(timeout=300)
        assert process.returncode == 0, error
    assert rows(quell, table).count("77,1") == 1
    quell.must(insert, **settings | {"quell_txn_version": "4"})
    # What was committed before is not computed again.
    quell.must(f"INSERT INTO {table} SELECT 1 DIV 0, 1", **settings)
    assert rows(quell, table).count("77,1") == 1
    quell.must(insert, **settings | {"quell_txn_version": "6"})
    assert rows(quell, table).count("77,1") == 2


def test_duplicate_that_was_held_is_skipped(quell: Quell, table: str, tmp_path: Path) -> None:
    insert = f"INSERT OVERWRITE {table} SELECT id + 100, p FROM {table}"
    settings = {"quell_txn_appId": "job", "quell_txn_version": "1"}
    with quell.held(insert, at="write.before_commit", **settings) as held:
        quell.must(insert, **settings)
        files = set((tmp_path / "table").rglob("*.parquet"))
        code, error = held.go_on()
    assert code == 0, error
    assert rows(quell, table) == ["100,0", "101,1", "102,0", "103,1"]
    assert set((tmp_path / "table").rglob("*.parquet")) < files
