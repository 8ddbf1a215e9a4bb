"""`quell --remote` against a real Spark Connect server with delta-spark: the same statements there and here."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import duckdb_extension_delta
import pyarrow as pa
import pytest

ROOT = Path(__file__).resolve().parents[2]
QUELL = os.environ.get("QUELL_BINARY", str(ROOT / "build/release/quell"))
FORMATS = ("table", "tsv", "csv", "json")
# A column of each type, NULLs, and what a format has to quote.
EVERY_TYPE = """
SELECT id, id > 1 AS flag, CAST(id AS TINYINT) AS tiny, CAST(id AS SMALLINT) AS small, CAST(id AS INT) AS whole,
  CAST(id / 3 AS FLOAT) AS single, id / 7 AS twice, CAST(id * 1.005 AS DECIMAL(12,2)) AS price,
  CAST(id * 12345678901234567890 AS DECIMAL(38,6)) AS wide, concat('a "b", ä\\t', id) AS text, '' AS nothing,
  unhex('41c3a4') AS bytes, DATE_ADD(DATE '2024-02-28', CAST(id AS INT)) AS day,
  TIMESTAMP '2024-03-10 01:59:59.123456' AS at, TIMESTAMP_NTZ '2024-03-10 02:30:00' AS wall,
  array(id, NULL) AS list, map('key', id) AS pairs, named_struct('x', id, 'y', 'z') AS pair,
  array(named_struct('day', DATE '2024-01-01', 'price', CAST(1.5 AS DECIMAL(5,2)))) AS nested,
  CASE WHEN id = 1 THEN NULL ELSE id END AS gap, CAST(NULL AS STRING) AS missing
FROM range(0, 3) ORDER BY id
"""


class Spark:
    """Runs `quell --remote`, and the same without."""

    def __init__(self, address: str) -> None:
        self.address = address

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run("--remote", self.address, *words, **environment)

    def must(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [QUELL, *words], env=os.environ | environment, capture_output=True, text=True, check=False, timeout=300
    )


def must(*words: str) -> str:
    done = run(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def spark(spark_connect: str) -> Spark:
    return Spark(spark_connect)


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feed")
    must("datagen", "--rows", "30000", "--rows-per-file", "10000", "--to", str(folder))
    return folder


def duckdb_rows(table: Path) -> list[tuple[object, ...]]:
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    extension = next(Path(duckdb_extension_delta.__path__[0]).rglob("*.duckdb_extension"))
    connection.execute(f"LOAD '{extension}'")
    return connection.execute(f"SELECT * FROM delta_scan('{table}') ORDER BY week, country, category").fetchall()


def test_the_main_job_makes_equal_tables_there_and_here(spark: Spark, feed: Path, tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    job = ["-f", str(ROOT / "jobs/weekly_revenue.sql"), "-d", f"source={feed}"]
    assert spark.must(*job, "-d", f"target={there}") == must(*job, "-d", f"target={here}") == ""
    rows = [must("--format", "csv", "-e", f"SELECT * FROM delta.`{table}` ORDER BY ALL") for table in (there, here)]
    assert rows[0] == rows[1]
    assert len(rows[0].splitlines()) > 1000
    assert duckdb_rows(there) == duckdb_rows(here)


@pytest.mark.parametrize("output", FORMATS)
def test_formats_are_those_of_a_local_run(spark: Spark, output: str) -> None:
    words = ["--format", output, "--conf", "spark.sql.session.timeZone=America/Los_Angeles", "-e", EVERY_TYPE]
    assert spark.must(*words) == must(*words)


def test_arrow_has_the_columns_of_a_local_run(spark: Spark) -> None:
    tables = []
    for where in (["--remote", spark.address], []):
        command = [QUELL, *where, "--format", "arrow", "-e", EVERY_TYPE]
        output = subprocess.run(command, capture_output=True, check=True, timeout=300).stdout
        tables.append(pa.ipc.open_stream(output).read_all())
    assert tables[0].schema.names == tables[1].schema.names
    assert tables[0].to_pylist() == tables[1].to_pylist()
    flat = [name for name in tables[0].schema.names if name not in ("list", "pairs", "pair", "nested")]
    assert [tables[0].schema.field(name).type for name in flat] == [tables[1].schema.field(name).type for name in flat]


def test_intervals_and_empty_results(spark: Spark) -> None:
    for sql in ("SELECT INTERVAL '3' DAY AS d, INTERVAL '14' MONTH AS m", "SELECT * FROM range(3) WHERE id > 5"):
        words = ["--format", "csv", "-e", sql]
        assert spark.must(*words) == must(*words)


def test_a_large_result_comes_whole(spark: Spark) -> None:
    rows = spark.must("-e", "SELECT id FROM range(0, 300000) ORDER BY id").splitlines()
    assert rows == [str(number) for number in range(300_000)]


@pytest.mark.parametrize(
    ("sql", "error_class", "sql_state"),
    [
        ("SELECT 1 / 0", "DIVIDE_BY_ZERO", "22012"),
        ("SELECT CAST(concat('x', id) AS INT) FROM range(3)", "CAST_INVALID_INPUT", "22018"),
        ("SELECT nix FROM range(3)", "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"),
        ("SELECT * FROM parquet.`/nowhere/at/all`", "PATH_NOT_FOUND", "42K03"),
        ("SELEC 1", "PARSE_SYNTAX_ERROR", "42601"),
    ],
)
def test_errors_have_the_class_and_state_of_a_local_run(
    spark: Spark, sql: str, error_class: str, sql_state: str
) -> None:
    there, here = spark.run("-e", sql), run("-e", sql)
    for done in (there, here):
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.startswith(f"[{error_class}] ")
        assert f"SQLSTATE: {sql_state}" in done.stderr
    # Neither plans nor stack traces of Spark's.
    assert "org.apache" not in there.stderr
    assert "+-" not in there.stderr


def test_an_error_names_the_place_in_the_script(spark: Spark, tmp_path: Path) -> None:
    script = tmp_path / "job.sql"
    script.write_text("SELECT 'first';\n\n-- fails\nSELECT\n  nix;\nSELECT 'not reached';\n")
    done = spark.run("-f", str(script))
    assert done.returncode == 1
    assert done.stdout == "first\n"
    assert "(line 2, column 3)" in done.stderr
    assert f"in {script}, the statement at line 4" in done.stderr


def test_statements_share_a_session_with_variables(spark: Spark, tmp_path: Path) -> None:
    init = tmp_path / "init.sql"
    init.write_text("CREATE TEMPORARY VIEW v AS SELECT ${n} AS n;")
    sql = "SET spark.sql.session.timeZone=Asia/Tokyo; SELECT n, timestamp_seconds(0), ';' FROM v"
    words = ["-i", str(init), "-d", "n=42", "-e", sql]
    assert spark.must(*words) == must(*words)


def test_settings_of_quell_stay_here_and_others_go(spark: Spark) -> None:
    words = ["--conf", "quell.memory.limit=300MB", "--conf", "spark.sql.shuffle.partitions=3"]
    sql = "SELECT 1; SET spark.sql.shuffle.partitions; SET quell.memory.limit; SET quell.memory.limit=400MB"
    lines = spark.must(*words, "-e", sql).splitlines()
    assert lines[1] == "spark.sql.shuffle.partitions\t3"
    assert lines[2:] == ["quell.memory.limit\t300MB", "quell.memory.limit\t400MB"]
    done = spark.run("--conf", "spark.executor.memory=1g", "-e", "SELECT 1")
    assert done.returncode == 1
    assert done.stderr.startswith("[CANNOT_MODIFY_CONFIG]")


def test_the_report_says_what_is_known(spark: Spark, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    sql = f"CREATE TABLE delta.`{tmp_path}/t` AS SELECT 1 AS a; SELECT * FROM range(5)"
    done = spark.run("-v", "--report", str(report), "-e", sql)
    assert done.returncode == 0, done.stderr
    assert "SELECT * FROM range(5)\n" in done.stderr
    assert "committed version 0 in" in done.stderr
    assert f"s wall, on {spark.address}\n" in done.stderr
    content = json.loads(report.read_text())
    assert [statement["remote"] for statement in content["statements"]] == [spark.address] * 2
    assert content["statements"][1]["usage"].keys() == {"wall_seconds", "rows_returned"}
    assert content["usage"]["rows_returned"] == 5
    assert "costs" not in content


def test_silence(spark: Spark) -> None:
    done = spark.run("-S", "-e", "SELECT 1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    done = run("--remote", f"sc://127.0.0.1:{port}/;token=secret", "-e", "SELECT 1")
    assert done.returncode == 1
    assert done.stderr.startswith(f"[CANNOT_CONNECT_TO_REMOTE] cannot connect to sc://127.0.0.1:{port}: ")
    assert "start-connect-server.sh" in done.stderr
    assert "secret" not in done.stderr


def test_an_environment_without_the_client() -> None:
    done = run("--remote", "sc://127.0.0.1:1", "-e", "SELECT 1", QUELL_REMOTE_PYTHON=sys.executable)
    assert done.returncode == 1
    assert done.stderr.startswith("[REMOTE_CLIENT_MISSING] ")
    assert "./dev setup remote" in done.stderr


def test_a_python_that_is_not_there() -> None:
    done = run("--remote", "sc://127.0.0.1:1", "-e", "SELECT 1", QUELL_REMOTE_PYTHON="/nowhere/python")
    assert done.returncode == 1
    assert "cannot run /nowhere/python: No such file or directory" in done.stderr
    assert "[REMOTE_CLIENT_FAILED]" in done.stderr


@pytest.mark.parametrize("address", ["spark:15002", "sc://", "sc://:15002"])
def test_an_address_that_is_none_is_a_mistake_on_the_command_line(address: str) -> None:
    done = run("--remote", address, "-e", "SELECT 1")
    assert done.returncode == 2
    assert "sc://HOST:PORT" in done.stderr


def test_spark_remote_alone_changes_nothing() -> None:
    assert run("-e", "SELECT 1", SPARK_REMOTE="sc://127.0.0.1:1").stdout == "1\n"


@contextmanager
def endless(spark: Spark) -> Iterator["subprocess.Popen[str]"]:
    """A run whose second statement would take Spark days."""
    sql = "SELECT 'first'; SELECT count(*) FROM range(0, 1000000000000000) WHERE id * id % 7 = 3"
    command = [QUELL, "--remote", spark.address, "-e", sql]
    # A background shell starts its children with SIGINT ignored.
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "first\n"
        # Time for the second statement to begin; where it has not, it is cancelled as well.
        time.sleep(2)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_here_and_there(spark: Spark, number: signal.Signals) -> None:
    with endless(spark) as process:
        process.send_signal(number)
        _, error = process.communicate(timeout=60)
        assert error == "quell: cancelled\n"
        assert process.returncode == 128 + number
    # The server has one core, which is free again.
    assert spark.must("-e", "SELECT count(*) FROM range(10)") == "10\n"


def test_a_killed_run_does_not_live_on_there(spark: Spark) -> None:
    with endless(spark) as process:
        process.kill()
    assert spark.must("-e", "SELECT count(*) FROM range(10)") == "10\n"


def test_a_script_may_come_through_a_pipe(spark: Spark) -> None:
    command = [QUELL, "--remote", spark.address]
    done = subprocess.run(command, input="SELECT 1;\nSELECT 2;\n", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1\n2\n")
