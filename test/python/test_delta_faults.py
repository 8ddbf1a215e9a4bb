"""SQL writes that die or lose the store's answer, step by step: a version is there as a whole or not at all."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from faulty_proxy import Fault, FaultyProxy, Request, faulty_proxy
from object_stores import ObjectStore, running_store
from quell_command import Quell

BUCKET = "faults"
# In the order in which a statement passes them; the checkpoint is due at every second commit.
BEFORE_THE_COMMIT = ("write.before_file", "write.after_file", "write.before_commit", "delta.before_put")
AFTER_THE_COMMIT = (
    "delta.after_put",
    "delta.before_checkpoint",
    "delta.before_checkpoint_close",
    "delta.before_last_checkpoint",
    "delta.before_cleanup",
)
ROWS = 100
COUNT = "SELECT count(*), count(DISTINCT n), max(n) FROM {t}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with running_store("localstack", tmp_path_factory.mktemp("store") / "volume") as running:
        running.client.create_bucket(Bucket=BUCKET)
        yield running


@pytest.fixture(params=["local", "s3"])
def place(request: pytest.FixtureRequest, store: ObjectStore, tmp_path: Path) -> tuple[Quell, str]:
    """The command, and the name of a table that is not there yet."""
    if request.param == "local":
        return Quell(), f"delta.`{tmp_path / 'table'}`"
    return Quell(store.environment()), f"delta.`s3://{BUCKET}/{tmp_path.name}`"


def create(table: str) -> str:
    return (
        f"CREATE TABLE {table} TBLPROPERTIES ('delta.checkpointInterval' = '2') AS SELECT id, 0 AS n FROM range({ROWS})"
    )


def insert(table: str, number: int) -> str:
    return f"INSERT INTO {table} SELECT id, {number} FROM range({ROWS})"


def transaction(number: int) -> dict[str, str]:
    return {"quell_txn_appId": "job", "quell_txn_version": str(number)}


@pytest.mark.parametrize("point", (*BEFORE_THE_COMMIT, *AFTER_THE_COMMIT))
def test_killed_statement_leaves_whole_versions(place: tuple[Quell, str], point: str) -> None:
    quell, table = place
    quell.must(create(table))
    quell.must(insert(table, 1), **transaction(1))
    killed = quell.run(insert(table, 2), fault=f"{point}=kill", **transaction(2))
    assert killed.returncode == -signal.SIGKILL
    committed = 1 if point in BEFORE_THE_COMMIT else 2
    assert quell.must(COUNT.format(t=table)) == [f"{ROWS * (committed + 1)},{committed + 1},{committed}"]
    # The job is run again, and goes on: what was committed is not doubled, what was not is made up for.
    for number in (2, 3, 4):
        quell.must(insert(table, number), **transaction(number))
    assert quell.must(COUNT.format(t=table)) == [f"{ROWS * 5},5,4"]
    for version in range(5):
        found = quell.must(COUNT.format(t=f"{table} VERSION AS OF {version}"))
        assert found == [f"{ROWS * (version + 1)},{version + 1},{version}"]


@pytest.mark.parametrize("point", BEFORE_THE_COMMIT)
def test_failed_statement_leaves_no_files(tmp_path: Path, point: str) -> None:
    quell, table = Quell(), f"delta.`{tmp_path / 'table'}`"
    quell.must(create(table))
    before = sorted(tmp_path.rglob("*"))
    failed = quell.run(insert(table, 1), fault=f"{point}=error")
    assert failed.returncode == 1
    assert "fault injected" in failed.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("point", AFTER_THE_COMMIT[1:])
def test_failed_checkpoint_does_not_fail_the_statement(tmp_path: Path, point: str) -> None:
    quell, table = Quell(), f"delta.`{tmp_path / 'table'}`"
    quell.must(create(table), insert(table, 1))
    done = quell.run(insert(table, 2), fault=f"{point}=error")
    assert done.returncode == 0, done.stderr
    assert quell.must(COUNT.format(t=table)) == [f"{ROWS * 3},3,2"]


@pytest.mark.parametrize("point", ["delta.after_put=lost_answer", "delta.after_put=error"])
def test_lost_answer_is_found_out(place: tuple[Quell, str], point: str) -> None:
    quell, table = place
    quell.must(create(table))
    done = quell.run(insert(table, 1), fault=point)
    assert done.returncode == 0, done.stderr
    assert quell.must(COUNT.format(t=table)) == [f"{ROWS * 2},2,1"]


def is_commit_1(request: Request) -> bool:
    return f"_delta_log/{1:020}.json" in request.target


def silence_after_the_put(proxy: FaultyProxy, first: Fault) -> None:
    """The PUT of version 1 meets `first`; from then on nothing about that version is answered."""

    def plan(request: Request) -> Fault:
        if not is_commit_1(request):
            return Fault.NONE
        is_first = sum(is_commit_1(seen) and seen.method == "PUT" for seen in proxy.requests) == 1
        return first if request.method == "PUT" and is_first else Fault.LOSE_REQUEST

    proxy.plan = plan


@pytest.mark.parametrize("first", [Fault.LOSE_ANSWER, Fault.LOSE_REQUEST])
def test_unknown_outcome_keeps_the_data(store: ObjectStore, tmp_path: Path, first: Fault) -> None:
    table = f"delta.`s3://{BUCKET}/{tmp_path.name}-{first.name}`"
    direct = Quell(store.environment())
    direct.must(create(table))
    with faulty_proxy(store.endpoint) as proxy:
        silence_after_the_put(proxy, first)
        behind = Quell(store.environment() | {"AWS_ENDPOINT_URL": proxy.endpoint, "AWS_MAX_ATTEMPTS": "2"})
        failed = behind.run(insert(table, 1), **transaction(1))
    assert failed.returncode == 1
    assert "whether version 1" in failed.stderr
    # The store may have taken the commit: its data must be there. Run again, the job is done once.
    was_taken = first is Fault.LOSE_ANSWER
    assert direct.must(COUNT.format(t=table)) == ([f"{ROWS * 2},2,1"] if was_taken else [f"{ROWS},1,0"])
    direct.must(insert(table, 1), **transaction(1))
    assert direct.must(COUNT.format(t=table)) == [f"{ROWS * 2},2,1"]
