"""Commits to Delta tables under contention, crashes and lost answers: each exactly once, and never a part of one."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from delta_log import DeltaTool, Json, active_tags, local_log, read_commits, replay, tags_of
from faulty_proxy import Fault, Request, faulty_proxy
from object_stores import SERVER_NAMES, ObjectStore, overwriting_store, running_store, s3_client

BUCKET = "delta"
WRITERS = 8
COMMITS_EACH = 50
OVERWRITE_EVERY = 7
FAULT_POINTS = (
    "data.before_close",
    "data.after_close",
    "delta.before_put",
    "delta.after_put",
    "delta.before_checkpoint",
    "delta.before_checkpoint_close",
    "delta.before_last_checkpoint",
    "delta.before_cleanup",
)


@pytest.fixture
def tool() -> DeltaTool:
    return DeltaTool()


def write_together(tool: DeltaTool, table: str) -> None:
    processes = [
        tool.start(
            "write", table, "--writer", f"w{i}", "--commits", str(COMMITS_EACH),
            "--overwrite-every", str(OVERWRITE_EVERY if i < WRITERS // 2 else 0),
        )
        for i in range(WRITERS)
    ]  # fmt: skip
    for process in processes:
        output, error = process.communicate(timeout=550)
        assert process.returncode == 0, error
        assert "checkpointFailure" not in output


def check_every_commit_once(tool: DeltaTool, table: str, commits: list[list[Json]]) -> None:
    expected = {f"w{writer}-{number}" for writer in range(WRITERS) for number in range(COMMITS_EACH)}
    tags = tags_of(commits)
    assert len(tags) == len(expected)
    assert set(tags) == expected
    assert len(commits) == len(expected) + 1
    # What the tool reads, through checkpoints and commits, is what the commits alone say.
    for version in {0, 9, 10, 11, 99, 100, *range(0, len(commits), 23), len(commits) - 1}:
        snapshot = tool.dump(table, "--version", str(version))
        assert snapshot["version"] == version
        assert {file["path"] for file in snapshot["files"]} == replay(commits[: version + 1])


def test_writers_together_on_a_local_disk(tool: DeltaTool, tmp_path: Path) -> None:
    table = tmp_path / "table"
    write_together(tool, str(table))
    commits = local_log(table)
    check_every_commit_once(tool, str(table), commits)
    checkpoints = {path.name for path in (table / "_delta_log").glob("*.checkpoint.parquet")}
    assert checkpoints == {f"{version:020}.checkpoint.parquet" for version in range(10, len(commits), 10)}
    # Every active file is there.
    assert all(Path(file["uri"]).stat().st_size == file["size"] for file in tool.dump(table)["files"])


def write_words(table: str | Path, commits: int) -> list[str]:
    words = ["write", str(table), "--writer", "w", "--commits", str(commits)]
    return [*words, "--overwrite-every", "5", "--app", "app"]


def expected_tags(commits: int) -> set[str]:
    last_overwrite = (commits // 5) * 5 - 1
    return {f"w-{number}" for number in range(max(last_overwrite, 0), commits)}


@pytest.mark.parametrize("point", FAULT_POINTS)
@pytest.mark.parametrize("occasion", [1, 2])
def test_killed_writer_leaves_whole_versions(tool: DeltaTool, tmp_path: Path, point: str, occasion: int) -> None:
    table, commits = tmp_path / "table", 22
    done = tool.run(*write_words(table, commits), fault=f"{point}:{occasion}=kill")
    assert done.returncode == -signal.SIGKILL
    acknowledged = done.stdout.count('"number"')
    if (table / "_delta_log").exists() and list((table / "_delta_log").glob("*.json")):
        log = local_log(table)
        snapshot = tool.dump(table)
        assert snapshot["version"] == len(log) - 1
        assert {file["path"] for file in snapshot["files"]} == replay(log)
        # An acknowledged commit is there, and at most one more, whose acknowledgement the kill cut off.
        assert len(tags_of(log)) - acknowledged in (0, 1)
    # The next run of the same job goes on, and does nothing twice.
    tool.must(*write_words(table, commits))
    assert sorted(tags_of(local_log(table))) == sorted(f"w-{number}" for number in range(commits))
    assert active_tags(tool.dump(table)) == expected_tags(commits)


@pytest.mark.parametrize("point", ["delta.after_put", "delta.after_put:3"])
def test_lost_answer_is_neither_lost_nor_doubled(tool: DeltaTool, tmp_path: Path, point: str) -> None:
    table, commits = tmp_path / "table", 6
    lines = tool.must("write", table, "--writer", "w", "--commits", str(commits), fault=f"{point}=lost_answer")
    assert [line["number"] for line in lines] == list(range(commits))
    assert sorted(tags_of(local_log(table))) == sorted(f"w-{number}" for number in range(commits))


def test_failed_checkpoint_does_not_fail_the_commit(tool: DeltaTool, tmp_path: Path) -> None:
    table = tmp_path / "table"
    lines = tool.must(*write_words(table, 12), fault="delta.before_checkpoint_close=error")
    failures = [line["number"] for line in lines if "checkpointFailure" in line]
    assert failures == [9]
    assert not list((table / "_delta_log").glob("*checkpoint*"))
    assert active_tags(tool.dump(table)) == expected_tags(12)


def test_failed_commit_leaves_the_table_as_it_was(tool: DeltaTool, tmp_path: Path) -> None:
    table = tmp_path / "table"
    tool.must(*write_words(table, 3))
    before = tool.dump(table)
    done = tool.run(*write_words(table, 4), fault="delta.before_put=error")
    assert done.returncode == 1
    assert "fault injected" in done.stderr
    assert tool.dump(table) == before


def test_history_and_time_travel(tool: DeltaTool, tmp_path: Path) -> None:
    table = tmp_path / "table"
    tool.must(*write_words(table, 6))
    history = tool.must("history", table)
    assert [entry["version"] for entry in history] == [6, 5, 4, 3, 2, 1, 0]
    info = history[1]["info"]["commitInfo"]
    assert info["operationParameters"]["mode"] == "Overwrite"
    assert info["operationMetrics"]["numRemovedFiles"] == "4"
    for entry in history:
        at = str(entry["timestampMs"] * 1000)
        assert tool.dump(table, "--timestamp-us", at)["version"] == entry["version"]
    for timestamp, error in (
        (0, "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION"),
        (2**52, "DELTA_TIMESTAMP_GREATER_THAN_COMMIT"),
    ):
        assert error in tool.run("dump", table, "--timestamp-us", str(timestamp)).stderr
    assert "DELTA_VERSION_NOT_FOUND" in tool.run("dump", table, "--version", "7").stderr


def damage(table: Path, change: Callable[[Path], None]) -> str:
    change(table / "_delta_log")
    return DeltaTool().run("dump", table).stderr


def test_damaged_logs_are_refused(tool: DeltaTool, tmp_path: Path) -> None:
    def cut(log: Path) -> None:
        path = log / f"{2:020}.json"
        path.write_text(path.read_text()[:-20])

    def lose(log: Path) -> None:
        (log / f"{2:020}.json").unlink()

    def begin_late(log: Path) -> None:
        (log / f"{0:020}.json").unlink()

    def ask_too_much(log: Path) -> None:
        features = '"readerFeatures":["geospatial"],"writerFeatures":["geospatial"]'
        protocol = '{"protocol":{"minReaderVersion":3,"minWriterVersion":7,' + features + "}}"
        (log / f"{4:020}.json").write_text(protocol)

    def come_from_the_future(log: Path) -> None:
        (log / f"{4:020}.json").write_text('{"protocol":{"minReaderVersion":4,"minWriterVersion":8}}')

    for change, error in (
        (cut, "DELTA_MALFORMED_LOG_FILE"),
        (lose, "DELTA_VERSIONS_NOT_CONTIGUOUS"),
        (begin_late, "DELTA_TRUNCATED_TRANSACTION_LOG"),
        (ask_too_much, "DELTA_UNSUPPORTED_FEATURES_FOR_READ"),
        (come_from_the_future, "DELTA_INVALID_PROTOCOL_VERSION"),
    ):
        table = tmp_path / change.__name__
        tool.must(*write_words(table, 3))
        assert error in damage(table, change)
    assert tool.must("dump", tmp_path / "none") == [None]


@pytest.fixture(params=SERVER_NAMES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    with running_store(request.param, tmp_path / "volume") as running:
        running.client.create_bucket(Bucket=BUCKET)
        yield running


def stored_log(endpoint: str, table: str) -> list[list[Json]]:
    client = s3_client(endpoint)
    texts = {}
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{table}/_delta_log/"):
        for item in page.get("Contents", []):
            name = item["Key"].rpartition("/")[2]
            if name.endswith(".json"):
                texts[name] = client.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read().decode()
    return read_commits(texts)


def test_writers_together_on_s3(store: ObjectStore) -> None:
    tool = DeltaTool(store.environment())
    table = f"s3://{BUCKET}/table"
    write_together(tool, table)
    check_every_commit_once(tool, table, stored_log(store.endpoint, "table"))


def is_commit(request: Request) -> bool:
    return request.method == "PUT" and "_delta_log/0" in request.target and ".json" in request.target


@pytest.mark.parametrize("fault", [Fault.LOSE_ANSWER, Fault.LOSE_REQUEST, Fault.SLOW_DOWN, Fault.CONFLICT])
def test_troubled_puts_are_neither_lost_nor_doubled(store: ObjectStore, fault: Fault) -> None:
    with faulty_proxy(store.endpoint) as proxy:
        environment = store.environment() | {"AWS_ENDPOINT_URL": proxy.endpoint}
        proxy.fail_first(4, fault, is_commit)
        DeltaTool(environment).must("write", f"s3://{BUCKET}/t", "--writer", "w", "--commits", "4")
    assert sorted(tags_of(stored_log(store.endpoint, "t"))) == [f"w-{number}" for number in range(4)]


def test_store_that_overwrites_is_refused(tmp_path: Path, store: ObjectStore) -> None:
    with overwriting_store(tmp_path) as endpoint:
        s3_client(endpoint).create_bucket(Bucket=BUCKET)
        environment = store.environment() | {"AWS_ENDPOINT_URL": endpoint}
        done = DeltaTool(environment).run("write", f"s3://{BUCKET}/t", "--writer", "w", "--commits", "1")
        assert done.returncode == 1
        assert "OBJECT_STORE_WITHOUT_CONDITIONAL_WRITES" in done.stderr
        listed = s3_client(endpoint).list_objects_v2(Bucket=BUCKET, Prefix="t/_delta_log/0")
        assert listed["KeyCount"] == 0


def test_writer_killed_on_s3(store: ObjectStore) -> None:
    tool = DeltaTool(store.environment())
    table, commits = f"s3://{BUCKET}/killed", 11
    for point in FAULT_POINTS:
        done: subprocess.CompletedProcess[str] = tool.run(*write_words(table, commits), fault=f"{point}=kill")
        assert done.returncode in (-signal.SIGKILL, 0)
    tool.must(*write_words(table, commits))
    assert sorted(tags_of(stored_log(store.endpoint, "killed"))) == sorted(f"w-{number}" for number in range(commits))
    assert active_tags(tool.dump(table)) == expected_tags(commits)
