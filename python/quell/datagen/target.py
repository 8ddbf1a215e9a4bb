"""Where the files go: a local folder, or a prefix of an S3 bucket. In both a file is whole or absent."""

import fcntl
import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from quell.errors import CommandError

TEMPORARY_PREFIX = "._datagen-"


class Sink(Protocol):
    """A file on its way; it appears under its name at `commit` and not before."""

    @property
    def closed(self) -> bool: ...

    def write(self, data: bytes | memoryview) -> int:
        """Takes all of `data`; after `commit` and `abort`, when a Parquet writer may still close, to no effect."""
        ...

    def tell(self) -> int: ...

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def commit(self) -> int:
        """Makes the file appear, and returns its size in bytes."""
        ...

    def abort(self) -> None:
        """Leaves nothing behind. Harmless after `commit`."""
        ...


class Target(Protocol):
    """A place that holds files by name."""

    def prepare(self) -> None:
        """Makes the place ready, keeps other writers out, and removes what a killed run left unfinished."""
        ...

    def sizes(self) -> dict[str, int]:
        """The names of the files in the place itself, not below it, and their sizes in bytes."""
        ...

    def read(self, name: str) -> bytes | None:
        """A small file, or None where there is none."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Writes a small file."""
        ...

    def open(self, name: str) -> Sink:
        """Begins a file."""
        ...


class LocalSink:
    """Writes beside the final name and renames. Does nothing before the first write, so that `abort` undoes it all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f"{TEMPORARY_PREFIX}{uuid.uuid4().hex}")
        self._file: BinaryIO | None = None
        self._size = 0
        self._is_over = False

    @property
    def closed(self) -> bool:
        return False

    def write(self, data: bytes | memoryview) -> int:
        if self._is_over:
            return len(data)
        if self._file is None:
            self._file = self._temporary.open("wb", buffering=1 << 20)
        self._file.write(data)
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing: only the whole file matters."""

    def close(self) -> None:
        """Nothing: `commit` or `abort` closes."""

    def commit(self) -> int:
        assert self._file is not None
        self._is_over = True
        self._file.close()
        self._temporary.rename(self._path)
        return self._size

    def abort(self) -> None:
        self._is_over = True
        # A full disk fails the last flush too; the file goes all the same.
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        self._temporary.unlink(missing_ok=True)


class LocalTarget:
    """A folder on a local disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: int | None = None

    def prepare(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for leftover in self._folder.glob(TEMPORARY_PREFIX + "*"):
                leftover.unlink(missing_ok=True)
        except BlockingIOError:
            raise CommandError(f"another datagen is writing to {self._folder}; wait for it or choose another") from None
        except OSError as error:
            raise CommandError(f"cannot write to {self._folder}: {error.strerror}") from None

    def sizes(self) -> dict[str, int]:
        with os.scandir(self._folder) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}

    def read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        sink = self.open(name)
        try:
            sink.write(data)
            sink.commit()
        finally:
            sink.abort()

    def open(self, name: str) -> LocalSink:
        return LocalSink(self._folder / name)


def open_target(uri: str) -> Target:
    """The place that a plain path, `file:`, `s3://` or `s3a://` names."""
    parts = urlsplit(uri)
    if parts.scheme in ("s3", "s3a"):
        from quell.datagen.s3_target import S3Target

        return S3Target(parts.netloc, parts.path)
    if parts.scheme == "file":
        if parts.netloc not in ("", "localhost"):
            raise CommandError(f"a file URI cannot name a host: {uri}; write file:///path")
        return LocalTarget(Path(unquote(parts.path)))
    if "://" in uri:
        raise CommandError(f"cannot write to {uri}: unknown scheme {parts.scheme}; use a path, file: or s3://")
    return LocalTarget(Path(uri))
