"""The folder on disk: immutable data files and the catalog that names them."""

import fcntl
import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

READ_SIZE = 1 << 20
UNFINISHED = ".unfinished"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, account TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS objects (bucket TEXT NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL,
  segments TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS parts (upload TEXT NOT NULL, number INTEGER NOT NULL, segments TEXT NOT NULL,
  record TEXT NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID;
"""


class Segment(NamedTuple):
    """One whole data file, by its name in `objects/`."""

    name: str
    size: int


class StaleBlobError(Exception):
    """The bytes were replaced or deleted between the look-up of their object and its opening."""


@dataclass(eq=False)
class Blob:
    """The bytes of one object or part: segments in order. A multipart object keeps the files of its parts.

    Discarded files go when the last reader has closed. Thread-safe.
    """

    volume: "Volume"
    segments: tuple[Segment, ...]
    kept: bool = False  # Whether a committed object owns the segments.
    _readers: int = 0
    _discarded: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def size(self) -> int:
        return sum(segment.size for segment in self.segments)

    def acquire(self) -> None:
        with self._lock:
            if self._discarded:
                raise StaleBlobError
            self._readers += 1

    def release(self) -> None:
        with self._lock:
            self._readers -= 1
            last = self._discarded and self._readers == 0
        if last:
            self.volume.unlink(self.segments)

    def discard(self) -> None:
        with self._lock:
            if self._discarded:
                return
            self._discarded = True
            unused = self._readers == 0
        if unused:
            self.volume.unlink(self.segments)


class UploadRow(NamedTuple):
    upload: str
    bucket: str
    record: str


class Volume:
    """One folder, held by one process at a time. Thread-safe."""

    def __init__(self, root: Path, *, fsync: bool = False) -> None:
        self.root = root
        self._fsync = fsync
        self._data = root / "objects"
        self._data.mkdir(parents=True, exist_ok=True)
        self._lock_file = self._take_lock()
        fresh = not (root / "catalog.sqlite").exists()
        if fresh and any(self._data.iterdir()):
            raise RuntimeError(f"{root} holds data files but no catalog.sqlite; put the catalog back, or empty it")
        self._catalog = sqlite3.connect(root / "catalog.sqlite", check_same_thread=False, isolation_level=None)
        self._catalog_lock = threading.Lock()
        self._catalog.execute("PRAGMA journal_mode = WAL")
        self._catalog.execute(f"PRAGMA synchronous = {'FULL' if fsync else 'OFF'}")
        self._catalog.executescript(_SCHEMA)
        self._make_folders()
        self._remove_orphans()

    def _take_lock(self) -> BinaryIO:
        lock = (self.root / "lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(f"{self.root} is in use by another server") from None
        return lock

    def _make_folders(self) -> None:
        for number in range(256):
            (self._data / f"{number:02x}").mkdir(exist_ok=True)

    def _remove_orphans(self) -> None:
        """Removes files whose request was never acknowledged."""
        live: set[str] = set()
        for table in ("objects", "parts"):
            for (segments,) in self._catalog.execute(f"SELECT segments FROM {table}"):
                live.update(name for name, _ in json.loads(segments))
        for folder in os.scandir(self._data):
            for entry in os.scandir(folder.path):
                if entry.name not in live:
                    Path(entry.path).unlink()

    def close(self) -> None:
        with self._catalog_lock:
            self._catalog.close()
        self._lock_file.close()

    # Data files.

    def path(self, name: str) -> Path:
        return self._data / name[:2] / name

    @contextmanager
    def new_file(self) -> Iterator[tuple[BinaryIO, str]]:
        """A file under a fresh name, whole or absent: it gets its name when the block ends well."""
        name = secrets.token_hex(16)
        unfinished = self.path(name + UNFINISHED)
        try:
            with unfinished.open("xb", buffering=0) as file:
                yield file, name
                if self._fsync:
                    os.fsync(file.fileno())
            unfinished.rename(self.path(name))
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        if self._fsync:
            self._sync_folder(unfinished.parent)

    def link(self, segments: Iterable[Segment]) -> Blob:
        """A second blob with the same bytes; the files are shared, for they never change."""
        copies = []
        for segment in segments:
            name = secrets.token_hex(16)
            os.link(self.path(segment.name), self.path(name))
            if self._fsync:
                self._sync_folder(self.path(name).parent)
            copies.append(Segment(name, segment.size))
        return Blob(self, tuple(copies))

    def unlink(self, segments: Iterable[Segment]) -> None:
        for segment in segments:
            self.path(segment.name).unlink(missing_ok=True)

    @staticmethod
    def _sync_folder(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    # The catalog. Each method is one transaction.

    def _write(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        with self._catalog_lock:
            self._catalog.execute("BEGIN IMMEDIATE")
            try:
                for sql, values in statements:
                    self._catalog.execute(sql, values)
                self._catalog.execute("COMMIT")
            except BaseException:
                self._catalog.execute("ROLLBACK")
                raise

    def put_bucket(self, name: str, account: str, record: str) -> None:
        self._write(("INSERT OR REPLACE INTO buckets VALUES (?, ?, ?)", (name, account, record)))

    def delete_bucket(self, name: str) -> None:
        self._write(
            ("DELETE FROM parts WHERE upload IN (SELECT id FROM uploads WHERE bucket = ?)", (name,)),
            ("DELETE FROM uploads WHERE bucket = ?", (name,)),
            ("DELETE FROM objects WHERE bucket = ?", (name,)),
            ("DELETE FROM buckets WHERE name = ?", (name,)),
        )

    def put_object(self, bucket: str, key: str, blob: Blob, record: str, upload: str | None) -> None:
        """Puts the object in place of an older one; `upload` is the multipart upload that it completes."""
        statements: list[tuple[str, tuple[object, ...]]] = [
            (
                "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)",
                (bucket, key, blob.size, json.dumps(blob.segments), record),
            )
        ]
        if upload is not None:
            statements.append(("DELETE FROM parts WHERE upload = ?", (upload,)))
            statements.append(("DELETE FROM uploads WHERE id = ?", (upload,)))
        self._write(*statements)

    def delete_object(self, bucket: str, key: str) -> None:
        self._write(("DELETE FROM objects WHERE bucket = ? AND key = ?", (bucket, key)))

    def put_upload(self, row: UploadRow) -> None:
        self._write(("INSERT OR REPLACE INTO uploads VALUES (?, ?, ?)", row))

    def delete_upload(self, upload: str) -> None:
        self._write(
            ("DELETE FROM parts WHERE upload = ?", (upload,)),
            ("DELETE FROM uploads WHERE id = ?", (upload,)),
        )

    def put_part(self, upload: str, number: int, blob: Blob, record: str) -> None:
        self._write(
            (
                "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)",
                (upload, number, json.dumps(blob.segments), record),
            )
        )

    def buckets(self) -> list[tuple[str, str, str]]:
        """(name, account, record) of each bucket."""
        return self._catalog.execute("SELECT name, account, record FROM buckets").fetchall()

    def objects(self, bucket: str) -> Iterator[tuple[str, Blob, str]]:
        """(key, blob, record) of each object, by key."""
        rows = self._catalog.execute("SELECT key, segments, record FROM objects WHERE bucket = ?", (bucket,))
        for key, segments, record in rows:
            yield key, self._blob(segments, kept=True), record

    def uploads(self, bucket: str) -> list[tuple[str, str]]:
        """(id, record) of each upload in progress."""
        return self._catalog.execute("SELECT id, record FROM uploads WHERE bucket = ?", (bucket,)).fetchall()

    def parts(self, upload: str) -> Iterator[tuple[int, Blob, str]]:
        """(number, blob, record) of each part of an upload."""
        rows = self._catalog.execute("SELECT number, segments, record FROM parts WHERE upload = ?", (upload,))
        for number, segments, record in rows:
            yield number, self._blob(segments, kept=False), record

    def _blob(self, segments: str, *, kept: bool) -> Blob:
        return Blob(self, tuple(Segment(name, size) for name, size in json.loads(segments)), kept=kept)
