"""Dagster Pipes, as the command and the Python package speak it; test/python/dagster listens with Dagster's reader."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from quell import QuellError, Session

ROOT = Path(__file__).resolve().parents[2]
QUELL = os.environ.get("QUELL_BINARY", str(ROOT / "build" / "release" / "quell"))
JOB = """
CREATE OR REPLACE TABLE delta.`${folder}/orders` AS
  SELECT id, id % 3 AS kind, CAST(2.50 AS DECIMAL(5,2)) AS price FROM range(30);
SELECT count(*) FROM delta.`${folder}/orders`;
CREATE OR REPLACE TABLE delta.`${folder}/kinds` AS
  SELECT kind, sum(price) AS revenue, count(*) AS orders FROM delta.`${folder}/orders` GROUP BY kind;
"""


def encoded(value: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(value).encode())).decode()


class Step:
    """A step of Dagster: what it hands over, and the messages that came back."""

    def __init__(self, folder: Path, **data: Any) -> None:
        folder.mkdir()
        self.folder = folder
        self._messages = folder / "messages"
        self.variables = {
            "DAGSTER_PIPES_CONTEXT": encoded({"data": {"asset_keys": ["kinds"], "extras": {}, **data}}),
            "DAGSTER_PIPES_MESSAGES": encoded({"path": str(self._messages)}),
        }

    def run_command(self, job: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "job.sql").write_text(job)
        command = [QUELL, "-S", "-f", str(self.folder / "job.sql"), "-d", f"folder={self.folder}"]
        environment = os.environ | self.variables
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def run_here(self, job: str) -> None:
        Session().run_script(job, {"folder": str(self.folder)}, pipes=self.variables)

    def messages(self) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self._messages.read_text().splitlines()]
        assert {line["__dagster_pipes_version"] for line in lines} == {"0.1"}
        return lines

    def methods(self) -> list[str]:
        return [message["method"] for message in self.messages()]

    def materialization(self) -> dict[str, Any]:
        (message,) = [m for m in self.messages() if m["method"] == "report_asset_materialization"]
        params: dict[str, Any] = message["params"]
        return params


def assets(folder: Path) -> dict[str, Any]:
    return {"extras": {"assets": {f"file:{folder}/orders/": ["shop", "orders"]}}}


def test_the_last_table_is_materialized_with_what_all_statements_used(tmp_path: Path) -> None:
    step = Step(tmp_path / "step", **assets(tmp_path / "step"))
    assert step.run_command(JOB).returncode == 0
    assert step.methods() == ["opened", "log", "log", "log", "report_asset_materialization", "closed"]
    params = step.materialization()
    metadata = params["metadata"]
    assert params["asset_key"] == "kinds"
    assert metadata["delta_version"] == {"raw_value": 0, "type": "int"}
    assert metadata["dagster/row_count"] == {"raw_value": 3, "type": "int"}
    assert metadata["rows_read"]["raw_value"] >= 60
    assert metadata["peak_memory_bytes"]["raw_value"] > 0
    assert metadata["cost_usd: t3.micro"]["type"] == "float"
    columns = metadata["dagster/column_schema"]["raw_value"]["columns"]
    assert [(column["name"], column["type"]) for column in columns] == [
        ("kind", "bigint"),
        ("revenue", "decimal(15,2)"),
        ("orders", "bigint"),
    ]
    assert metadata["dagster/column_lineage"] == {
        "type": "table_column_lineage",
        "raw_value": {
            "deps_by_column": {
                "kind": [{"asset_key": ["shop", "orders"], "column_name": "kind"}],
                "revenue": [{"asset_key": ["shop", "orders"], "column_name": "price"}],
                "orders": [],
            }
        },
    }


def shape(value: Any) -> Any:
    """A message without its measured numbers."""
    if isinstance(value, Mapping):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__ if isinstance(value, int | float) and not isinstance(value, bool) else value


def test_the_package_says_what_the_command_says(tmp_path: Path) -> None:
    outside, inside = Step(tmp_path / "outside"), Step(tmp_path / "inside")
    outside.run_command(JOB)
    inside.run_here(JOB)
    assert outside.methods() == inside.methods()
    assert shape(outside.materialization()) == shape(inside.materialization())


def test_a_failure_is_told_and_nothing_is_materialized(tmp_path: Path) -> None:
    outside, inside = Step(tmp_path / "outside"), Step(tmp_path / "inside")
    job = JOB + "SELECT 1 / 0;"
    assert outside.run_command(job).returncode == 1
    with pytest.raises(QuellError):
        inside.run_here(job)
    for step in (outside, inside):
        closed = step.messages()[-1]
        assert closed["method"] == "closed"
        assert closed["params"]["exception"]["name"] == "DIVIDE_BY_ZERO"
        assert "report_asset_materialization" not in step.methods()


def test_a_step_of_several_assets_is_told_of_no_materialization(tmp_path: Path) -> None:
    step = Step(tmp_path / "step", asset_keys=["kinds", "orders"])
    step.run_command(JOB)
    assert "report_asset_materialization" not in step.methods()


def test_what_does_not_decode_is_told_and_the_job_runs(tmp_path: Path) -> None:
    step = Step(tmp_path / "step")
    step.variables["DAGSTER_PIPES_MESSAGES"] = "???"
    done = step.run_command("SELECT 1;")
    assert done.returncode == 0
    assert "Dagster gets no messages" in done.stderr


def test_the_engine_ends_with_the_step_that_started_it(tmp_path: Path) -> None:
    step = Step(tmp_path / "step")
    code = (
        "import subprocess, sys\nchild = subprocess.Popen(sys.argv[1:])\nprint(child.pid, flush=True)\nchild.wait()\n"
    )
    sql = "SELECT id % 7, count(*) FROM range(1000000000000) GROUP BY 1"
    command = [sys.executable, "-c", code, QUELL, "-e", sql]
    parent = subprocess.Popen(command, env=os.environ | step.variables, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    engine = int(parent.stdout.readline())
    deadline = time.monotonic() + 60
    while not (step.folder / "messages").exists() or not step.methods():
        assert time.monotonic() < deadline, "the engine does not start"
        time.sleep(0.01)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while is_running(engine):
        assert time.monotonic() < deadline, "the engine goes on"
        time.sleep(0.01)


def is_running(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
