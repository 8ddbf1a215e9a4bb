"""The two programs that can serve a volume: how each is found and started, and how its data is counted."""

import os
import shutil
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from quell.errors import CommandError

HOST = "127.0.0.1"
VERSITYGW_MODULE = "github.com/versity/versitygw/cmd/versitygw"
VERSITYGW_VERSION = "v1.8.0"


@dataclass(frozen=True)
class Contents:
    """What a volume holds."""

    buckets: int
    objects: int
    size_bytes: int


@dataclass(frozen=True)
class Keys:
    """The access key and secret key of the store's one user."""

    DEFAULT: ClassVar[str] = "test"  # of both, as LocalStack has it

    access: str
    secret: str

    @classmethod
    def from_environment(cls) -> "Keys":
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        return cls(*(os.environ.get(name) or cls.DEFAULT for name in names))


class Server(ABC):
    """One kind of server. Its data is a folder of its own in the volume."""

    name: str
    health_path: str
    patience_seconds: float  # How long a start may take before it is given up.

    def data_folder(self, volume: Path) -> Path:
        return volume / self.name

    @abstractmethod
    def command(self, volume: Path, port: int) -> list[str]:
        """The command that serves; throws CommandError when the program is not there."""

    @abstractmethod
    def environment(self, volume: Path, port: int, *, fsync: bool) -> dict[str, str]:
        """The variables that the command needs, beside those of this process."""

    @abstractmethod
    def contents(self, volume: Path) -> Contents:
        """Counts what the volume holds, whether or not the server runs."""


class LocalStack(Server):
    """LocalStack in host mode, with the plugin that keeps objects in the volume."""

    name = "localstack"
    health_path = "/_localstack/health"
    patience_seconds = 120

    def command(self, volume: Path, port: int) -> list[str]:
        return [str(_localstack_python()), "-P", "-m", "localstack.runtime.main"]

    def environment(self, volume: Path, port: int, *, fsync: bool) -> dict[str, str]:
        return {
            "S3_VOLUME": str(self.data_folder(volume)),
            "S3_VOLUME_FSYNC": "1" if fsync else "0",
            "PROVIDER_OVERRIDE_S3": "volume",
            "GATEWAY_SERVER": "loopback",
            "GATEWAY_LISTEN": f"{HOST}:{port}",
            "SERVICES": "s3",
            "EAGER_SERVICE_LOADING": "1",
            "STRICT_SERVICE_LOADING": "1",
            "DNS_ADDRESS": "0",
            "DISABLE_EVENTS": "1",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "OVERRIDE_IN_DOCKER": "0",
            "LS_LOG": "warning",
            "FILESYSTEM_ROOT": str(cache_folder() / "localstack"),
            "PYTHONUNBUFFERED": "1",
        }

    def contents(self, volume: Path) -> Contents:
        catalog = self.data_folder(volume) / "catalog.sqlite"
        if not catalog.exists():
            return Contents(0, 0, 0)
        connection = sqlite3.connect(f"file:{catalog}?mode=ro", uri=True)
        try:
            (buckets,) = connection.execute("SELECT count(*) FROM buckets").fetchone()
            objects, size = connection.execute("SELECT count(*), coalesce(sum(size), 0) FROM objects").fetchone()
        finally:
            connection.close()
        return Contents(buckets, objects, size)


class VersityGateway(Server):
    """The Versity S3 Gateway over plain files: an object `s3://bucket/a/b` is the file `bucket/a/b`."""

    name = "versitygw"
    health_path = "/_health"
    patience_seconds = 20

    def command(self, volume: Path, port: int) -> list[str]:
        data = self.data_folder(volume)
        options = ["--port", f"{HOST}:{port}", "--health", self.health_path, "--quiet", "--keep-alive"]
        command = [str(_versitygw()), *options, "posix"]
        if not _has_extended_attributes(data):
            sidecar = volume / "versitygw-metadata"
            sidecar.mkdir(parents=True, exist_ok=True)
            command += ["--sidecar", str(sidecar)]
        return [*command, str(data)]

    def environment(self, volume: Path, port: int, *, fsync: bool) -> dict[str, str]:
        if fsync:
            raise CommandError("versitygw cannot fsync; leave out --fsync, or take --server localstack")
        keys = Keys.from_environment()
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
        return {"ROOT_ACCESS_KEY_ID": keys.access, "ROOT_SECRET_ACCESS_KEY": keys.secret, "VGW_REGION": region}

    def contents(self, volume: Path) -> Contents:
        data = self.data_folder(volume)
        # A folder that begins with a dot is the gateway's own.
        folders = [entry for entry in data.iterdir() if entry.is_dir()] if data.exists() else []
        buckets = [folder for folder in folders if not folder.name.startswith(".")]
        sizes = [size for bucket in buckets for size in _object_sizes(bucket)]
        return Contents(len(buckets), len(sizes), sum(sizes))


SERVERS: dict[str, Server] = {server.name: server for server in (LocalStack(), VersityGateway())}


def cache_folder() -> Path:
    """Where logs and programs that can be made anew are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quell"


def _localstack_python() -> Path:
    if given := os.environ.get("QUELL_LOCALSTACK_PYTHON"):
        return Path(given)
    candidates = (folder / ".venvs/localstack/bin/python" for folder in [*Path(__file__).resolve().parents, Path.cwd()])
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise CommandError("LocalStack is not installed; run ./dev setup localstack, or take --server versitygw")


def _versitygw() -> Path:
    """The versitygw program, built on the first use."""
    if given := os.environ.get("QUELL_VERSITYGW"):
        return Path(given)
    folder = cache_folder() / f"versitygw-{VERSITYGW_VERSION}"
    program = folder / "versitygw"
    if program.exists():
        return program
    go = shutil.which("go")
    if go is None:
        raise CommandError("versitygw is built with Go, and there is no go on the PATH; install it, or take LocalStack")
    print(f"building versitygw {VERSITYGW_VERSION} (once, some minutes) ...", file=sys.stderr, flush=True)
    staging = folder.with_name(f"{folder.name}.{os.getpid()}")
    built = subprocess.run(
        [go, "install", "-trimpath", f"{VERSITYGW_MODULE}@{VERSITYGW_VERSION}"],
        env={**os.environ, "GOBIN": str(staging)},
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        raise CommandError(f"cannot build versitygw: {built.stderr.strip().splitlines()[-1:]}")
    folder.mkdir(parents=True, exist_ok=True)
    (staging / "versitygw").replace(program)
    staging.rmdir()
    return program


def _has_extended_attributes(folder: Path) -> bool:
    try:
        os.setxattr(folder, "user.quell", b"1")
        os.removexattr(folder, "user.quell")
    except OSError:
        return False
    return True


def _object_sizes(bucket: Path) -> list[int]:
    sizes: list[int] = []
    for folder, folders, files in os.walk(bucket):
        folders[:] = [name for name in folders if not name.startswith(".sgwtmp")]
        sizes.extend((Path(folder) / name).stat().st_size for name in files)
    return sizes
