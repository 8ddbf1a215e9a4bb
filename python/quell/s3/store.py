"""Starting, stopping and looking at the server of one volume."""

import fcntl
import http.client
import json
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quell.errors import CommandError
from quell.s3 import process
from quell.s3.process import Process
from quell.s3.servers import HOST, SERVERS, Contents, Keys, Server, cache_folder

_LOG_LIMIT_BYTES = 16 << 20
_POLL_SECONDS = 0.02
_STOP_PATIENCE_SECONDS = 15.0


@dataclass(frozen=True)
class Running:
    """A server that was started for a volume, as its `server.json` says."""

    server: str
    port: int
    pid: int
    began: int
    log: str
    access_key: str = Keys.DEFAULT  # of its one user

    @property
    def process(self) -> Process:
        return Process(self.pid, self.began)

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"


@dataclass(frozen=True)
class Status:
    running: Running | None  # The process lives.
    healthy: bool  # It answers.
    crashed: bool  # It was started and ended by itself.
    contents: Contents
    server: str | None


@dataclass(frozen=True)
class Started:
    running: Running
    already: bool
    seconds: float


class Store:
    """The store in one folder. Commands on the same volume wait for each other."""

    def __init__(self, volume: Path) -> None:
        self.volume = volume.absolute()
        self._state = self.volume / "server.json"

    def start(self, server: Server, port: int, *, fsync: bool, buckets: Sequence[str]) -> Started:
        """Starts the server and returns when it answers. Does nothing if it runs already."""
        self.volume.mkdir(parents=True, exist_ok=True)
        with self._lock():
            running = self._read()
            if running is not None and running.process.runs():
                if (running.server, running.port) != (server.name, port):
                    raise CommandError(
                        f"{self.volume} is served by {running.server} at {running.endpoint}; "
                        f"stop it first: quell s3 stop --volume {self.volume}"
                    )
                started = Started(running, already=True, seconds=0.0)
            else:
                started = self._start(server, port, fsync=fsync)
            for bucket in buckets:
                _make_bucket(started.running.endpoint, bucket)
            return started

    def _start(self, server: Server, port: int, *, fsync: bool) -> Started:
        _refuse_held_port(port)
        server.data_folder(self.volume).mkdir(parents=True, exist_ok=True)
        log = _fresh_log(server, port)
        # What our own Python needs must not reach that of LocalStack.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment = inherited | server.environment(self.volume, port, fsync=fsync)
        command = server.command(self.volume, port)
        with _first_start_alone():
            begin = time.monotonic()
            child, child_process = process.start_detached(command, environment, log)
            running = Running(
                server.name, port, child.pid, child_process.began, str(log), Keys.from_environment().access
            )
            self._write(running)
            try:
                self._await_answer(server, running, child)
            except BaseException:
                child_process.stop(_STOP_PATIENCE_SECONDS)
                self._state.unlink(missing_ok=True)
                raise
        return Started(running, already=False, seconds=time.monotonic() - begin)

    def _await_answer(self, server: Server, running: Running, child: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + server.patience_seconds
        while not _answers(running, server):
            if child.poll() is not None:
                raise CommandError(f"{server.name} ended with code {child.returncode}: {_last_words(running.log)}")
            if time.monotonic() > deadline:
                raise CommandError(f"{server.name} does not answer at {running.endpoint}; see {running.log}")
            time.sleep(_POLL_SECONDS)
        exposed = [listener for listener in process.listeners(running.port) if not listener.is_loopback]
        if exposed:
            raise CommandError(f"{server.name} listens beyond {HOST} on port {running.port}; it was stopped")

    def stop(self) -> Running | None:
        """Stops the server; None if none ran."""
        if not self.volume.exists():
            return None
        with self._lock():
            running = self._read()
            ran = running is not None and running.process.runs()
            if running is not None and ran:
                running.process.stop(_STOP_PATIENCE_SECONDS)
            self._state.unlink(missing_ok=True)
            return running if ran else None

    def status(self) -> Status:
        running = self._read()
        lives = running is not None and running.process.runs()
        server = SERVERS[running.server] if running is not None else self._server_of_data()
        return Status(
            running=running if lives else None,
            healthy=running is not None and lives and _answers(running, SERVERS[running.server]),
            crashed=running is not None and not lives,
            contents=server.contents(self.volume) if server is not None else Contents(0, 0, 0),
            server=server.name if server is not None else None,
        )

    def _server_of_data(self) -> Server | None:
        return next((server for server in SERVERS.values() if server.data_folder(self.volume).exists()), None)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.volume / "command.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self) -> Running | None:
        try:
            return Running(**json.loads(self._state.read_text()))
        except FileNotFoundError:
            return None

    def _write(self, running: Running) -> None:
        draft = self._state.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(running)) + "\n")
        draft.replace(self._state)


def _refuse_held_port(port: int) -> None:
    for listener in process.listeners(port):
        holder = (
            f"process {listener.pid} ({process.command_line(listener.pid)})"
            if listener.pid is not None
            else "another user's process"
        )
        raise CommandError(f"port {port} is held by {holder}; stop it, or take another port with --port")


def _fresh_log(server: Server, port: int) -> Path:
    log = cache_folder() / "log" / f"s3-{server.name}-{port}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log


@contextmanager
def _first_start_alone() -> Iterator[None]:
    """Lets one start at a time through until LocalStack's own cache is made; it is not written atomically."""
    root = cache_folder() / "localstack"
    root.mkdir(parents=True, exist_ok=True)
    with (root / "first-start.lock").open("w") as lock:
        if not any(root.glob("var/lib/localstack/cache/service-catalog-*")):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _answers(running: Running, server: Server) -> bool:
    connection = http.client.HTTPConnection(HOST, running.port, timeout=5)
    try:
        connection.request("GET", server.health_path)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    if response.status != http.client.OK:
        return False
    return server.name != "localstack" or json.loads(body)["services"].get("s3") == "running"


def _last_words(log: str) -> str:
    lines = [line for line in Path(log).read_text(errors="replace").splitlines() if line.strip()]
    return f"{lines[-1].strip()} (more in {log})" if lines else f"no word in {log}"


def _make_bucket(endpoint: str, bucket: str) -> None:
    import boto3  # Takes half a second to import, and only this needs it.
    from botocore.exceptions import ClientError

    keys = Keys.from_environment()
    client: Any = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=keys.access,
        aws_secret_access_key=keys.secret,
        region_name="us-east-1",
    )
    try:
        client.create_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise CommandError(f"cannot make the bucket {bucket}: {error}") from error
