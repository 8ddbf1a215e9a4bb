"""Object stores for tests: each in a folder and on a port of its own, so that tests run side by side."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from quell.s3.servers import SERVERS, VERSITYGW_VERSION, cache_folder
from quell.s3.store import Store

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROOT = Path(__file__).resolve().parents[2]
ACCESS_KEY = "test"
SECRET_KEY = "test"
SERVER_NAMES = ("localstack", "versitygw")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def s3_client(endpoint: str) -> "S3Client":
    """A client that never tries again: a test sees the first answer."""
    config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, max_pool_connections=32)
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        region_name="us-east-1",
        config=config,
    )


def require_server(name: str) -> None:
    """Skips the test, and says so, where the program of the server cannot be had."""
    if name == "localstack":
        python = os.environ.get("QUELL_LOCALSTACK_PYTHON", ROOT / ".venvs/localstack/bin/python")
        if not Path(python).exists():
            pytest.skip("LocalStack is not installed: ./dev setup localstack")
    elif not (cache_folder() / f"versitygw-{VERSITYGW_VERSION}/versitygw").exists() and shutil.which("go") is None:
        pytest.skip("versitygw is not built, and there is no Go to build it")


def aws_environment(endpoint: str) -> dict[str, str]:
    """The environment of this process, but that of AWS, which is that of a store at `endpoint`."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return others | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


class ObjectStore:
    """A store that the test stops, kills and starts again."""

    def __init__(self, name: str, volume: Path) -> None:
        require_server(name)
        self.name = name
        self.volume = volume
        self.port = free_port()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> "S3Client":
        return s3_client(self.endpoint)

    def environment(self) -> dict[str, str]:
        """The variables with which any S3 program finds this store."""
        return aws_environment(self.endpoint)

    def start(self, *options: str) -> None:
        done = self.command(
            "start", "--server", self.name, "--port", str(self.port), "--volume", str(self.volume), *options
        )
        assert done.returncode == 0, done.stderr

    def stop(self) -> None:
        Store(self.volume).stop()

    def kill(self) -> None:
        """SIGKILL: no chance to write anything more."""
        running = Store(self.volume).status().running
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        while running.process.runs():
            time.sleep(0.01)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs `quell s3 WORDS`."""
        environment = self.environment() | {"PYTHONPATH": str(ROOT / "python")}
        command = [sys.executable, "-m", "quell", "s3", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=570)


@contextmanager
def running_store(name: str, volume: Path, *options: str) -> Iterator[ObjectStore]:
    store = ObjectStore(name, volume)
    store.start(*options)
    try:
        yield store
    finally:
        store.stop()


@contextmanager
def overwriting_store(folder: Path) -> Iterator[str]:
    """The endpoint of a real S3 server that takes no notice of If-None-Match, and overwrites."""
    program = ROOT / ".venvs/moto/bin/moto_server"
    if not program.exists():
        pytest.skip("moto is not installed: ./dev setup moto")
    port = free_port()
    with (folder / "moto.log").open("wb") as log:
        server = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log)
    try:
        _await_port(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _await_port(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the store did not come up")


assert set(SERVER_NAMES) == set(SERVERS)
