"""What Quell writes is read, with equal rows, by DuckDB's delta extension, delta-rs, Polars and delta-spark."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from delta_log import ROOT, DeltaTool

READER = Path(__file__).with_name("delta_reader.py")
# The environment of each peer; DuckDB is in the engine's own, and Spark is read through Spark Connect.
PEERS = {"duckdb": None, "deltalake": "peers-deltalake", "polars": "peers-polars", "spark": "remote"}

TYPES = """
CREATE TABLE delta.`{table}` PARTITIONED BY (part, day) AS SELECT
  id,
  CASE WHEN id % 7 = 0 THEN NULL ELSE CONCAT('p/ä=', CAST(id % 3 AS STRING)) END AS part,
  DATE_ADD(DATE '2024-02-28', CAST(id % 4 AS INT)) AS day,
  id % 2 = 0 AS flag,
  CAST(id AS TINYINT) AS tiny,
  CAST(id * 100 AS SMALLINT) AS small,
  CAST(id * -1000 AS INT) AS medium,
  CAST(id / 4 AS FLOAT) AS real_value,
  id / 7 AS double_value,
  CAST(id * 1.01 AS DECIMAL(12,2)) AS price,
  CAST(id * -123456789012345678 AS DECIMAL(38,4)) AS wide,
  CASE WHEN id % 5 = 0 THEN NULL ELSE CONCAT('text "', CAST(id AS STRING), '" ü') END AS text,
  TIMESTAMP '2024-03-10 01:59:59.123456' AS at
FROM range(1, 60)
"""


def python_of(peer: str) -> Path:
    environment = PEERS[peer]
    if environment is None:
        return Path(sys.executable)
    python = ROOT / ".venvs" / environment / "bin/python"
    assert python.exists(), f"{peer} is not installed: ./dev setup {environment}"
    return python


class Reader:
    """Reads tables with another engine, in a process of its own."""

    def __init__(self, spark_remote: str) -> None:
        self._environment = os.environ | {"TZ": "UTC", "SPARK_REMOTE": spark_remote}

    def read(self, peer: str, *tables: Path) -> list[list[str]]:
        """The rows of each table, as the peer reads them."""
        command = [str(word) for word in (python_of(peer), READER, peer, *tables)]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False, timeout=500)
        assert done.returncode == 0, done.stderr[-3000:]
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


@pytest.fixture(scope="module")
def reader(spark_connect: str) -> Reader:
    return Reader(spark_connect)


def quell_path() -> Path:
    if binary := os.environ.get("QUELL_BINARY"):
        return Path(binary)
    return next(
        (path for name in ("release", "dev") if (path := ROOT / "build" / name / "quell").exists()),
        ROOT / "build/release/quell",
    )


def quell(*statements: str) -> str:
    words = [word for statement in statements for word in ("-e", statement)]
    command = [str(quell_path()), "--conf", "spark.sql.session.timeZone=UTC", "--format", "json", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of many commits: appends, overwrites, transactions, two checkpoints."""
    table = tmp_path_factory.mktemp("logs") / "table"
    DeltaTool().must("write", table, "--writer", "w", "--commits", "23", "--overwrite-every", "6", "--app", "a")
    return table


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A partitioned table with a column of each type, of two commits."""
    table = tmp_path_factory.mktemp("types") / "table"
    quell(TYPES.format(table=table), f"INSERT INTO delta.`{table}` SELECT * FROM delta.`{table}` WHERE id < 5")
    return table


@pytest.mark.parametrize("peer", PEERS)
def test_peer_reads_the_log(peer: str, logs: Path, reader: Reader) -> None:
    (rows,) = reader.read(peer, logs)
    expected = [json.dumps({"number": number, "writer": "w"}) for number in range(17, 23) for _ in range(3)]
    assert sorted(rows) == sorted(expected)


@pytest.mark.parametrize("peer", PEERS)
def test_peer_reads_every_type(peer: str, types: Path, reader: Reader) -> None:
    (rows,) = reader.read(peer, types)
    expected = [expected_row(number) for number in [*range(1, 60), *range(1, 5)]]
    assert sorted(rows) == sorted(json.dumps(row, sort_keys=True) for row in expected)


def expected_row(number: int) -> dict[str, object]:
    days = ("2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02")
    cents = number * 101
    whole = number * 123456789012345678
    return {
        "id": number,
        "part": None if number % 7 == 0 else f"p/ä={number % 3}",
        "day": days[number % 4],
        "flag": number % 2 == 0,
        "tiny": number,
        "small": number * 100,
        "medium": number * -1000,
        "real_value": number / 4,
        "double_value": number / 7,
        "price": f"{cents // 100}.{cents % 100:02}",
        "wide": f"-{whole}.0000",
        "text": None if number % 5 == 0 else f'text "{number}" ü',
        "at": "2024-03-10T01:59:59.123456",
    }
