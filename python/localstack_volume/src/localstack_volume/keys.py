"""The collections of a bucket that write through to the catalog: its objects, its uploads, and their parts."""

from typing import Any

from localstack.services.s3.models import KeyStore, S3Bucket, S3Multipart, S3Object, S3Part

from localstack_volume import records
from localstack_volume.volume import Blob, UploadRow, Volume


class VolumeKeyStore(KeyStore):
    """The objects of an unversioned bucket. A key is set or gone once the catalog says so."""

    def __init__(self, volume: Volume, bucket: str) -> None:
        super().__init__()
        self._volume = volume
        self._bucket = bucket
        for key, blob, record in volume.objects(bucket):
            s3_object = records.load_object(record)
            s3_object.blob = blob
            self._store[key] = s3_object

    def set(self, object_key: str, s3_object: S3Object) -> None:
        blob: Blob = s3_object.blob
        upload = getattr(s3_object, "upload", None)
        self._volume.put_object(self._bucket, object_key, blob, records.dump_object(s3_object), upload)
        blob.kept = True
        replaced = self._store.get(object_key)
        self._store[object_key] = s3_object
        if replaced is not None and replaced.blob is not blob:
            replaced.blob.discard()

    def pop(self, object_key: str, default: Any = None) -> Any:
        if object_key in self._store:
            self._volume.delete_object(self._bucket, object_key)
        return super().pop(object_key, default)


class VolumeUploads(dict[str, S3Multipart]):
    """The multipart uploads in progress of one bucket, by id."""

    def __init__(self, volume: Volume, bucket: str) -> None:
        super().__init__()
        self._volume = volume
        self._bucket = bucket
        for upload, record in volume.uploads(bucket):
            multipart = records.load_upload(record)
            multipart.parts = VolumeParts(volume, upload)
            super().__setitem__(upload, multipart)

    def __setitem__(self, upload: str, multipart: S3Multipart) -> None:
        self._volume.put_upload(UploadRow(upload, self._bucket, records.dump_upload(multipart)))
        multipart.parts = VolumeParts(self._volume, upload)
        super().__setitem__(upload, multipart)

    def pop(self, upload: str, default: Any = None) -> Any:
        if upload in self:
            self._volume.delete_upload(upload)
        return super().pop(upload, default)


class VolumeParts(dict[int, S3Part]):
    """The parts of one upload, by number."""

    def __init__(self, volume: Volume, upload: str) -> None:
        super().__init__()
        self._volume = volume
        self._upload = upload
        for number, blob, record in volume.parts(upload):
            part = records.load_part(record)
            part.blob = blob
            super().__setitem__(number, part)

    def __setitem__(self, number: int, part: S3Part) -> None:
        self._volume.put_part(self._upload, number, part.blob, records.dump_part(part))
        replaced = self.get(number)
        super().__setitem__(number, part)
        if replaced is not None and not replaced.blob.kept:
            replaced.blob.discard()


def attach(bucket: S3Bucket, volume: Volume) -> None:
    """Gives the bucket the collections that are kept in the volume."""
    bucket.objects = VolumeKeyStore(volume, bucket.name)
    bucket.multiparts = VolumeUploads(volume, bucket.name)
