"""Another engine as a process that answers: `python delta_peer.py PEER`, in the environment of that engine.

Takes a request a line as JSON: `{"read": TABLE}`, `{"query": STATEMENT}` or `{"run": [STATEMENT, ...]}`. Answers each
with a line of JSON: `{"rows": [...]}`, with one spelling for each value whatever the engine, or `{"error": TEXT}`.
"""

import base64
import datetime
import decimal
import json
import math
import os
import sys
from pathlib import Path
from typing import Any, Protocol

Rows = list[dict[str, Any]]
MAP_PREFIX = "map_"


def plain(value: Any) -> Any:
    """One spelling for each value. Columns named map_... are maps, which engines give as one thing or another."""
    if isinstance(value, dict):
        return {
            str(key): plain_map(value[key]) if str(key).startswith(MAP_PREFIX) else plain(value[key])
            for key in sorted(value)
        }
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        naive = value.astimezone(datetime.UTC).replace(tzinfo=None) if value.tzinfo else value
        return naive.isoformat(timespec="microseconds")
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def plain_map(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, dict):
        pairs = list(value.items())
    else:
        pairs = [(item["key"], item["value"]) if isinstance(item, dict) else tuple(item) for item in value]
    return sorted([plain(key), plain(item)] for key, item in pairs)


class Peer(Protocol):
    def read(self, table: str) -> Rows: ...

    def query(self, statement: str) -> Rows: ...

    def run(self, statement: str) -> None: ...


class ReadsOnly:
    def query(self, statement: str) -> Rows:
        raise NotImplementedError(statement)

    def run(self, statement: str) -> None:
        raise NotImplementedError(statement)


class DuckDb(ReadsOnly):
    def __init__(self) -> None:
        import duckdb
        import duckdb_extension_delta
        import duckdb_extension_httpfs

        self.connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
        for package in (duckdb_extension_httpfs, duckdb_extension_delta):
            extension = next(Path(package.__path__[0]).rglob("*.duckdb_extension"))
            self.connection.execute(f"LOAD '{extension}'")

    def read(self, table: str) -> Rows:
        rows: Rows = self.connection.execute(f"SELECT * FROM delta_scan('{table}')").to_arrow_table().to_pylist()
        return rows


class DeltaRs(ReadsOnly):
    def read(self, table: str) -> Rows:
        from deltalake import DeltaTable

        rows: Rows = DeltaTable(table).to_pyarrow_table().to_pylist()
        return rows


class Polars(ReadsOnly):
    def read(self, table: str) -> Rows:
        import polars

        rows: Rows = polars.scan_delta(table).collect().rows(named=True)
        return rows


class Spark:
    """delta-spark runs in the Spark Connect server that $SPARK_REMOTE names."""

    def __init__(self) -> None:
        from pyspark.sql import SparkSession

        self.session = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
        self.session.conf.set("spark.sql.session.timeZone", "UTC")

    def read(self, table: str) -> Rows:
        return [row.asDict(recursive=True) for row in self.session.read.format("delta").load(table).collect()]

    def query(self, statement: str) -> Rows:
        return [row.asDict(recursive=True) for row in self.session.sql(statement).collect()]

    def run(self, statement: str) -> None:
        self.query(statement)


PEERS: dict[str, type[Peer]] = {"duckdb": DuckDb, "deltalake": DeltaRs, "polars": Polars, "spark": Spark}


def answer(peer: Peer, request: dict[str, Any]) -> dict[str, Any]:
    try:
        for statement in request.get("run", []):
            peer.run(statement)
        rows = peer.read(request["read"]) if "read" in request else []
        rows += peer.query(request["query"]) if "query" in request else []
        return {"rows": [plain(row) for row in rows]}
    except Exception as error:  # noqa: BLE001: any failure of an engine is the test's to judge
        return {"error": f"{type(error).__name__}: {error}"}


def main() -> None:
    os.environ["TZ"] = "UTC"
    # Engines print to the standard output; the answers have it for themselves.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    peer = PEERS[sys.argv[1]]()
    for line in sys.stdin:
        print(json.dumps(answer(peer, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
