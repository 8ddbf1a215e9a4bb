"""The engine's S3 client, by its tool `quell_s3_tool`: against real servers, and through a proxy that breaks things."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import pytest
from faulty_proxy import Fault, FaultyProxy, Request, faulty_proxy
from object_stores import ROOT, SERVER_NAMES, ObjectStore, overwriting_store, running_store, s3_client

BUCKET = "bucket"
MIB = 1 << 20
LOG = "table/_delta_log/00000000000000000000.json"


def tool_path() -> Path:
    if binary := os.environ.get("QUELL_BINARY"):
        return Path(binary).parent / "quell_s3_tool"
    return next(
        (path for name in ("release", "dev") if (path := ROOT / "build" / name / "quell_s3_tool").exists()),
        ROOT / "build/release/quell_s3_tool",
    )


@dataclass(frozen=True)
class Answer:
    """What one run of the tool gave."""

    code: int
    output: bytes
    error: str
    requests: dict[str, int]


class Tool:
    """Runs the tool with the settings of one store."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        return subprocess.Popen([tool_path(), *words], env=self.environment, stdin=pipe, stdout=pipe, stderr=pipe)

    def run(self, *words: str, data: bytes = b"", settings: dict[str, str] | None = None) -> Answer:
        environment = self.environment | (settings or {})
        done = subprocess.run([tool_path(), *words], env=environment, input=data, capture_output=True, check=False)
        error, _, requests = done.stderr.decode().strip().rpartition("\n")
        return Answer(done.returncode, done.stdout, error, json.loads(requests))

    def must(self, *words: str, data: bytes = b"") -> str:
        """The output of a run that must go well."""
        return self.must_bytes(*words, data=data).decode()

    def must_bytes(self, *words: str, data: bytes = b"") -> bytes:
        answer = self.run(*words, data=data)
        assert answer.code == 0, answer.error
        return answer.output

    def names(self, *words: str) -> list[str]:
        """The paths of a listing."""
        return [line.split(" ", 3)[3] for line in self.must(*words).splitlines()]


@pytest.fixture(scope="module", params=SERVER_NAMES)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with running_store(request.param, tmp_path_factory.mktemp(request.param) / "volume") as running:
        yield running


@pytest.fixture
def tool(store: ObjectStore) -> Iterator[Tool]:
    """The tool, in a bucket that is made anew for each test."""
    client = store.client
    client.create_bucket(Bucket=BUCKET)
    yield Tool(store.environment())
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for entry in page.get("Contents", []):
            client.delete_object(Bucket=BUCKET, Key=entry["Key"])
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def proxy(store: ObjectStore) -> Iterator[FaultyProxy]:
    with faulty_proxy(store.endpoint) as running:
        yield running


def through(proxy: FaultyProxy, tool: Tool) -> Tool:
    return Tool(tool.environment | {"AWS_ENDPOINT_URL": proxy.endpoint})


def uri(key: str) -> str:
    return f"s3://{BUCKET}/{key}"


def is_put(request: Request) -> bool:
    """A PUT of the log, not one of the probe."""
    return request.method == "PUT" and LOG in request.target


KEYS = [
    "plain",
    "a b/c+d=e&f?g#h%20i",
    "week=2024-01-01 00:00:00/part-0.parquet",
    "ünï/日本/(1)'[x]{y}!$,;@~^`|\"<>",
    "__HIVE_DEFAULT_PARTITION__/.hidden/_x",
    "100%/%41",
]


@pytest.mark.parametrize("key", KEYS)
def test_keys_of_any_kind(tool: Tool, key: str) -> None:
    tool.must("write", uri(key), data=key.encode())
    assert tool.must("read", f"s3a://{BUCKET}/{key}") == key
    assert tool.must("stat", uri(key)).split(" ", 3)[::3] == [str(len(key.encode())), uri(key) + "\n"]
    assert tool.names("list", uri("")) == [uri(key)]
    tool.must("delete", uri(key))
    assert tool.must("stat", uri(key)) == "absent\n"


def test_listing_of_many_pages(store: ObjectStore, tool: Tool) -> None:
    names = [f"week=2024-01-{day:02} 00:00/f+{number:03}" for day in range(1, 11) for number in range(103)]
    client = store.client
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: client.put_object(Bucket=BUCKET, Key="t/" + name, Body=b"x"), names))
    assert tool.names("list", uri("t")) == [uri("t/" + name) for name in names]
    after = tool.run("list-after", uri("t"), names[5])
    assert [line.split(" ", 3)[3] for line in after.output.decode().splitlines()] == [uri("t/" + n) for n in names[6:]]
    assert after.requests["list"] == 2
    tool.must("delete", *[uri("t/" + name) for name in names])
    assert tool.names("list", uri("")) == []


def test_listing_of_one_folder(tool: Tool) -> None:
    for key in ("t/a", "t/b/c", "t/d", "tt/e"):
        tool.must("write", uri(key), data=b"x")
    assert tool.names("list-flat", uri("t")) == [uri("t/a"), uri("t/d")]
    assert tool.names("list", uri("t/")) == [uri("t/a"), uri("t/b/c"), uri("t/d")]
    assert tool.names("list", uri("none")) == []


@pytest.mark.parametrize("size", [0, 1, 8 * MIB, 8 * MIB + 1, 21 * MIB])
def test_streams_of_any_size(tool: Tool, size: int) -> None:
    data = Random(size).randbytes(size)
    written = tool.run("write-stream", uri("k"), data=data)
    assert written.code == 0, written.error
    parts = -(-size // (8 * MIB))
    assert written.requests["put"] == (1 if parts <= 1 else parts + 2)
    assert written.requests["written"] == size
    assert tool.must_bytes("read", uri("k")) == data
    if size > 0:
        assert tool.must_bytes("read-parallel", uri("k"), "4") == data
        assert tool.must_bytes("read-range", uri("k"), str(size // 3), str(size - size // 3)) == data[size // 3 :]


def test_memory_of_a_stream_is_flat(tool: Tool) -> None:
    process = tool.start("write-stream", uri("k"))
    assert process.stdin is not None
    piece = Random(1).randbytes(4 * MIB)
    for _ in range(60):
        process.stdin.write(piece)
    process.stdin.flush()
    peak = next(line for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if "VmHWM" in line)
    process.communicate()
    assert process.returncode == 0
    assert int(peak.split()[1]) < 60 * 1024


def test_interrupted_stream_leaves_nothing(store: ObjectStore, tool: Tool) -> None:
    process = tool.start("write-stream", uri("k"))
    assert process.stdin is not None
    process.stdin.write(bytes(20 * MIB))
    process.stdin.flush()
    while not store.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads"):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    begin = time.monotonic()
    _, error = process.communicate(input=bytes(20 * MIB))
    assert process.returncode == 1
    assert b"OPERATION_CANCELED" in error
    assert time.monotonic() - begin < 5
    assert not store.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads")
    assert tool.names("list", uri("")) == []


def test_interrupt_ends_a_request_that_stands_still(tool: Tool) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        silent = Tool(tool.environment | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_address[1]}"})
        process = silent.start("read", uri("k"))
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        _, error = process.communicate()
        assert time.monotonic() - begin < 2
        assert b"OPERATION_CANCELED" in error
        server.shutdown()


class _Silent(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        time.sleep(5)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


def test_put_if_absent(tool: Tool) -> None:
    assert tool.must("put-if-absent", uri(LOG), data=b"first") == "created\n"
    assert tool.must("put-if-absent", uri(LOG), data=b"second") == "exists\n"
    assert tool.must("read", uri(LOG)) == "first"
    # The probe leaves nothing behind.
    assert tool.names("list", uri("")) == [uri(LOG)]


def test_race_has_one_winner(tool: Tool) -> None:
    for attempt in range(3):
        assert tool.must("race", uri(f"table/_delta_log/{attempt:020}.json"), "16") == "1\n"


def test_race_of_processes_has_one_winner(tool: Tool) -> None:
    processes = [tool.start("put-if-absent", uri(LOG)) for _ in range(8)]
    answers = [process.communicate(input=b"%d" % process.pid)[0] for process in processes]
    assert sorted(answers) == [b"created\n"] + [b"exists\n"] * 7
    winner = processes[answers.index(b"created\n")]
    assert tool.must("read", uri(LOG)) == str(winner.pid)


@pytest.mark.parametrize(
    "fault", [Fault.LOSE_ANSWER, Fault.LOSE_REQUEST, Fault.SLOW_DOWN, Fault.CONFLICT], ids=lambda fault: fault.name
)
def test_troubled_commit_is_neither_lost_nor_doubled(proxy: FaultyProxy, tool: Tool, fault: Fault) -> None:
    proxy.fail_first(2, fault, is_put)
    assert through(proxy, tool).must("put-if-absent", uri(LOG), data=b"mine") == "created\n"
    assert tool.must("read", uri(LOG)) == "mine"


def test_lost_answer_of_a_loser_is_a_loss(proxy: FaultyProxy, tool: Tool) -> None:
    tool.must("put-if-absent", uri(LOG), data=b"other")
    proxy.fail_first(2, Fault.LOSE_ANSWER, is_put)
    assert through(proxy, tool).must("put-if-absent", uri(LOG), data=b"mine") == "exists\n"
    assert tool.must("read", uri(LOG)) == "other"


def test_lost_answer_of_a_completed_upload(proxy: FaultyProxy, tool: Tool) -> None:
    data = Random(1).randbytes(9 * MIB)
    proxy.fail_first(1, Fault.LOSE_ANSWER, lambda request: request.method == "POST" and "uploadId" in request.target)
    through(proxy, tool).must("write-stream", uri("k"), data=data)
    assert tool.must_bytes("read", uri("k")) == data


def test_passing_trouble_is_tried_again(proxy: FaultyProxy, tool: Tool) -> None:
    data = Random(1).randbytes(3 * MIB)
    for fault in (Fault.SLOW_DOWN, Fault.LOSE_REQUEST, Fault.LOSE_ANSWER):
        proxy.fail_first(2, fault)
        through(proxy, tool).must("write", uri("k"), data=data)
        proxy.fail_first(2, fault)
        assert through(proxy, tool).must_bytes("read", uri("k")) == data
        proxy.fail_first(2, fault)
        assert through(proxy, tool).names("list", uri("")) == [uri("k")]
    proxy.fail_first(2, Fault.CUT_ANSWER, lambda request: request.method == "GET")
    assert through(proxy, tool).must_bytes("read-parallel", uri("k"), "2") == data


def test_lasting_trouble_is_told(proxy: FaultyProxy, tool: Tool) -> None:
    proxy.plan = lambda request: Fault.SLOW_DOWN
    answer = through(proxy, tool).run("read", uri("k"), settings={"AWS_MAX_ATTEMPTS": "3"})
    assert (answer.code, answer.requests["get"]) == (1, 3)
    assert "SlowDown" in answer.error
    assert uri("k") in answer.error


def test_connections_are_kept(proxy: FaultyProxy, tool: Tool) -> None:
    tool.must("write-stream", uri("k"), data=bytes(21 * MIB))
    through(proxy, tool).must_bytes("read-parallel", uri("k"), "2")
    assert len(proxy.requests) == 7
    assert proxy.connections <= 3


def test_errors_name_the_place_and_the_way_out(store: ObjectStore, tool: Tool) -> None:
    absent = tool.run("read", uri("none"))
    assert "FAILED_READ_FILE.FILE_NOT_EXIST" in absent.error
    assert uri("none") in absent.error
    bucket = tool.run("list", "s3://no-such-bucket/")
    assert "NoSuchBucket" in bucket.error
    assert "make the bucket" in bucket.error
    tool.must("write", uri("k"), data=b"12345")
    truncated = tool.run("read-range", uri("k"), "3", "10")
    assert "ends at byte 5" in truncated.error
    gone = tool.run("read", uri("k"), settings={"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "2"})
    assert "check that the store runs" in gone.error
    if store.name == "versitygw":
        refused = tool.run("read", uri("k"), settings={"AWS_SECRET_ACCESS_KEY": "wrong"})
        assert "SignatureDoesNotMatch" in refused.error
        assert "AWS_SECRET_ACCESS_KEY" in refused.error
        # The token is sent and signed; the store does not know it.
        expired = tool.run("read", uri("k"), settings={"AWS_SESSION_TOKEN": "a/token+of=someone"})
        assert "renew AWS_SESSION_TOKEN" in expired.error
        elsewhere = tool.run("read", uri("k"), settings={"AWS_REGION": "eu-west-1"})
        assert "set AWS_REGION" in elsewhere.error
    assert all(answer.code == 1 for answer in (absent, bucket, truncated, gone))


def test_proxy_of_the_environment_is_not_for_loopback(tool: Tool) -> None:
    dead = {"http_proxy": "http://127.0.0.1:1", "all_proxy": "http://127.0.0.1:1"}
    assert tool.run("stat", uri("k"), settings=dead).output == b"absent\n"


# Credentials: versitygw checks signatures, so what is found must be right.


@pytest.fixture(scope="module")
def strict_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with running_store("versitygw", tmp_path_factory.mktemp("strict") / "volume", "--bucket", BUCKET) as running:
        yield running


def without_keys(store: ObjectStore, home: Path) -> dict[str, str]:
    environment = store.environment() | {"HOME": str(home)}
    del environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
    return environment


def test_credentials_of_a_profile(strict_store: ObjectStore, tmp_path: Path) -> None:
    environment = without_keys(strict_store, tmp_path)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text("[work]\naws_access_key_id = test\naws_secret_access_key = test\n")
    assert "no AWS credentials" in Tool(environment).run("stat", uri("k")).error
    assert Tool(environment | {"AWS_PROFILE": "work"}).must("stat", uri("k")) == "absent\n"


class _Metadata(BaseHTTPRequestHandler):
    """The metadata services of an instance (IMDSv2) and of a container. Its keys expire at once."""

    asked = 0

    def do_PUT(self) -> None:
        assert self.headers["x-aws-ec2-metadata-token-ttl-seconds"]
        self._answer(b"token")

    def do_GET(self) -> None:
        roles = "/latest/meta-data/iam/security-credentials/"
        if self.path.startswith(roles) and self.headers["x-aws-ec2-metadata-token"] != "token":
            self.send_error(401)
        elif self.path == roles:
            self._answer(b"role")
        elif self.path == "/container" and self.headers["Authorization"] != "secret":
            self.send_error(403)
        else:
            _Metadata.asked += 1
            expiry = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60))
            keys = {"AccessKeyId": "test", "SecretAccessKey": "test", "Token": "", "Expiration": expiry}
            self._answer(json.dumps(keys).encode())

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@pytest.mark.parametrize("kind", ["instance", "container"])
def test_credentials_of_a_role(strict_store: ObjectStore, tmp_path: Path, kind: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Metadata) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        service = f"http://127.0.0.1:{server.server_address[1]}"
        settings = {
            "instance": {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": service},
            "container": {
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{service}/container",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "secret",
            },
        }
        role = Tool(without_keys(strict_store, tmp_path) | settings[kind])
        _Metadata.asked = 0
        # One request with the parts of a multipart upload: keys that are about to expire are asked for again.
        role.must("write-stream", uri("k"), data=bytes(9 * MIB))
        assert _Metadata.asked >= 3
        server.shutdown()


# A store that overwrites.


def test_dishonest_store_is_refused(tmp_path: Path, strict_store: ObjectStore) -> None:
    with overwriting_store(tmp_path) as endpoint:
        tool = Tool(strict_store.environment() | {"AWS_ENDPOINT_URL": endpoint})
        s3_client(endpoint).create_bucket(Bucket=BUCKET)
        tool.must("write", uri("k"), data=b"x")
        assert tool.must("read", uri("k")) == "x"
        for words in (["probe", uri("table")], ["put-if-absent", uri(LOG)]):
            refused = tool.run(*words)
            assert refused.code == 1
            assert "OBJECT_STORE_WITHOUT_CONDITIONAL_WRITES" in refused.error
            assert endpoint in refused.error
        assert tool.names("list", uri("")) == [uri("k")]
