"""Who takes part in the main job's benchmark, and how each is run."""

import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from measure import BenchmarkError

ROOT = Path(__file__).resolve().parents[1]
QUELL = ROOT / "build" / "release" / "quell"
FLOOR = ROOT / "build" / "release" / "quell_bench_floor"

# Makes the command from where the data is and where the answer goes.
MakeCommand = Callable[[str, Path], Sequence[str]]


@dataclass(frozen=True)
class Contestant:
    """One engine. One that prints its answer has it taken from standard output."""

    name: str
    version: str
    command: MakeCommand
    prints_answer: bool = False
    answers: bool = True
    is_peer: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Peer:
    name: str
    package: str
    program: str = "python"
    options: tuple[str, ...] = ()


_PEERS = (
    _Peer("Polars", "polars"),
    _Peer("DuckDB", "duckdb"),
    _Peer("DataFusion", "datafusion"),
    _Peer("chDB", "chdb"),
)
_SPARK = _Peer("Spark", "pyspark", "spark-submit", ("--master", "local[*]", "--driver-memory", "4g"))


def _pinned_version(requirements: Path, package: str) -> str:
    match = re.search(rf"^{package}==(\S+)$", requirements.read_text(), re.MULTILINE)
    if not match:
        raise BenchmarkError(f"{requirements} does not pin {package}")
    return match.group(1)


def _peer(peer: _Peer) -> Contestant:
    environment = f"peers-{peer.name.lower()}"
    subprocess.run([ROOT / "scripts" / "setup.sh", environment], check=True)
    programs = ROOT / ".venvs" / environment / "bin"
    python = str(programs / "python")
    script = ROOT / "bench" / "peers" / f"{peer.name.lower()}_peer.py"
    return Contestant(
        peer.name,
        _pinned_version(ROOT / "dependencies" / f"{environment}.txt", peer.package),
        lambda source, answer: [str(programs / peer.program), *peer.options, str(script), source, str(answer)],
        is_peer=True,
        environment={"PYSPARK_PYTHON": python, "PYSPARK_DRIVER_PYTHON": python} if peer is _SPARK else {},
    )


def peers(with_spark: bool) -> list[Contestant]:
    """The other engines, each in an environment of its own, which is made where it is missing."""
    return [_peer(peer) for peer in (*_PEERS, _SPARK) if with_spark or peer is not _SPARK]


def quell(name: str = "Quell") -> Contestant:
    """The engine of this tree."""
    version = subprocess.run([QUELL, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
    query = ROOT / "bench" / "weekly_revenue.sql"
    options = ["--format", "csv", "--conf", "spark.sql.session.timeZone=UTC"]
    return Contestant(
        name,
        version,
        lambda source, _: [str(QUELL), "-f", str(query), "-d", f"source={source}", *options],
        prints_answer=True,
    )


def floor() -> Contestant:
    """Reads and decompresses the pages that the query needs, and no more."""
    build = [str(ROOT / "scripts" / "build.sh"), "release", "quell_bench_floor"]
    done = subprocess.run(build, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise BenchmarkError(f"quell_bench_floor cannot be built:\n{done.stdout[-2000:]}")
    return Contestant(
        "floor", "", lambda source, _: [str(FLOOR), *map(str, sorted(Path(source).glob("*.parquet")))], answers=False
    )
