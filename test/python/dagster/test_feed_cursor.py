"""The sensor's cursor: no object is missed, and none is taken twice."""

from quell.dagster.feed import Cursor
from quell.validate.store import StoredFile


def stored(name: str, etag: str = "1") -> StoredFile:
    return StoredFile(name, f"s3://raw/{name}", 10, etag)


def test_new_objects_come_once() -> None:
    cursor = Cursor()
    assert [file.name for file in cursor.take_new([stored("a"), stored("b")])] == ["a", "b"]
    again = Cursor.parse(cursor.dump())
    assert again.take_new([stored("a"), stored("b")]) == []


def test_a_late_object_with_a_smaller_name_is_seen() -> None:
    cursor = Cursor()
    cursor.take_new([stored("b")])
    assert [file.name for file in cursor.take_new([stored("a"), stored("b")])] == ["a"]


def test_an_object_that_was_written_again_is_seen() -> None:
    cursor = Cursor()
    cursor.take_new([stored("a", "1")])
    assert [file.etag for file in cursor.take_new([stored("a", "2")])] == ["2"]


def test_an_object_that_went_and_came_back_is_seen() -> None:
    cursor = Cursor()
    cursor.take_new([stored("a"), stored("b")])
    assert cursor.take_new([stored("b")]) == []
    assert [file.name for file in cursor.take_new([stored("a"), stored("b")])] == ["a"]


def test_an_empty_cursor_is_nothing_seen() -> None:
    assert Cursor.parse(None).seen == {}
    assert Cursor.parse("").seen == {}
