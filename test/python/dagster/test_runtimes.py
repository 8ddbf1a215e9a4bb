"""The engine beside Dagster's runtime: its executors, threads, forks and coroutines, and runs that are cancelled."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from place import Place, engines_of, processes_of, stop, wait_until

RUN_JOB = Path(__file__).with_name("run_job.py")


def run_job(place: Place, job: str, executor: str, in_process: bool) -> dict[str, Any]:
    environment = {"ENGINE_JOBS_FOLDER": str(place.home.parent), "QUELL_IN_PROCESS": str(in_process).lower()}
    done = place.run(sys.executable, RUN_JOB, job, executor, **environment)
    assert done.returncode == 0, done.stderr[-3000:]
    outcome: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return outcome


@pytest.mark.parametrize(
    ("executor", "in_process"), [("in_process", True), ("spawn", True), ("forkserver", True), ("spawn", False)]
)
def test_the_engine_in_all_executors(empty_place: Place, executor: str, in_process: bool) -> None:
    outcome = run_job(empty_place, "engine_job", executor, in_process)
    assert outcome["succeeded"], outcome["failures"]
    metadata = outcome["metadata"]
    for number in range(2):
        counts = metadata[f"counts_{number}"]
        assert counts["dagster/row_count"] == 10
        assert counts["rows_read"] == 1_000_000 + number
        assert counts["heartbeats"] > 1
    assert [metadata[name]["counted"] for name in ("threads", "forks", "coroutines")] == [
        [1_000_000] * 8,
        [1_000_000] * 4,
        [1_000_000] * 4,
    ]


@pytest.mark.parametrize("executor", ["in_process", "spawn"])
@pytest.mark.parametrize("in_process", [True, False])
def test_a_cancelled_run_stops_the_engine_for_good(empty_place: Place, executor: str, in_process: bool) -> None:
    folder = empty_place.home.parent
    environment = {"ENGINE_JOBS_FOLDER": str(folder), "QUELL_IN_PROCESS": str(in_process).lower()}
    log = folder / "log"
    run = empty_place.start(sys.executable, RUN_JOB, "endless_job", executor, log=log, **environment)
    try:
        wait_until(lambda: engines_of(run.pid) or (folder / "running").exists(), "the engine starts")
        run.send_signal(signal.SIGINT)
        wait_until(lambda: run.poll() is not None, f"the run ends; {log.read_text()[-2000:]}")
        wait_until(lambda: not processes_of(run.pid), "all processes end")
    finally:
        stop(run)
    assert (folder / "attempts").read_text() == "attempt\n"
    assert not list((folder / "endless").rglob("*.json"))
    assert not list((folder / "endless").rglob("*.parquet"))


@pytest.mark.parametrize("in_process", [True, False])
def test_a_failure_that_is_no_cancel_is_tried_again(empty_place: Place, in_process: bool) -> None:
    outcome = run_job(empty_place, "flaky_job", "in_process", in_process)
    assert outcome["succeeded"], outcome["failures"]
    assert outcome["metadata"]["flaky"]["dagster/row_count"] == 1
