"""Reads a Delta table with another engine: `python delta_reader.py PEER TABLE` in the environment of that engine.

Prints the rows as lines of JSON, sorted, with columns in order of their names.
"""

import base64
import datetime
import decimal
import json
import math
import os
import sys
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]


def plain(value: Any) -> Any:
    """One spelling for each value, whatever the engine gives."""
    if isinstance(value, dict):
        return {str(key): plain(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        naive = value.astimezone(datetime.UTC).replace(tzinfo=None) if value.tzinfo else value
        return naive.isoformat(timespec="microseconds")
    if isinstance(value, datetime.date | decimal.Decimal):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def read_duckdb(table: str) -> Rows:
    import duckdb
    import duckdb_extension_delta
    import duckdb_extension_httpfs

    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    for package in (duckdb_extension_httpfs, duckdb_extension_delta):
        extension = next(Path(package.__path__[0]).rglob("*.duckdb_extension"))
        connection.execute(f"LOAD '{extension}'")
    rows: Rows = connection.execute(f"SELECT * FROM delta_scan('{table}')").to_arrow_table().to_pylist()
    return rows


def read_deltalake(table: str) -> Rows:
    from deltalake import DeltaTable

    rows: Rows = DeltaTable(table).to_pyarrow_table().to_pylist()
    return rows


def read_polars(table: str) -> Rows:
    import polars

    rows: Rows = polars.scan_delta(table).collect().rows(named=True)
    return rows


def read_spark(table: str) -> Rows:
    """delta-spark runs in the Spark Connect server that $SPARK_REMOTE names."""
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
    return [row.asDict(recursive=True) for row in spark.read.format("delta").load(table).collect()]


READERS = {"duckdb": read_duckdb, "deltalake": read_deltalake, "polars": read_polars, "spark": read_spark}


def main() -> None:
    os.environ["TZ"] = "UTC"
    peer, *tables = sys.argv[1:]
    for table in tables:
        lines = sorted(json.dumps(plain(row), sort_keys=True) for row in READERS[peer](table))
        print(json.dumps(lines))


if __name__ == "__main__":
    main()
