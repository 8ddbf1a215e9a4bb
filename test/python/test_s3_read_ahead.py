"""What is read from an object store ahead of time counts, whether somebody waits for it or not."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from faulty_proxy import Fault, Request, faulty_proxy
from object_stores import ObjectStore, running_store
from quell_command import Quell, quell_path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with running_store("localstack", tmp_path_factory.mktemp("store") / "volume", "--bucket", "bucket") as running:
        yield running


def slowly(request: Request) -> Fault:
    if request.method == "GET":
        time.sleep(0.2)
    return Fault.NONE


def is_read(request: Request) -> bool:
    return request.method == "GET" and "list-type" not in request.target


def test_reads_behind_a_limit_count(store: ObjectStore, tmp_path: Path) -> None:
    for number in (1, 2):
        Quell(store.environment()).must(f"CREATE TABLE delta.`s3://bucket/t/{number}` AS SELECT id FROM range(100000)")
    report = tmp_path / "report.json"
    # The rows are there while the range of the second file is still on its way.
    sql = "SELECT * FROM parquet.`s3://bucket/t/*/*.parquet` LIMIT 1"
    command = [str(quell_path()), "--conf", "quell.threads=1", "--report", str(report), "-e", sql]
    with faulty_proxy(store.endpoint) as proxy:
        proxy.plan = slowly
        environment = store.environment() | {"AWS_ENDPOINT_URL": proxy.endpoint}
        subprocess.run(command, check=True, env=environment, capture_output=True)
    assert json.loads(report.read_text())["usage"]["s3_get"] == sum(map(is_read, proxy.requests))
