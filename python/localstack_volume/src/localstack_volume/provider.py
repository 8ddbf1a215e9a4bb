"""LocalStack's S3 provider over a volume."""

import threading
from typing import Any
from urllib.parse import quote

from localstack.aws.api import CommonServiceException, RequestContext, handler
from localstack.services.s3.models import S3Bucket, s3_stores
from localstack.services.s3.provider import S3Provider
from localstack.services.s3.storage.core import LimitedIterableStream

from localstack_volume import records
from localstack_volume.keys import attach
from localstack_volume.store import VolumeObjectStore, VolumeStoredObject
from localstack_volume.volume import StaleBlobError, Volume

_HOME_REGION = "us-east-1"
_STALE_READS = 10


class KeyLocks:
    """A lock per key, out of a fixed number: `locks[bucket][key]`, as the base class asks for it."""

    class OfBucket:
        def __init__(self, bucket: str, locks: tuple[threading.RLock, ...]) -> None:
            self._bucket = bucket
            self._locks = locks

        def __getitem__(self, key: str) -> Any:
            return self._locks[hash((self._bucket, key)) % len(self._locks)]

        def pop(self, key: str, default: None = None) -> None:
            """The locks stay."""

    def __init__(self, size: int = 4096) -> None:
        self._locks = tuple(threading.RLock() for _ in range(size))

    def __getitem__(self, bucket: str) -> "KeyLocks.OfBucket":
        return KeyLocks.OfBucket(bucket, self._locks)

    def pop(self, bucket: str, default: None = None) -> None:
        """The locks stay."""


class VolumeS3Provider(S3Provider):
    """Buckets, objects with their metadata, and uploads live in the volume. Tags, and bucket settings that are changed
    later, live in memory only. Buckets are not versioned."""

    def __init__(self, volume: Volume) -> None:
        super().__init__(storage_backend=VolumeObjectStore(volume))
        self._volume = volume
        self._preconditions_locks = KeyLocks()  # type: ignore[assignment]
        self._create_bucket_lock = threading.Lock()
        for name, account, record in volume.buckets():
            bucket = records.load_bucket(record)
            attach(bucket, volume)
            store = s3_stores[account][_HOME_REGION]
            store.buckets[name] = bucket
            store.global_bucket_map[name] = account

    @handler("CreateBucket", expand=False)
    def create_bucket(self, context: RequestContext, request: Any) -> Any:
        if request.get("ObjectLockEnabledForBucket"):
            raise _refusal("object lock needs versions, which this store does not keep")
        name = request["Bucket"]
        with self._create_bucket_lock:
            store = self.get_store(context.account_id, _HOME_REGION)
            existed = name in store.global_bucket_map
            response = super().create_bucket(context, request)
            if not existed:
                bucket: S3Bucket = store.buckets[name]
                attach(bucket, self._volume)
                self._volume.put_bucket(name, bucket.bucket_account_id, records.dump_bucket(bucket))
        return response

    def delete_bucket(self, context: RequestContext, bucket: str, *args: Any, **kwargs: Any) -> None:
        _, s3_bucket = self._get_cross_account_bucket(context, bucket)
        super().delete_bucket(context, bucket, *args, **kwargs)
        self._volume.delete_bucket(bucket)
        for upload in list(s3_bucket.multiparts.values()):
            self._storage_backend.remove_multipart(bucket, upload)

    @handler("GetObject", expand=False)
    def get_object(self, context: RequestContext, request: Any) -> Any:
        for _ in range(_STALE_READS):
            try:
                response = super().get_object(context, request)
                break
            except StaleBlobError:
                continue  # Replaced since it was looked up: look again.
        else:
            raise CommonServiceException("InternalError", "the object changes too fast to be read", status_code=500)
        body = response["Body"]
        if isinstance(body, LimitedIterableStream) and isinstance(body.iterable, VolumeStoredObject):
            body.iterable.limit(body.max_length)
            response["Body"] = body.iterable
        return response

    def complete_multipart_upload(
        self, context: RequestContext, bucket: str, key: str, *args: Any, **kwargs: Any
    ) -> Any:
        with self._preconditions_locks[bucket][key]:
            return super().complete_multipart_upload(context, bucket, key, *args, **kwargs)

    @handler("CopyObject", expand=False)
    def copy_object(self, context: RequestContext, request: Any) -> Any:
        with self._preconditions_locks[request["Bucket"]][request["Key"]]:
            return super().copy_object(context, request)

    def list_objects(
        self, context: RequestContext, bucket: str, encoding_type: str | None = None, **kwargs: Any
    ) -> Any:
        return _with_names_encoded(super().list_objects(context, bucket, **kwargs), encoding_type)

    def list_objects_v2(
        self, context: RequestContext, bucket: str, encoding_type: str | None = None, **kwargs: Any
    ) -> Any:
        return _with_names_encoded(super().list_objects_v2(context, bucket, **kwargs), encoding_type)

    def put_bucket_versioning(self, *args: Any, **kwargs: Any) -> None:
        raise _refusal("this store does not keep versions")


def _with_names_encoded(listing: Any, encoding_type: str | None) -> Any:
    """Encodes the names of a listing. LocalStack would compare encoded names with tokens that are not, and so lose keys
    with characters such as = and : between two pages."""
    if not encoding_type:
        return listing
    for field in ("Prefix", "Delimiter", "StartAfter", "Marker", "NextMarker"):
        if name := listing.get(field):
            listing[field] = quote(name)
    for entry in listing.get("Contents", []):
        entry["Key"] = quote(entry["Key"])
    for entry in listing.get("CommonPrefixes", []):
        entry["Prefix"] = quote(entry["Prefix"])
    listing["EncodingType"] = encoding_type
    return listing


def _refusal(message: str) -> CommonServiceException:
    return CommonServiceException("NotImplemented", message, status_code=501)
