"""What the sensor has seen: no object is missed, and none is taken twice."""

from collections.abc import Iterator

import dagster as dg
import pytest
from quell.dagster.feed import Batch, SeenObjects
from quell.validate.store import StoredFile


def stored(name: str, etag: str = "1") -> StoredFile:
    return StoredFile(name, f"s3://raw/{name}", 10, etag, 0)


class Sensor:
    """Ticks over listings, with a cursor that is kept as Dagster keeps it."""

    def __init__(self, instance: dg.DagsterInstance, name: str) -> None:
        self.cursor: str | None = None
        self._seen = SeenObjects(instance.daemon_cursor_storage, name)

    def tick(self, *files: StoredFile, is_lost: bool = False) -> Batch | None:
        batch = self._seen.next_batch(self.cursor, files)
        if batch and not is_lost:
            self.cursor = batch.cursor
        return batch

    def new(self, *files: StoredFile) -> list[str]:
        batch = self.tick(*files)
        return [f"{file.name}{file.etag}" for file in batch.files] if batch else []


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("home"))) as instance:
        yield instance


@pytest.fixture
def sensor(instance: dg.DagsterInstance, request: pytest.FixtureRequest) -> Sensor:
    return Sensor(instance, request.node.name)


def test_new_objects_come_once(sensor: Sensor) -> None:
    assert sensor.new() == []
    assert sensor.new(stored("a"), stored("b")) == ["a1", "b1"]
    assert sensor.new(stored("a"), stored("b")) == []


def test_a_late_object_with_a_smaller_name_is_seen(sensor: Sensor) -> None:
    sensor.new(stored("b"))
    assert sensor.new(stored("a"), stored("b")) == ["a1"]


def test_an_object_that_was_written_again_is_seen(sensor: Sensor) -> None:
    sensor.new(stored("a", "1"))
    assert sensor.new(stored("a", "2")) == ["a2"]
    assert sensor.new(stored("a", "1")) == ["a1"]


def test_an_object_that_went_and_came_back_is_seen_if_a_batch_came_between(sensor: Sensor) -> None:
    first = sensor.tick(stored("a"))
    assert sensor.new() == []
    assert sensor.new(stored("b")) == ["b1"]
    second = sensor.tick(stored("a"))
    assert first and second
    assert first.run_key != second.run_key


def test_a_tick_that_is_lost_is_done_again_as_the_same_run(sensor: Sensor) -> None:
    sensor.new(stored("a"))
    lost = sensor.tick(stored("a"), stored("b"), is_lost=True)
    again = sensor.tick(stored("a"), stored("b"))
    assert lost and again
    assert [file.name for file in again.files] == ["b"]
    assert lost.run_key == again.run_key


def test_what_came_behind_a_lost_tick_is_not_missed(sensor: Sensor) -> None:
    sensor.new(stored("a"))
    sensor.tick(stored("a"), stored("b"), is_lost=True)
    assert sensor.new(stored("a"), stored("b"), stored("c")) == ["b1", "c1"]
    assert sensor.new(stored("a"), stored("b"), stored("c")) == []


def test_a_reset_takes_all_objects_once_more_as_another_run(sensor: Sensor) -> None:
    first = sensor.tick(stored("a"))
    sensor.cursor = None
    second = sensor.tick(stored("a"))
    assert first and second
    assert [file.name for file in second.files] == ["a"]
    assert first.run_key != second.run_key
    assert sensor.new(stored("a")) == []


def test_a_cursor_whose_state_is_gone_has_seen_nothing(sensor: Sensor) -> None:
    sensor.new(stored("a"))
    old = sensor.cursor
    sensor.new(stored("a"), stored("b"))
    sensor.new(stored("a"), stored("b"), stored("c"))
    sensor.cursor = old
    assert sensor.new(stored("a"), stored("b"), stored("c")) == ["a1", "b1", "c1"]


def test_the_cursor_is_small_whatever_the_number_of_objects(sensor: Sensor) -> None:
    files = [stored(f"day={number // 1000}/part-{number:06}.parquet", f"{number:032x}") for number in range(100_000)]
    batch = sensor.tick(*files)
    assert batch and len(batch.files) == 100_000
    assert len(batch.cursor) < 64
    late = stored("day=3/part-late.parquet")
    assert sensor.new(*files, late) == ["day=3/part-late.parquet1"]
    assert sensor.new(*files, late) == []
