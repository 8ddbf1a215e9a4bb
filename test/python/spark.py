"""Spark with delta-spark on this machine: a Spark Connect server in the environment `peers-spark`.

It takes 10 s to start, so tests share the one of the fixture `spark_connect`. Clients run in the environment `remote`.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER_ENVIRONMENT = ROOT / ".venvs/peers-spark"
CLIENT_PYTHON = ROOT / ".venvs/remote/bin/python"
START_TIMEOUT_S = 120
STARTED = re.compile(r"Spark Connect server started at: [\d.]+:(\d+)")

SETTINGS = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.sql.shuffle.partitions": "1",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    # The server takes a free port, and says which.
    "spark.connect.grpc.binding.port": "0",
}


def _command() -> list[str]:
    spark = next(SERVER_ENVIRONMENT.glob("lib/python*/site-packages/pyspark"))
    jars = sorted((SERVER_ENVIRONMENT / "jars").glob("*.jar"))
    settings = [word for key, value in SETTINGS.items() for word in ("--conf", f"{key}={value}")]
    server = ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    options = ["--master", "local[1]", "--driver-memory", "1g", "--jars", ",".join(map(str, jars)), *settings]
    return [str(spark / "bin/spark-submit"), *options, *server]


def _wait_for_port(server: "subprocess.Popen[bytes]", log: Path) -> int:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        if match := STARTED.search(log.read_text(errors="replace")):
            return int(match[1])
        time.sleep(0.1)
    raise RuntimeError(f"Spark Connect does not start:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """Runs a server on loopback, with its warehouse and log in `folder`; gives its address, `sc://...`."""
    if not SERVER_ENVIRONMENT.exists():
        raise RuntimeError("Spark is not installed: ./dev setup peers-spark remote")
    log = folder / "spark_connect.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))}
    environment |= {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(folder), "TZ": "UTC"}
    with log.open("wb") as output:
        # A process group of its own, so that a Ctrl-C that a test sends reaches the client alone.
        server = subprocess.Popen(
            _command(), cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield f"sc://127.0.0.1:{_wait_for_port(server, log)}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
