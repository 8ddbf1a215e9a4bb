"""LocalStack's buckets, objects, uploads and parts as JSON records, and back."""

import json
from datetime import datetime
from typing import Any

from localstack.services.s3.models import S3Bucket, S3Multipart, S3Object, S3Part

# Live state that the catalog holds apart, or that is made anew.
_NOT_RECORDED = {
    S3Bucket: {"objects", "multiparts"},
    S3Object: {"blob", "upload"},
    S3Multipart: {"parts", "object"},
    S3Part: {"blob"},
}


def _encode_special(value: object) -> object:
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    raise TypeError(f"cannot record a {type(value).__name__}: {value!r}")


def _decode(record: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(record)
    _restore_times(fields)
    return fields


def _restore_times(fields: dict[str, Any]) -> None:
    """Times stand at the top of a record only; a hook of the JSON decoder would cost most of the loading."""
    for name, value in fields.items():
        if type(value) is dict and (time := value.get("$time")):
            fields[name] = datetime.fromisoformat(time)


def _fields(thing: object, kind: type) -> dict[str, Any]:
    return {name: value for name, value in vars(thing).items() if name not in _NOT_RECORDED[kind]}


def _restored(kind: type, fields: dict[str, Any]) -> Any:
    thing: Any = object.__new__(kind)
    vars(thing).update(fields)
    return thing


def _dump(fields: dict[str, Any]) -> str:
    return json.dumps(fields, default=_encode_special, separators=(",", ":"))


def _with_int_keys(parts: dict[Any, Any] | None) -> dict[int, Any]:
    return {int(number): part for number, part in (parts or {}).items()}


def dump_bucket(bucket: S3Bucket) -> str:
    return _dump(_fields(bucket, S3Bucket))


def load_bucket(record: str) -> S3Bucket:
    bucket: S3Bucket = _restored(S3Bucket, _decode(record))
    return bucket


def dump_object(s3_object: S3Object) -> str:
    return _dump(_fields(s3_object, S3Object))


def load_object(record: str) -> S3Object:
    return _load_object(_decode(record))


def _load_object(fields: dict[str, Any]) -> S3Object:
    fields["parts"] = _with_int_keys(fields.get("parts"))
    s3_object: S3Object = _restored(S3Object, fields)
    return s3_object


def dump_upload(upload: S3Multipart) -> str:
    return _dump(_fields(upload, S3Multipart) | {"object": _fields(upload.object, S3Object)})


def load_upload(record: str) -> S3Multipart:
    fields = _decode(record)
    target_fields = fields.pop("object")
    _restore_times(target_fields)
    target = _load_object(target_fields)
    upload: S3Multipart = _restored(S3Multipart, fields)
    upload.object = target
    return upload


def dump_part(part: S3Part) -> str:
    return _dump(_fields(part, S3Part))


def load_part(record: str) -> S3Part:
    part: S3Part = _restored(S3Part, _decode(record))
    return part
