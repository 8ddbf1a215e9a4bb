"""Jobs of the tests, in a module so that Dagster's other processes can load them."""

import asyncio
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from quell import Session
from quell import session as engine_session
from quell.dagster.resource import QuellResource

FOLDER = Path(os.environ.get("ENGINE_JOBS_FOLDER", "."))
GROUPED = """
CREATE OR REPLACE TABLE delta.`${target}` AS SELECT id % 10 AS k FROM range(${rows});
CREATE OR REPLACE TABLE delta.`${target}_counts` AS SELECT k, count(*) AS n FROM delta.`${target}` GROUP BY k;
"""
ENDLESS = "CREATE TABLE delta.`${target}` AS SELECT id % 7 AS k, count(*) AS n FROM range(1000000000000) GROUP BY 1"
COUNT = "SELECT count(*) AS n FROM range(1000000)"


def script(name: str, text: str) -> str:
    path = FOLDER / f"{name}.sql"
    path.write_text(text)
    return str(path)


def count(session: Session) -> int:
    rows: list[dict[str, int]] = session.sql(COUNT).to_arrow().to_pylist()
    return rows[0]["n"]


@contextmanager
def heartbeat() -> Iterator[list[float]]:
    """Notes the time again and again, which needs the GIL each time."""
    beats: list[float] = []
    ended = threading.Event()

    def beat() -> None:
        while not ended.is_set():
            beats.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield beats
    finally:
        ended.set()
        thread.join()


def make_asset(number: int) -> dg.AssetsDefinition:
    @dg.asset(name=f"counts_{number}")
    def counts(context: dg.AssetExecutionContext, quell: QuellResource) -> dg.MaterializeResult[Any]:
        variables = {"target": str(FOLDER / f"table_{number}"), "rows": str(1_000_000 + number)}
        with heartbeat() as beats:
            metadata = quell.run_file(context, script(f"job_{number}", GROUPED), variables)
        return dg.MaterializeResult(metadata=metadata | {"heartbeats": len(beats)})

    return counts


@dg.asset
def threads() -> dg.MaterializeResult[Any]:
    """One session, several threads at once."""
    session = Session()
    with ThreadPoolExecutor(4) as pool:
        counted = list(pool.map(lambda _: count(session), range(8)))
    return dg.MaterializeResult(metadata={"counted": counted})


@dg.asset
def forks() -> dg.MaterializeResult[Any]:
    """Engines before and behind a fork inside of a step."""
    before = count(Session())
    with multiprocessing.get_context("fork").Pool(2) as pool:
        children = pool.map(count_anew, range(2))
        # To their end: Dagster's handler of SIGTERM, which they inherit, would keep workers that wait for work alive.
        pool.close()
        pool.join()
    return dg.MaterializeResult(metadata={"counted": [before, *children, count(Session())]})


def count_anew(_: int) -> int:
    return count(Session())


@dg.asset
async def coroutines() -> dg.MaterializeResult[Any]:
    """An asset that is a coroutine, several statements at once."""
    session = Session()
    results = await asyncio.gather(*(session.sql_async(COUNT) for _ in range(4)))
    counted = [result.to_arrow().to_pylist()[0]["n"] for result in results]
    return dg.MaterializeResult(metadata={"counted": counted})


def note_when_running() -> None:
    """Makes a file once the engine runs inside of this process."""
    while not engine_session._running:
        time.sleep(0.01)
    (FOLDER / "running").touch()


@dg.asset(retry_policy=dg.RetryPolicy(max_retries=3))
def endless(context: dg.AssetExecutionContext, quell: QuellResource) -> dg.MaterializeResult[Any]:
    """Runs until it is cancelled, and notes each attempt."""
    with (FOLDER / "attempts").open("a") as attempts:
        attempts.write("attempt\n")
    threading.Thread(target=note_when_running, daemon=True).start()
    return dg.MaterializeResult(
        metadata=quell.run_file(context, script("endless", ENDLESS), {"target": str(FOLDER / "endless")})
    )


@dg.asset(retry_policy=dg.RetryPolicy(max_retries=2))
def flaky(context: dg.AssetExecutionContext, quell: QuellResource) -> dg.MaterializeResult[Any]:
    """Fails until its table can be read, which it makes in its second attempt."""
    target = FOLDER / "flaky"
    if context.op_execution_context.retry_number == 1:
        Session().sql(f"CREATE TABLE delta.`{target}` AS SELECT 1 AS a")
    text = "CREATE OR REPLACE TABLE delta.`${target}_copy` AS SELECT * FROM delta.`${target}`"
    return dg.MaterializeResult(metadata=quell.run_file(context, script("flaky", text), {"target": str(target)}))


assets = [*(make_asset(number) for number in range(2)), threads, forks, coroutines]
engine_job = dg.define_asset_job("engine_job", selection=dg.AssetSelection.assets(*assets))
endless_job = dg.define_asset_job("endless_job", selection=dg.AssetSelection.assets(endless))
flaky_job = dg.define_asset_job("flaky_job", selection=dg.AssetSelection.assets(flaky))
defs = dg.Definitions(
    assets=[*assets, endless, flaky],
    jobs=[engine_job, endless_job, flaky_job],
    resources={"quell": QuellResource(in_process=os.environ.get("QUELL_IN_PROCESS") == "true")},
)


def get_engine_job() -> dg.JobDefinition:
    return defs.resolve_job_def("engine_job")


def get_endless_job() -> dg.JobDefinition:
    return defs.resolve_job_def("endless_job")


def get_flaky_job() -> dg.JobDefinition:
    return defs.resolve_job_def("flaky_job")
