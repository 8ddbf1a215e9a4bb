"""The object store of `quell s3`: what it acknowledged it keeps, byte for byte, through stop, kill and restart."""

import hashlib
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from object_stores import (
    ACCESS_KEY,
    ROOT,
    SERVER_NAMES,
    ObjectStore,
    free_port,
    overwriting_store,
    running_store,
    s3_client,
)
from quell.s3 import process
from quell.s3.store import Store

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "bucket"
MIB = 1 << 20
RACERS = 16


@pytest.fixture(scope="module", params=SERVER_NAMES)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    """One server for the tests that leave it running; each works in a bucket of its own."""
    with running_store(request.param, tmp_path_factory.mktemp(request.param) / "volume") as running:
        yield running


@pytest.fixture(params=SERVER_NAMES)
def own_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    """A server for a test that stops it."""
    with running_store(request.param, tmp_path / "volume", "--bucket", BUCKET) as running:
        yield running


@pytest.fixture
def bucket(store: ObjectStore, request: pytest.FixtureRequest) -> str:
    name = "b-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:20]
    store.client.create_bucket(Bucket=name)
    return name


def random_bytes(size: int, seed: int = 1) -> bytes:
    return Random(seed).randbytes(size)


def code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def read(client: "S3Client", bucket: str, key: str) -> bytes:
    return client.get_object(Bucket=bucket, Key=key)["Body"].read()


def upload_parts(client: "S3Client", bucket: str, key: str, parts: list[bytes]) -> str:
    """Begins a multipart upload and sends its parts."""
    upload = client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    for number, part in enumerate(parts, start=1):
        client.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=part)
    return upload


def complete(client: "S3Client", bucket: str, key: str, upload: str) -> None:
    listed = client.list_parts(Bucket=bucket, Key=key, UploadId=upload)["Parts"]
    client.complete_multipart_upload(
        Bucket=bucket,
        Key=key,
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in listed]},
    )


def facts(client: "S3Client", bucket: str, key: str) -> tuple[object, ...]:
    head = client.head_object(Bucket=bucket, Key=key)
    return (head["ETag"], head["ContentLength"], head["ContentType"], head["LastModified"], head["Metadata"])


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_all_survives(own_store: ObjectStore, end: str) -> None:
    client = own_store.client
    whole = random_bytes(3 * MIB)
    client.put_object(Bucket=BUCKET, Key="a/whole", Body=b"old")
    client.put_object(
        Bucket=BUCKET, Key="a/whole", Body=whole, ContentType="application/x-quell", Metadata={"commit": "one"}
    )
    client.put_object(Bucket=BUCKET, Key="a/empty", Body=b"")
    client.put_object(Bucket=BUCKET, Key="a/gone", Body=b"gone")
    client.delete_object(Bucket=BUCKET, Key="a/gone")
    parts = [random_bytes(5 * MIB, 2), random_bytes(5 * MIB, 3), random_bytes(77, 4)]
    complete(client, BUCKET, "a/parts", upload_parts(client, BUCKET, "a/parts", parts))
    client.copy_object(Bucket=BUCKET, Key="a/copy", CopySource={"Bucket": BUCKET, "Key": "a/whole"})
    begun = upload_parts(client, BUCKET, "a/begun", parts)
    keys = ["a/copy", "a/empty", "a/parts", "a/whole"]
    before = {key: facts(client, BUCKET, key) for key in keys}

    own_store.stop() if end == "stop" else own_store.kill()
    own_store.start()

    client = own_store.client
    assert [entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET)["Contents"]] == keys
    assert {key: facts(client, BUCKET, key) for key in keys} == before
    assert read(client, BUCKET, "a/whole") == read(client, BUCKET, "a/copy") == whole
    assert read(client, BUCKET, "a/empty") == b""
    assert read(client, BUCKET, "a/parts") == b"".join(parts)
    # The upload that was in progress goes on.
    complete(client, BUCKET, "a/begun", begun)
    assert read(client, BUCKET, "a/begun") == b"".join(parts)
    client.delete_object(Bucket=BUCKET, Key="a/parts")
    assert read(client, BUCKET, "a/begun") == b"".join(parts)


def test_kill_amid_writes_keeps_every_acknowledged_object(own_store: ObjectStore) -> None:
    acknowledged: dict[str, bytes] = {}
    killed = threading.Event()

    def write(writer: int) -> None:
        client = own_store.client
        number = 0
        while not killed.is_set():
            key, body = f"{writer}/{number}", random_bytes(200_000, writer * 1000 + number)
            try:
                client.put_object(Bucket=BUCKET, Key=key, Body=body)
            except Exception:
                return
            acknowledged[key] = body
            number += 1

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, writer) for writer in range(4)]
        while len(acknowledged) < 40:
            time.sleep(0.01)
        own_store.kill()
        killed.set()
        for writer in writers:
            writer.result()
    own_store.start()
    client = own_store.client
    for key, body in acknowledged.items():
        assert read(client, BUCKET, key) == body
    # At most the request in flight of each writer is there beside them, and whole.
    extra = {entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET)["Contents"]} - acknowledged.keys()
    assert len(extra) <= 4
    assert all(len(read(client, BUCKET, key)) == 200_000 for key in extra)


# Writes as the plugin does, without the cost of 10,000 requests.
_MAKE_OBJECTS = """
import io, sys
from pathlib import Path
from localstack.services.s3.models import S3Object
from localstack_volume.keys import VolumeKeyStore
from localstack_volume.store import VolumeObjectStore
from localstack_volume.volume import Volume

volume = Volume(Path(sys.argv[1]))
store, keys = VolumeObjectStore(volume), VolumeKeyStore(volume, sys.argv[2])
for number in range(int(sys.argv[3])):
    made = S3Object(key=f"k/{number:05}", user_metadata={"number": str(number)})
    with store.open(sys.argv[2], made, "w") as stored:
        stored.write(io.BytesIO(b"%d" % number))
        keys.set(made.key, made)
"""


@pytest.mark.parametrize("own_store", ["localstack"], indirect=True)
def test_ten_thousand_objects_are_there_at_once(own_store: ObjectStore) -> None:
    count = 10_000
    own_store.client.put_object(Bucket=BUCKET, Key="k/first", Body=b"by request")
    own_store.kill()
    python = ROOT / ".venvs/localstack/bin/python"
    folder = own_store.volume / "localstack"
    subprocess.run([python, "-c", _MAKE_OBJECTS, folder, BUCKET, str(count)], check=True)
    begin = time.monotonic()
    own_store.start()
    print(f"\nstart with {count} objects took {time.monotonic() - begin:.2f} s")
    pages = own_store.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    expected = [f"k/{number:05}" for number in range(count)] + ["k/first"]
    assert [entry["Key"] for page in pages for entry in page["Contents"]] == expected
    assert read(own_store.client, BUCKET, "k/09999") == b"9999"
    assert own_store.client.head_object(Bucket=BUCKET, Key="k/00042")["Metadata"] == {"number": "42"}
    assert Store(own_store.volume).status().contents.objects == count + 1


def test_multipart_abort_leaves_nothing(store: ObjectStore, bucket: str) -> None:
    client = store.client
    upload = upload_parts(client, bucket, "k", [random_bytes(5 * MIB), b"end"])
    client.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload)
    with pytest.raises(ClientError) as raised:
        complete(client, bucket, "k", upload)
    assert code(raised.value) == "NoSuchUpload"
    assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert "Uploads" not in client.list_multipart_uploads(Bucket=bucket)


def test_part_sent_again_replaces_the_first(store: ObjectStore, bucket: str) -> None:
    client = store.client
    upload = upload_parts(client, bucket, "k", [random_bytes(5 * MIB, 1), b"first"])
    client.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=2, Body=b"second")
    complete(client, bucket, "k", upload)
    assert read(client, bucket, "k") == random_bytes(5 * MIB, 1) + b"second"


def test_listing_pages(store: ObjectStore, bucket: str) -> None:
    client = store.client
    keys = [f"dir{number // 10}/f{number % 10}" for number in range(35)]
    for key in keys:
        client.put_object(Bucket=bucket, Key=key, Body=b"x")
    pages = list(client.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 4}))
    assert len(pages) == 9
    assert [entry["Key"] for page in pages for entry in page["Contents"]] == keys
    after = client.list_objects_v2(Bucket=bucket, Prefix="dir1/", StartAfter="dir1/f6")
    assert [entry["Key"] for entry in after["Contents"]] == ["dir1/f7", "dir1/f8", "dir1/f9"]
    folders = client.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [entry["Prefix"] for entry in folders["CommonPrefixes"]] == ["dir0/", "dir1/", "dir2/", "dir3/"]


def test_conditional_put(store: ObjectStore, bucket: str) -> None:
    client = store.client
    client.put_object(Bucket=bucket, Key="k", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError) as raised:
        client.put_object(Bucket=bucket, Key="k", Body=b"second", IfNoneMatch="*")
    assert code(raised.value) == "PreconditionFailed"
    assert read(client, bucket, "k") == b"first"
    client.delete_object(Bucket=bucket, Key="k")
    client.put_object(Bucket=bucket, Key="k", Body=b"third", IfNoneMatch="*")
    assert read(client, bucket, "k") == b"third"


@pytest.mark.parametrize("size", [100, 300_000])
def test_conditional_put_race_has_one_winner(store: ObjectStore, bucket: str, size: int) -> None:
    clients = [store.client for _ in range(RACERS)]
    barrier = threading.Barrier(RACERS)

    def race(racer: int, key: str) -> bool:
        barrier.wait()
        try:
            clients[racer].put_object(Bucket=bucket, Key=key, Body=random_bytes(size, racer), IfNoneMatch="*")
        except ClientError as error:
            assert code(error) in ("PreconditionFailed", "ConditionalRequestConflict")
            return False
        return True

    with ThreadPoolExecutor(RACERS) as pool:
        for attempt in range(5):
            key = f"race/{attempt}"
            won = list(pool.map(race, range(RACERS), [key] * RACERS))
            assert won.count(True) == 1
            assert read(store.client, bucket, key) == random_bytes(size, won.index(True))


def test_ranges(store: ObjectStore, bucket: str) -> None:
    client = store.client
    parts = [random_bytes(5 * MIB, 1), random_bytes(6 * MIB, 2), random_bytes(100, 3)]
    complete(client, bucket, "k", upload_parts(client, bucket, "k", parts))
    whole = b"".join(parts)
    middle = 5 * MIB
    for begin, end in [(0, 0), (10, 99), (middle - 5, middle + 5), (0, len(whole) - 1), (middle, len(whole) - 1)]:
        answer = client.get_object(Bucket=bucket, Key="k", Range=f"bytes={begin}-{end}")
        assert answer["ContentRange"] == f"bytes {begin}-{end}/{len(whole)}"
        assert answer["Body"].read() == whole[begin : end + 1]
    assert client.get_object(Bucket=bucket, Key="k", Range="bytes=-150")["Body"].read() == whole[-150:]
    with pytest.raises(ClientError) as raised:
        client.get_object(Bucket=bucket, Key="k", Range=f"bytes={len(whole)}-")
    assert code(raised.value) == "InvalidRange"


SPECIAL_KEYS = [
    "a b/c d.parquet",
    "week=2024-01-01 00%3A00%3A00/part.parquet",
    "plus+and&question?mark#hash",
    "ünïcode/日本/файл",
    "quotes'and\"more$!*()@:,;=~^`|{}[]",
    "__HIVE_DEFAULT_PARTITION__/_x",
    "dots.../.hidden",
]


@pytest.mark.parametrize("key", SPECIAL_KEYS)
def test_special_keys(store: ObjectStore, bucket: str, key: str) -> None:
    client = store.client
    client.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert read(client, bucket, key) == key.encode()
    assert [entry["Key"] for entry in client.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key}, {"Key": "not there"}]})
    assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_copy_stays_when_its_source_goes(store: ObjectStore, bucket: str) -> None:
    client = store.client
    body = random_bytes(MIB)
    client.put_object(Bucket=bucket, Key="source", Body=body, Metadata={"a": "1"})
    client.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "source"})
    client.delete_object(Bucket=bucket, Key="source")
    assert read(client, bucket, "copy") == body
    assert client.head_object(Bucket=bucket, Key="copy")["Metadata"] == {"a": "1"}


def test_reader_keeps_what_it_began_to_read(store: ObjectStore, bucket: str) -> None:
    client = store.client
    old = random_bytes(24 * MIB, 1)
    client.put_object(Bucket=bucket, Key="k", Body=old)
    body = client.get_object(Bucket=bucket, Key="k")["Body"]
    begin = body.read(1000)
    client.put_object(Bucket=bucket, Key="k", Body=b"new")
    assert begin + body.read() == old
    assert read(client, bucket, "k") == b"new"


def test_memory_stays_flat(store: ObjectStore, bucket: str, tmp_path: Path) -> None:
    client = store.client
    running = Store(store.volume).status().running
    assert running is not None
    source = tmp_path / "source"
    with source.open("wb") as file:
        for number in range(12):
            file.write(random_bytes(32 * MIB, number))
    before = resident_mib(running.pid)
    with source.open("rb") as file:
        client.put_object(Bucket=bucket, Key="k", Body=file)
    # A client that reads slowly must not make the server buffer the object.
    answers = [client.get_object(Bucket=bucket, Key="k")["Body"] for _ in range(3)]
    heads = [answer.read(MIB) for answer in answers]
    time.sleep(1.0)
    grown = resident_mib(running.pid) - before
    print(f"\n{store.name}: grew by {grown:.0f} MiB over {before:.0f} MiB")
    assert heads == [random_bytes(32 * MIB, 0)[:MIB]] * 3
    assert grown < 150
    for answer in answers:
        answer.close()


def resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def test_listens_on_loopback_only(store: ObjectStore) -> None:
    found = process.listeners(store.port)
    assert found
    assert all(listener.is_loopback for listener in found)


def test_commands_are_idempotent(own_store: ObjectStore) -> None:
    volume = str(own_store.volume)
    status = own_store.command("status", "--volume", volume, "--json")
    assert status.returncode == 0
    shown = json.loads(status.stdout)
    assert (shown["running"], shown["healthy"], shown["buckets"], shown["objects"]) == (True, True, 1, 0)
    again = own_store.command("start", "--server", own_store.name, "--port", str(own_store.port), "--volume", volume)
    assert (again.returncode, "runs already" in again.stdout) == (0, True)
    address = f"AWS_ENDPOINT_URL=http://127.0.0.1:{own_store.port} AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID={ACCESS_KEY} "
    assert f"export {address}" in again.stdout
    other_port = own_store.command("start", "--server", own_store.name, "--port", "1", "--volume", volume)
    assert (other_port.returncode, "stop it first" in other_port.stderr) == (1, True)

    assert own_store.command("stop", "--volume", volume).returncode == 0
    stopped = own_store.command("stop", "--volume", volume)
    assert (stopped.returncode, "no server runs" in stopped.stdout) == (0, True)
    assert own_store.command("status", "--volume", volume).returncode == 3


def test_crash_is_told(own_store: ObjectStore) -> None:
    own_store.kill()
    status = own_store.command("status", "--volume", str(own_store.volume))
    assert (status.returncode, "ended by itself" in status.stdout) == (3, True)


def test_held_port_is_refused(store: ObjectStore, tmp_path: Path) -> None:
    words = ["--server", store.name, "--port", str(store.port), "--volume", str(tmp_path / "other")]
    refused = store.command("start", *words)
    running = Store(store.volume).status().running
    assert running is not None
    assert refused.returncode == 1
    assert f"port {store.port} is held by process {running.pid}" in refused.stderr


def test_second_localstack_cannot_share_the_data(tmp_path: Path) -> None:
    with running_store("localstack", tmp_path / "volume") as first:
        (first.volume / "server.json").rename(tmp_path / "hidden.json")
        second = first.command(
            "start", "--server", "localstack", "--port", str(free_port()), "--volume", str(first.volume)
        )
        (tmp_path / "hidden.json").rename(first.volume / "server.json")
        assert second.returncode == 1
        assert "in use by another server" in second.stderr


def test_fsync_is_an_option(tmp_path: Path) -> None:
    with running_store("localstack", tmp_path / "volume", "--fsync", "--bucket", BUCKET) as store:
        store.client.put_object(Bucket=BUCKET, Key="k", Body=b"durable")
        store.kill()
        store.start("--fsync")
        assert read(store.client, BUCKET, "k") == b"durable"


def test_the_negative_store_overwrites(tmp_path: Path) -> None:
    with overwriting_store(tmp_path) as endpoint:
        client = s3_client(endpoint)
        client.create_bucket(Bucket=BUCKET)
        for body in (b"first", b"second"):
            client.put_object(Bucket=BUCKET, Key="k", Body=body, IfNoneMatch="*")
        assert read(client, BUCKET, "k") == b"second"
