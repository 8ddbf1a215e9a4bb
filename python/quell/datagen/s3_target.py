"""Files under a prefix of an S3 bucket, uploaded in parts as they grow."""

import ipaddress
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from quell.errors import CommandError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART_BYTES = 16 << 20


def _is_local(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _make_client() -> "S3Client":
    """A client set up from the usual places: environment, profiles, instance metadata."""
    retries = Config(retries={"mode": "standard", "max_attempts": 5})
    client = boto3.client("s3", config=retries)
    if client.meta.endpoint_url.endswith(".amazonaws.com"):
        return client
    # Servers other than AWS rarely have a host name for each bucket.
    return boto3.client("s3", config=retries.merge(Config(s3={"addressing_style": "path"})))


def _abort_uploads(client: "S3Client", bucket: str, prefix: str) -> None:
    """Aborts all unfinished uploads to keys that begin with `prefix`."""
    for page in client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix):
        for upload in page.get("Uploads", []):
            client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])


class S3Sink:
    """A multipart upload; an object that fits into one part is put at once."""

    def __init__(self, client: "S3Client", bucket: str, key: str) -> None:
        self._client = client
        self._bucket = bucket
        self._key = key
        self._buffer = bytearray()
        self._size = 0
        self._upload: str | None = None
        self._has_begun = False
        self._is_over = False
        self._parts: list[CompletedPartTypeDef] = []

    @property
    def closed(self) -> bool:
        return False

    def write(self, data: bytes | memoryview) -> int:
        if self._is_over:
            return len(data)
        self._buffer += data
        self._size += len(data)
        while len(self._buffer) >= PART_BYTES:
            self._send_part(PART_BYTES)
        return len(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing: only the whole object matters."""

    def close(self) -> None:
        """Nothing: `commit` or `abort` closes."""

    def _send_part(self, size: int) -> None:
        if self._upload is None:
            self._has_begun = True
            self._upload = self._client.create_multipart_upload(Bucket=self._bucket, Key=self._key)["UploadId"]
        number = len(self._parts) + 1
        answer = self._client.upload_part(
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._upload,
            PartNumber=number,
            Body=bytes(memoryview(self._buffer)[:size]),
        )
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        del self._buffer[:size]

    def commit(self) -> int:
        if self._upload is None:
            self._client.put_object(Bucket=self._bucket, Key=self._key, Body=bytes(self._buffer))
            return self._size
        if self._buffer:
            self._send_part(len(self._buffer))
        self._client.complete_multipart_upload(
            Bucket=self._bucket, Key=self._key, UploadId=self._upload, MultipartUpload={"Parts": self._parts}
        )
        self._has_begun = False
        return self._size

    def abort(self) -> None:
        self._is_over = True
        self._buffer.clear()
        if not self._has_begun:
            return
        self._has_begun = False
        # By key, since an interrupted request may have begun an upload without telling its identifier. Where the store
        # is gone, the next run aborts what it finds.
        with suppress(BotoCoreError, ClientError):
            _abort_uploads(self._client, self._bucket, self._key)


class S3Target:
    """A prefix of a bucket."""

    def __init__(self, bucket: str, path: str) -> None:
        if not bucket:
            raise CommandError("the URI names no bucket; write s3://bucket/prefix/")
        self._bucket = bucket
        prefix = path.strip("/")
        self._prefix = prefix + "/" if prefix else ""
        try:
            self._client = _make_client()
        except BotoCoreError as error:
            raise CommandError(f"cannot set up the S3 client: {error}; set AWS_REGION or a profile") from None

    def _failure(self, error: Exception) -> CommandError:
        return CommandError(
            f"S3 failed on s3://{self._bucket}/{self._prefix} ({self._client.meta.endpoint_url}): {error}"
        )

    def prepare(self) -> None:
        try:
            self._make_bucket_where_local()
            _abort_uploads(self._client, self._bucket, self._prefix + "part-")
        except (BotoCoreError, ClientError) as error:
            raise self._failure(error) from None

    def _make_bucket_where_local(self) -> None:
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except ClientError as error:
            missing = error.response["Error"]["Code"] in ("404", "NoSuchBucket")
            if not (missing and _is_local(self._client.meta.endpoint_url)):
                raise
            self._client.create_bucket(Bucket=self._bucket)

    def sizes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        try:
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix, Delimiter="/"):
                for entry in page.get("Contents", []):
                    found[entry["Key"][len(self._prefix) :]] = entry["Size"]
        except (BotoCoreError, ClientError) as error:
            raise self._failure(error) from None
        return found

    def read(self, name: str) -> bytes | None:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return None
            raise self._failure(error) from None

    def write(self, name: str, data: bytes) -> None:
        try:
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + name, Body=data)
        except (BotoCoreError, ClientError) as error:
            raise self._failure(error) from None

    def open(self, name: str) -> S3Sink:
        return S3Sink(self._client, self._bucket, self._prefix + name)
