"""What Quell writes is read, with equal rows, by DuckDB's delta extension, delta-rs, Polars and delta-spark; and what
delta-spark writes is read by Quell."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from delta_log import ROOT, DeltaTool
from delta_peer import plain
from delta_tables import SPARK_TABLES, TABLES, Row
from quell_command import quell_path

PROGRAM = Path(__file__).with_name("delta_peer.py")
# The environment of each peer; DuckDB is in the engine's own, and Spark is reached through Spark Connect.
PEERS = {"duckdb": None, "deltalake": "peers-deltalake", "polars": "peers-polars", "spark": "remote"}


def quell(*statements: str) -> bytes:
    words = [word for statement in statements for word in ("-e", statement)]
    command = [str(quell_path()), "--conf", "spark.sql.session.timeZone=UTC", "--format", "arrow", *words]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def read_with_quell(table: Path, query: str = "SELECT * FROM {t}") -> list[Row]:
    """The rows of a query over a table, which it names {t}."""
    rows = pa.ipc.open_stream(quell(query.format(t=f"delta.`{table}`"))).read_all().to_pylist()
    return [plain(row) for row in rows]


def in_order(rows: list[Row]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


class PeerProcess:
    """Another engine in a process of its own, which answers one request after the other."""

    def __init__(self, peer: str, spark_remote: str) -> None:
        environment = PEERS[peer]
        python = ROOT / ".venvs" / environment / "bin/python" if environment else Path(sys.executable)
        assert python.exists(), f"{peer} is not installed: ./dev setup {environment}"
        variables = os.environ | {"TZ": "UTC", "SPARK_REMOTE": spark_remote}
        pipe = subprocess.PIPE
        command = [str(python), str(PROGRAM), peer]
        self._process = subprocess.Popen(command, env=variables, stdin=pipe, stdout=pipe, text=True)

    def ask(self, request: dict[str, Any]) -> list[Row]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        rows: list[Row] = answer["rows"]
        return rows

    def read(self, table: Path) -> list[Row]:
        return self.ask({"read": str(table)})

    def run(self, *statements: str) -> None:
        self.ask({"run": list(statements)})

    def __enter__(self) -> "PeerProcess":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()


class Peers:
    """Starts each peer when it is first asked for."""

    def __init__(self, stack: ExitStack, spark_remote: str) -> None:
        self._stack = stack
        self._spark_remote = spark_remote
        self._running: dict[str, PeerProcess] = {}

    def __getitem__(self, peer: str) -> PeerProcess:
        if peer not in self._running:
            self._running[peer] = self._stack.enter_context(PeerProcess(peer, self._spark_remote))
        return self._running[peer]


@pytest.fixture(scope="module")
def peers(spark_connect: str) -> Iterator[Peers]:
    with ExitStack() as stack:
        yield Peers(stack, spark_connect)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tables")
    paths = {name: folder / name for name in TABLES}
    quell(*(text.format(t=f"delta.`{paths[name]}`") for name, case in TABLES.items() for text in case.statements))
    return paths


@pytest.fixture(scope="module")
def log_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of many commits: appends, overwrites, transactions, two checkpoints."""
    table = tmp_path_factory.mktemp("logs") / "table"
    DeltaTool().must("write", table, "--writer", "w", "--commits", "23", "--overwrite-every", "6", "--app", "a")
    return table


@pytest.mark.parametrize("name", TABLES)
def test_quell_reads_what_it_wrote(tables: dict[str, Path], name: str) -> None:
    assert in_order(read_with_quell(tables[name])) == in_order(list(TABLES[name].rows))


@pytest.mark.parametrize("peer", PEERS)
def test_peer_reads_the_log(peers: Peers, log_table: Path, peer: str) -> None:
    expected = [{"number": number, "writer": "w"} for number in range(17, 23) for _ in range(3)]
    assert in_order(peers[peer].read(log_table)) == in_order(expected)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("peer", PEERS)
def test_peer_reads_equal_rows(peers: Peers, tables: dict[str, Path], peer: str, name: str) -> None:
    assert in_order(peers[peer].read(tables[name])) == in_order(list(TABLES[name].rows))


@pytest.mark.parametrize("name", SPARK_TABLES)
def test_quell_reads_and_continues_what_spark_wrote(peers: Peers, tmp_path: Path, name: str) -> None:
    case, table = SPARK_TABLES[name], tmp_path / "table"
    spark = peers["spark"]
    spark.run(*(text.format(t=f"delta.`{table}`") for text in case.statements))
    rows = spark.read(table)
    assert in_order(read_with_quell(table)) == in_order(rows)
    if case.unwritable:
        with pytest.raises(AssertionError, match=f"DELTA_UNSUPPORTED_FEATURES_FOR_WRITE.*{case.unwritable}"):
            quell(f"INSERT INTO delta.`{table}` SELECT * FROM delta.`{table}`")
        assert in_order(spark.read(table)) == in_order(rows)
        return
    once = read_with_quell(table, "SELECT * FROM {t} VERSION AS OF 1")
    append = f"INSERT INTO delta.`{table}` SELECT * FROM delta.`{table}` VERSION AS OF 1"
    quell(append, append)
    assert in_order(spark.read(table)) == in_order(read_with_quell(table)) == in_order([*rows, *once, *once])


# Rows that the table of Spark and that of Quell must not take, and what the error says.
REFUSED = {
    "constraints": (("(2, -1)", "(2, -1, NULL)"), r"(?s)DELTA_VIOLATE_CONSTRAINT_WITH_VALUES.*amount [:=] -1\.00"),
    "varchar": (("(2, 'abcd', NULL)", "(2, 'abcd', NULL, NULL)"), "(?s)DELTA_EXCEED_CHAR_VARCHAR_LIMIT.*abcd"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_quell_and_spark_refuse_the_same_row(peers: Peers, tables: dict[str, Path], tmp_path: Path, name: str) -> None:
    """Whichever of the two made the table."""
    made_by_spark, spark = tmp_path / "table", peers["spark"]
    spark.run(*(text.format(t=f"delta.`{made_by_spark}`") for text in SPARK_TABLES[name].statements))
    rows, error = REFUSED[name]
    for table, values in zip((made_by_spark, tables[name]), rows, strict=True):
        before = spark.read(table)
        for write in (quell, spark.run):
            with pytest.raises(AssertionError, match=error):
                write(f"INSERT INTO delta.`{table}` VALUES {values}")
        assert in_order(spark.read(table)) == in_order(before)


def spelled(row: Row) -> Row:
    """A description with its maps as dictionaries, and paths without their scheme."""
    maps = {
        key: dict(row[key] or {}) for key in ("properties", "operationParameters", "operationMetrics") if key in row
    }
    location = {"location": row["location"].removeprefix("file:")} if "location" in row else {}
    return row | maps | location


@pytest.mark.parametrize("statement", ["DESCRIBE DETAIL {t}", "DESCRIBE HISTORY {t}"])
@pytest.mark.parametrize("name", ["types", "history", "timestamp_ntz"])
def test_description_is_that_of_spark(peers: Peers, tables: dict[str, Path], name: str, statement: str) -> None:
    ours = [spelled(row) for row in read_with_quell(tables[name], statement)]
    theirs = peers["spark"].ask({"query": statement.format(t=f"delta.`{tables[name]}`")})
    assert in_order(ours) == in_order([spelled(row) for row in theirs])
