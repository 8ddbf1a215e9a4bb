"""`quell dagster`, and Dagster's own command `dg` in the folder of the project."""

import functools
import itertools
import sys
from pathlib import Path
from typing import Any

from page import Page, open_page, open_quell_page
from place import Place, wait_until

DG = Path(sys.executable).with_name("dg")
ASSETS = """{ assetNodes {
    assetKey { path } dependencyKeys { path }
    assetChecksOrError { ... on AssetChecks {
        checks { name blocking executionForLatestMaterialization { status } }
    } }
} }"""
SENSORS = """query($repository: RepositorySelector!) {
    sensorsOrError(repositorySelector: $repository) { ... on Sensors {
        results { name minIntervalSeconds targets { pipelineName } sensorState { status id } }
    } }
}"""
START_SENSOR = """mutation($sensor: SensorSelector!) { startSensor(sensorSelector: $sensor) {
    __typename ... on PythonError { message }
} }"""
LAUNCH = """mutation($job: JobOrPipelineSelector!) {
    launchRun(executionParams: {selector: $job, runConfigData: {}}) {
        __typename ... on LaunchRunSuccess { run { id } } ... on PythonError { message }
    }
}"""
TERMINATE = "mutation($run: String!) { terminateRun(runId: $run) { __typename } }"


def test_dg_checks_and_launches(place: Place) -> None:
    checked = place.run(DG, "check", "defs")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "All definitions loaded successfully" in checked.stdout + checked.stderr
    launched = place.run(DG, "launch", "--job", "main_job")
    assert launched.returncode == 0, launched.stdout[-2000:] + launched.stderr[-2000:]
    assert len(place.versions()) == 1


def test_the_page_shows_the_main_job_and_its_sensor_runs_each_batch_once(place: Place, clean_feed: Path) -> None:
    """Files come one by one, some of them while runs are queued and under way."""
    late = sorted(place.source.glob("*.parquet"))[2:]
    for file in late:
        file.unlink()
    with open_quell_page(place, QUELL_SENSOR_SECONDS="1") as page:
        assert "<!DOCTYPE html>" in page.get("/assets/weekly_revenue")
        check_assets(page.ask(ASSETS)["assetNodes"])
        (sensor,) = page.ask(SENSORS, repository=page.repository)["sensorsOrError"]["results"]
        assert sensor["name"] == "new_transactions"
        assert sensor["targets"] == [{"pipelineName": "main_job"}]
        assert sensor["sensorState"]["status"] == "STOPPED"

        page.ask(START_SENSOR, sensor=page.repository | {"sensorName": "new_transactions"})
        for number, file in enumerate(late, 1):
            wait_until(functools.partial(has_runs, page, number), f"the sensor asks for run {number}")
            (place.source / file.name).write_bytes((clean_feed / file.name).read_bytes())
        runs = wait_until(lambda: ended_runs(page, 1 + len(late)), "all runs end")
        assert check_statuses(page) == ["SUCCEEDED"] * 7
    check_runs(runs)
    assert len(place.versions()) == len(runs)


def check_assets(nodes: list[dict[str, Any]]) -> None:
    by_name = {node["assetKey"]["path"][0]: node for node in nodes}
    assert by_name.keys() == {"raw_transactions", "weekly_revenue"}
    assert by_name["weekly_revenue"]["dependencyKeys"] == [{"path": ["raw_transactions"]}]
    checks = {name: node["assetChecksOrError"]["checks"] for name, node in by_name.items()}
    assert [check["blocking"] for check in checks["raw_transactions"]] == [True, True]
    assert len(checks["weekly_revenue"]) == 5


def has_runs(page: Page, number: int) -> bool:
    return len(page.runs()) >= number


def check_statuses(page: Page) -> list[str]:
    nodes = page.ask(ASSETS)["assetNodes"]
    checks = [check for node in nodes for check in node["assetChecksOrError"]["checks"]]
    return [check["executionForLatestMaterialization"]["status"] for check in checks]


def ended_runs(page: Page, number: int) -> list[dict[str, Any]] | None:
    """All runs, once there are as many and none is open."""
    runs = page.runs()
    is_done = len(runs) >= number and all(run["endTime"] for run in runs)
    return runs if is_done else None


def check_runs(runs: list[dict[str, Any]]) -> None:
    assert [run["status"] for run in runs] == ["SUCCESS"] * len(runs)
    assert [run["tags"]["quell/batch"] for run in runs] == [str(number) for number in range(1, len(runs) + 1)]
    assert sum(int(run["tags"]["quell/new_objects"]) for run in runs) == 4
    for earlier, later in itertools.pairwise(runs):
        assert earlier["endTime"] <= later["startTime"], "two runs write the table at once"


def test_a_run_that_is_terminated_on_the_page_stops_the_engine(empty_place: Place) -> None:
    folder = empty_place.home.parent
    environment = {"ENGINE_JOBS_FOLDER": str(folder), "QUELL_IN_PROCESS": "true"}
    words = [str(DG), "dev", "-m", "engine_jobs", "--port"]
    with open_page(empty_place, "engine_jobs", *words, **environment) as page:
        launched = page.ask(LAUNCH, job=page.repository | {"jobName": "endless_job"})["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        wait_until((folder / "running").exists, "the engine starts")
        page.ask(TERMINATE, run=launched["run"]["id"])
        (run,) = wait_until(lambda: ended_runs(page, 1), "the run ends")
    assert run["status"] == "CANCELED"
    assert (folder / "attempts").read_text() == "attempt\n"
    assert not list((folder / "endless").rglob("*.json"))
