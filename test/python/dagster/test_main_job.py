"""The main job under real Dagster: a tick of the sensor, the run that it asks for, and DuckDB's checks."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
ENGINE_PYTHON = Path(os.environ.get("QUELL_PYTHON", ROOT / ".venv" / "bin" / "python"))
ROWS = 200_000


def make_feed(folder: Path, *options: str) -> None:
    command = [str(ENGINE_PYTHON), "-m", "quell", "datagen", "--rows", str(ROWS), "--rows-per-file", "50000"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "python")}
    subprocess.run([*command, "--to", str(folder), *options], env=environment, check=True, capture_output=True)


class Place:
    """A feed, a table and a Dagster home of one test."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "raw"
        self.target = folder / "weekly"
        self.home = folder / "dagster"
        self.home.mkdir()
        self.environment = os.environ | {
            "QUELL_SOURCE": str(self.source),
            "QUELL_TARGET": str(self.target),
            "DAGSTER_HOME": str(self.home),
            "PYTHONPATH": str(ROOT / "python"),
            "DAGSTER_DISABLE_TELEMETRY": "yes",
        }

    def tick(self, **environment: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "quell.dagster.tick"]
        done = subprocess.run(command, env=self.environment | environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        outcome: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return outcome

    def versions(self) -> list[str]:
        return sorted(path.name for path in (self.target / "_delta_log").glob("*.json"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_clean_feed_is_committed_and_checked(place: Place) -> None:
    make_feed(place.source)
    outcome = place.tick()
    assert outcome["succeeded"], outcome["failures"]
    assert len(outcome["checks"]) == 7
    assert [check for check in outcome["checks"] if not check["passed"]] == []
    metadata = outcome["metadata"]
    assert metadata["delta_version"] == 0
    assert metadata["rows_read"] == ROWS
    assert metadata["dagster/row_count"] > 0
    assert 0 < metadata["peak_memory_bytes"] < 512 << 20
    assert metadata["cost_usd: t3.micro"] < metadata["cost_usd: 3 x m5.xlarge, Spark on EMR"]
    assert metadata["weekly_revenue"].startswith("![weekly revenue](data:image/svg+xml;base64,")


def test_the_sensor_asks_once_for_the_same_objects(place: Place) -> None:
    make_feed(place.source)
    assert place.tick()["run"]
    second = place.tick()
    assert not second["run"]
    assert "nothing new" in second["skipped"]
    assert len(place.versions()) == 1


def test_a_prefix_that_is_not_there_is_no_failure(place: Place) -> None:
    assert not place.tick()["run"]


def test_a_dirty_feed_fails_its_checks_and_the_table_keeps_its_version(place: Place) -> None:
    make_feed(place.source)
    assert place.tick()["succeeded"]
    before = place.versions()
    dirty = place.source.parent / "dirty"
    make_feed(dirty, "--dirty")
    outcome = place.tick(QUELL_SOURCE=str(dirty))
    assert not outcome["succeeded"]
    reasons = {check["name"]: check["reason"] for check in outcome["checks"] if not check["passed"]}
    assert "part-00001.parquet cannot be read" in reasons["files_are_whole"]
    assert "part-00002.parquet has another schema: amount" in reasons["files_are_whole"]
    assert "rows without customer_id" in reasons["rows_are_sound"]
    assert "negative amount" in reasons["rows_are_sound"]
    assert "duplicates" in reasons["rows_are_sound"]
    assert place.versions() == before


def test_the_engine_in_process_commits_the_same(place: Place) -> None:
    make_feed(place.source)
    assert place.tick()["succeeded"]
    inside = place.tick(
        QUELL_IN_PROCESS="true", QUELL_TARGET=str(place.target.parent / "inside"), DAGSTER_HOME=new_home(place)
    )
    assert inside["succeeded"], inside["failures"]
    assert [check for check in inside["checks"] if not check["passed"]] == []


def new_home(place: Place) -> str:
    home = place.home.parent / "dagster2"
    home.mkdir()
    return str(home)


def test_an_error_of_the_engine_is_the_failure_of_the_run(place: Place) -> None:
    make_feed(place.source)
    place.target.parent.chmod(0o700)
    place.target.write_text("a file where the table belongs")
    outcome = place.tick()
    assert not outcome["succeeded"]
    assert any(str(place.target) in failure for failure in outcome["failures"])


ENDLESS = """
import sys
import dagster as dg
from quell.dagster.resource import QuellResource

@dg.asset
def endless(context: dg.AssetExecutionContext, quell: QuellResource):
    quell.run_file(context, sys.argv[1], {"target": sys.argv[2]})

dg.materialize([endless], resources={"quell": QuellResource()})
"""


def test_a_cancelled_run_stops_the_engine(place: Place, tmp_path: Path) -> None:
    job = tmp_path / "endless.sql"
    job.write_text(
        "CREATE TABLE delta.`${target}` AS SELECT id % 7 AS k, count(*) AS n FROM range(1000000000000) GROUP BY 1"
    )
    command = [sys.executable, "-c", ENDLESS, str(job), str(place.target)]
    run = subprocess.Popen(
        command, env=place.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert wait_for_engine(run.pid), "the engine did not start"
    os.kill(run.pid, signal.SIGINT)
    assert run.wait(timeout=60) != 0
    assert engines_of(run.pid) == []
    assert place.versions() == []
    assert list(place.target.rglob("*.parquet")) == []


def engines_of(session: int) -> list[int]:
    """Processes of the engine in the session that `session` leads."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if os.getsid(int(folder.name)) == session and words[0].endswith(b"quell"):
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return found


def wait_for_engine(session: int) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if engines_of(session):
            return True
        time.sleep(0.02)
    return False
