"""The engine inside of a Python process, and its connections to an object store: threads and forks."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest
from object_stores import ObjectStore, running_store
from quell import Session

TABLE = "delta.`s3://bucket/table`"
FORKS = 20


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    volume = tmp_path_factory.mktemp("store") / "volume"
    with running_store("localstack", volume, "--bucket", "bucket") as running:
        yield running


@pytest.fixture
def session(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> Session:
    for name, value in store.environment().items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    session = Session()
    session.sql(f"CREATE OR REPLACE TABLE {TABLE} AS SELECT id FROM range(1000)")
    return session


def count(session: Session) -> int:
    rows: list[dict[str, int]] = session.sql(f"SELECT count(*) AS n FROM {TABLE}").to_arrow().to_pylist()
    return rows[0]["n"]


def test_connections_are_not_shared_across_a_fork(session: Session) -> None:
    """Two processes on one connection would get each other's answers."""
    ended = threading.Event()
    counts: list[int] = []

    def read() -> None:
        while not ended.is_set():
            counts.append(count(session))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    children = []
    for _ in range(FORKS):
        if (child := os.fork()) == 0:
            signal.alarm(120)
            right = False
            try:
                right = [count(session), count(session)] == [1000, 1000]
            finally:
                os._exit(0 if right else 1)
        children.append(child)
    statuses = [os.waitpid(child, 0)[1] for child in children]
    ended.set()
    for thread in threads:
        thread.join()
    assert statuses == [0] * FORKS
    assert set(counts) == {1000}
