"""Files of a folder or of an S3 prefix, as the checks need them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class StoredFile:
    """A file or object: its name below the place, its whole name, size, version, and when it was written."""

    name: str
    uri: str
    size_bytes: int
    etag: str
    modified_s: float  # since 1970, by the store's clock; S3 tells whole seconds


def is_s3(place: str) -> bool:
    return place.startswith(("s3://", "s3a://"))


def split_s3(place: str) -> tuple[str, str]:
    """Bucket, and key without leading slash."""
    parts = urlsplit(place)
    return parts.netloc, parts.path.lstrip("/")


def s3_client() -> Any:
    """A client with the settings of the usual places (AWS_* variables, ~/.aws)."""
    import boto3
    import botocore.session

    session = botocore.session.get_session()
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_parse_time)
    return boto3.Session(botocore_session=session).client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL"))


def _parse_time(text: str) -> datetime:
    """As botocore's own, which takes more than half of the time of a listing."""
    from botocore.utils import parse_timestamp

    try:
        return datetime.fromisoformat(text)
    except ValueError:
        moment: datetime = parse_timestamp(text)
        return moment


def list_files(place: str, start_after: str = "") -> Iterator[StoredFile]:
    """Files below `place` named after `start_after`, in the order of their names. A missing place has none."""
    yield from _list_s3(place, start_after) if is_s3(place) else _list_local(place, start_after)


def read_text(uri: str) -> str:
    """The whole of a small file."""
    if not is_s3(uri):
        return Path(uri).read_text(encoding="utf-8")
    bucket, key = split_s3(uri)
    text: str = s3_client().get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    return text


def _list_s3(place: str, start_after: str) -> Iterator[StoredFile]:
    from botocore.exceptions import ClientError

    bucket, prefix = split_s3(place)
    prefix = prefix.rstrip("/") + "/" if prefix else ""
    extra = {"StartAfter": prefix + start_after} if start_after else {}
    try:
        for page in s3_client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, **extra):
            for item in page.get("Contents", []):
                name = item["Key"][len(prefix) :]
                uri, modified_s = f"s3://{bucket}/{item['Key']}", item["LastModified"].timestamp()
                yield StoredFile(name, uri, item["Size"], item["ETag"].strip('"'), modified_s)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise


def _list_local(place: str, start_after: str) -> Iterator[StoredFile]:
    root = place.removeprefix("file://").removeprefix("file:").rstrip("/") or "/"
    files = {entry.path[len(root) :].lstrip("/"): entry for entry in _walk(root)}
    for name, entry in sorted(files.items()):
        if name > start_after:
            status = entry.stat()
            etag = f"{status.st_mtime_ns}-{status.st_size}"
            yield StoredFile(name, entry.path, status.st_size, etag, status.st_mtime)


def _walk(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir():
            yield from _walk(entry.path)
        elif entry.is_file():
            yield entry


def data_files(place: str, start_after: str = "") -> Iterator[StoredFile]:
    """As `list_files`, without the names that begin with _ or . and thus are no data."""
    for file in list_files(place, start_after):
        if not any(part.startswith(("_", ".")) and "=" not in part for part in file.name.split("/")):
            yield file
