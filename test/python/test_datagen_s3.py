"""`quell datagen` into an object store: the same bytes as into a folder, whole or absent, and in bounded memory."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from object_stores import ROOT, SERVER_NAMES, ObjectStore, free_port, running_store
from test_datagen import contents, made, peak_memory, wait_until

BUCKET = "raw"


@pytest.fixture(scope="module", params=SERVER_NAMES)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with running_store(request.param, tmp_path_factory.mktemp(request.param) / "volume") as running:
        yield running


def start(store: ObjectStore, *arguments: object) -> subprocess.Popen[str]:
    """Starts `quell datagen` with the store's settings."""
    return subprocess.Popen(
        [sys.executable, "-m", "quell", "datagen", *map(str, arguments)],
        env=store.environment() | {"PYTHONPATH": str(ROOT / "python")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def made_there(store: ObjectStore, *arguments: object) -> dict[str, object]:
    """Runs `quell datagen --json`, which must succeed."""
    process = start(store, *arguments, "--json")
    stdout, stderr = process.communicate()
    assert process.returncode == 0, stderr
    summary: dict[str, object] = json.loads(stdout)
    return summary


def objects(store: ObjectStore, prefix: str) -> dict[str, bytes]:
    """The objects under a prefix, by what follows it."""
    listing = store.client.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
    return {
        entry["Key"].removeprefix(prefix): store.client.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read()
        for entry in listing
    }


def digests(files: dict[str, bytes]) -> dict[str, str]:
    """Short enough for a readable failure."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def unfinished(store: ObjectStore) -> int:
    """How many uploads in parts are neither complete nor aborted."""
    return len(store.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []))


@pytest.mark.parametrize("scheme", ["s3", "s3a"])
def test_same_bytes_as_in_a_folder(store: ObjectStore, tmp_path: Path, scheme: str) -> None:
    # One file of several parts and one small enough to be put at once.
    common = ("--rows", "1.1e6", "--rows-per-file", "1e6")
    made(*common, "--to", tmp_path)
    summary = made_there(store, *common, "--to", f"{scheme}://{BUCKET}/{scheme}/transactions/")
    assert digests(objects(store, f"{scheme}/transactions/")) == digests(contents(tmp_path))
    assert summary["files_made"] == 2
    assert unfinished(store) == 0


def test_killed_and_started_again_makes_what_is_missing(store: ObjectStore, tmp_path: Path) -> None:
    common = ("--rows", "10e6", "--rows-per-file", "1e6")
    place = f"s3://{BUCKET}/killed/"
    process = start(store, *common, "--to", place)
    wait_until(lambda: len(names(store, "killed/part-")) >= 2)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = names(store, "killed/part-")
    assert 2 <= len(before) < 10
    assert made_there(store, *common, "--to", place)["files_made"] == 10 - len(before)
    assert unfinished(store) == 0
    made(*common, "--to", tmp_path)
    assert digests(objects(store, "killed/")) == digests(contents(tmp_path))


def names(store: ObjectStore, prefix: str) -> list[str]:
    """The keys under a prefix; none while the bucket is not made yet."""
    if not any(bucket["Name"] == BUCKET for bucket in store.client.list_buckets()["Buckets"]):
        return []
    return [entry["Key"] for entry in store.client.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]


def test_interrupted_leaves_no_upload(store: ObjectStore) -> None:
    process = start(store, "--rows", "30e6", "--to", f"s3://{BUCKET}/interrupted/")
    wait_until(lambda: bool(names(store, "interrupted/")) and unfinished(store) > 0)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout, stderr) == (130, "", "")
    assert unfinished(store) == 0
    assert names(store, "interrupted/") == ["interrupted/_datagen.json"]


def test_refuses_other_parameters(store: ObjectStore) -> None:
    place = f"s3://{BUCKET}/other/"
    made_there(store, "--rows", "1000", "--to", place)
    process = start(store, "--rows", "1000", "--seed", "1", "--to", place)
    _, stderr = process.communicate()
    assert process.returncode == 1
    assert "seed 42 there, 1 here" in stderr


def test_memory_is_bounded(store: ObjectStore) -> None:
    process = start(
        store, "--rows", "12e6", "--rows-per-file", "3e6", "--workers", "3", "--to", f"s3://{BUCKET}/memory/"
    )
    assert peak_memory(process) < 600 << 20
    assert process.returncode == 0


def test_a_store_that_is_gone_is_said(tmp_path: Path) -> None:
    store = ObjectStore("localstack", tmp_path)
    store.port = free_port()
    process = start(store, "--rows", "1000", "--to", f"s3://{BUCKET}/x/")
    _, stderr = process.communicate()
    assert process.returncode == 1
    assert store.endpoint in stderr
    assert "Traceback" not in stderr


def test_a_place_without_bucket_is_said(store: ObjectStore) -> None:
    process = start(store, "--rows", "1000", "--to", "s3:///x/")
    _, stderr = process.communicate()
    assert process.returncode == 1
    assert "names no bucket" in stderr
