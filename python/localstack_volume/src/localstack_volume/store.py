"""LocalStack's object store over a volume: how bytes come in and go out."""

import base64
import hashlib
import os
import time
from collections.abc import Iterator
from io import UnsupportedOperation
from typing import Any, Literal

from localstack.services.s3.models import S3Multipart, S3Object, S3Part
from localstack.services.s3.storage.core import (
    LimitedStream,
    S3ObjectStore,
    S3StoredMultipart,
    S3StoredObject,
    should_copy_in_place,
)
from localstack.services.s3.utils import ObjectRange, get_s3_checksum

from localstack_volume.volume import READ_SIZE, Blob, Segment, Volume


class BlobReader:
    """Reads a blob from any offset. Holds the blob until closed. Not thread-safe."""

    def __init__(self, blob: Blob) -> None:
        blob.acquire()
        self._blob: Blob | None = blob
        self._open_segment = -1
        self._descriptor = -1

    def read_at(self, offset: int, length: int) -> bytes:
        """At most `length` bytes, fewer at the end of a segment, none after the last."""
        assert self._blob is not None
        for index, segment in enumerate(self._blob.segments):
            if offset < segment.size:
                return os.pread(self._descriptor_of(index, segment), length, offset)
            offset -= segment.size
        return b""

    def _descriptor_of(self, index: int, segment: Segment) -> int:
        if index != self._open_segment:
            assert self._blob is not None
            self._close_descriptor()
            self._descriptor = os.open(self._blob.volume.path(segment.name), os.O_RDONLY | os.O_CLOEXEC)
            self._open_segment = index
        return self._descriptor

    def _close_descriptor(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self._open_segment = -1, -1

    def close(self) -> None:
        if self._blob is not None:
            self._close_descriptor()
            self._blob.release()
            self._blob = None

    def __del__(self) -> None:
        self.close()


class VolumeStoredObject(S3StoredObject):
    """One object or part, opened to be read, or to be written once."""

    def __init__(self, volume: Volume, s3_object: S3Object | S3Part, mode: Literal["r", "w"]) -> None:
        super().__init__(s3_object, mode)
        self._volume = volume
        self._reader = BlobReader(s3_object.blob) if mode == "r" else None
        self._position = 0
        self._end: int | None = None
        self._checksum: str | None = None

    def close(self) -> None:
        """Lets go of the bytes. What was written and belongs to no object by now is removed, parts excepted."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        elif self._mode == "w" and not self.closed and isinstance(self.s3_object, S3Object):
            blob: Blob | None = getattr(self.s3_object, "blob", None)
            if blob is not None and not blob.kept:
                blob.discard()
        self.closed = True

    def write(self, stream: Any) -> int:
        """Writes a whole data file. It belongs to the object, but no listing shows it yet."""
        if self._mode != "w":
            raise UnsupportedOperation("the object is not open for writing")
        etag = hashlib.md5(usedforsecurity=False)
        algorithm = self.s3_object.checksum_algorithm
        checksum = get_s3_checksum(algorithm) if algorithm else None
        size = 0
        with self._volume.new_file() as (file, name):
            while stream is not None and (data := stream.read(READ_SIZE)):
                file.write(data)
                etag.update(data)
                if checksum:
                    checksum.update(data)
                size += len(data)
        self.s3_object.blob = Blob(self._volume, (Segment(name, size),))
        self.s3_object.size = size
        self.s3_object.etag = etag.hexdigest()
        self.s3_object.internal_last_modified = time.time_ns()
        self._checksum = base64.b64encode(checksum.digest()).decode() if checksum else None
        return size

    def append(self, part: S3StoredObject) -> int:
        raise UnsupportedOperation("a multipart object keeps the files of its parts")

    def read(self, s: int = -1) -> bytes:
        if self._reader is None:
            self._reader = BlobReader(self.s3_object.blob)
        amount = self.s3_object.blob.size if s < 0 else s
        if self._end is not None:
            amount = min(amount, self._end - self._position)
        data = self._reader.read_at(self._position, amount) if amount > 0 else b""
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.s3_object.blob.size}[whence]
        self._position = base + offset
        return self._position

    def limit(self, length: int) -> None:
        """Ends the reading `length` bytes after the position of now."""
        self._end = self._position + length

    @property
    def last_modified(self) -> int:
        return int(self.s3_object.internal_last_modified)

    @property
    def checksum(self) -> str | None:
        if self.s3_object.checksum_algorithm and self._checksum is None:
            self._checksum = base64.b64encode(self._digest(get_s3_checksum(self.s3_object.checksum_algorithm))).decode()
        return self._checksum

    @property
    def etag(self) -> str:
        if not self.s3_object.etag:
            self.s3_object.etag = self._digest(hashlib.md5(usedforsecurity=False)).hex()
        return str(self.s3_object.etag)

    def _digest(self, hasher: Any) -> bytes:
        reader = BlobReader(self.s3_object.blob)
        try:
            offset = 0
            while data := reader.read_at(offset, READ_SIZE):
                hasher.update(data)
                offset += len(data)
        finally:
            reader.close()
        digest: bytes = hasher.digest()
        return digest

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read(READ_SIZE):
            yield data


class VolumeMultipart(S3StoredMultipart):
    """One upload in progress."""

    _s3_store: "VolumeObjectStore"

    def open(self, s3_part: S3Part, mode: Literal["r", "w"] = "r") -> VolumeStoredObject:
        return VolumeStoredObject(self._s3_store.volume, s3_part, mode)

    def remove_part(self, s3_part: S3Part) -> None:
        """Removes what was written for a part that is refused."""
        if blob := getattr(s3_part, "blob", None):
            blob.discard()

    def complete_multipart(self, parts: list[S3Part]) -> None:
        """Makes the object of the files of its parts, without copying a byte."""
        segments = tuple(segment for part in parts for segment in part.blob.segments)
        target = self.s3_multipart.object
        target.blob = Blob(self._s3_store.volume, segments)
        target.upload = self.s3_multipart.id
        target.size = target.blob.size
        target.internal_last_modified = time.time_ns()

    def close(self) -> None:
        """Removes the files of all parts that did not become an object."""
        target: Blob | None = getattr(self.s3_multipart.object, "blob", None)
        kept = set(target.segments) if target is not None and target.kept else set()
        for part in self.s3_multipart.parts.values():
            if not kept.issuperset(part.blob.segments):
                part.blob.discard()

    def copy_from_object(
        self, s3_part: S3Part, src_bucket: str, src_s3_object: S3Object, range_data: ObjectRange | None
    ) -> None:
        with self._s3_store.open(src_bucket, src_s3_object) as source, self.open(s3_part, "w") as part:
            part.write(LimitedStream(source, range_data) if range_data else source)
            if s3_part.checksum_algorithm:
                s3_part.checksum_value = part.checksum


class VolumeObjectStore(S3ObjectStore):
    """Where the provider of LocalStack puts bytes. The catalog is written by the collections in keys.py."""

    def __init__(self, volume: Volume) -> None:
        self.volume = volume
        self.root_directory = str(volume.root)

    def open(self, bucket: str, s3_object: S3Object, mode: Literal["r", "w"] = "r") -> VolumeStoredObject:
        return VolumeStoredObject(self.volume, s3_object, mode)

    def remove(self, bucket: str, s3_object: S3Object | list[S3Object]) -> None:
        for removed in s3_object if isinstance(s3_object, list) else [s3_object]:
            removed.blob.discard()

    def copy(
        self, src_bucket: str, src_object: S3Object, dest_bucket: str, dest_object: S3Object
    ) -> VolumeStoredObject:
        if should_copy_in_place(src_bucket, src_object, dest_bucket, dest_object):
            dest_object.blob = src_object.blob
        else:
            source: Blob = src_object.blob
            source.acquire()
            try:
                dest_object.blob = self.volume.link(source.segments)
            finally:
                source.release()
        dest_object.size = dest_object.blob.size
        dest_object.internal_last_modified = time.time_ns()
        if "-" not in (src_object.etag or "-"):
            dest_object.etag = src_object.etag
        return VolumeStoredObject(self.volume, dest_object, "w")

    def get_multipart(self, bucket: str, upload_id: S3Multipart) -> VolumeMultipart:
        return VolumeMultipart(self, bucket, upload_id)

    def remove_multipart(self, bucket: str, s3_multipart: S3Multipart) -> None:
        self.get_multipart(bucket, s3_multipart).close()

    def close(self) -> None:
        self.volume.close()
