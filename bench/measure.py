"""Measures a command as a whole process: from its start to its end, with all that it waited for."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

LAUNCHER = Path(__file__).with_name("run_measured.py")


class BenchmarkError(Exception):
    """The benchmark cannot go on, for the reason given."""


@dataclass(frozen=True)
class Measurement:
    """What one run used. The peak is that of the largest single process, as resident pages."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def measure(command: Sequence[str], output: Path, environment: Mapping[str, str] | None = None) -> Measurement:
    """Runs `command`, its standard output into `output`. Raises where it fails."""
    log = output.with_suffix(".log")
    used = output.with_suffix(".used.json")
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(used)]
    with output.open("wb") as stdout, log.open("wb") as stderr:
        done = subprocess.run(
            [*launcher, *command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env={**os.environ, **(environment or {})},
            check=False,
        )
    if done.returncode != 0:
        lines = log.read_text(errors="replace").strip().splitlines() or ["no message"]
        raise BenchmarkError(f"{command[0]} ended with exit code {done.returncode}: {lines[-1]} (the log: {log})")
    return Measurement(**json.loads(used.read_text()))


def median(measurements: Sequence[Measurement]) -> Measurement:
    """Each quantity's own median."""
    return Measurement(
        statistics.median(one.wall_s for one in measurements),
        statistics.median(one.cpu_s for one in measurements),
        statistics.median(one.peak_mib for one in measurements),
    )


def read_into_page_cache(folder: Path) -> None:
    """Reads all files once, so that no contestant pays for the disk."""
    for path in folder.iterdir():
        with path.open("rb") as source, Path(os.devnull).open("wb") as nowhere:
            shutil.copyfileobj(source, nowhere, 1 << 20)


def run_benchmark(name: str, main: Callable[[], int]) -> NoReturn:
    """Ends the process with the exit code of `main`, or with the reason why it could not go on."""
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"bench {name}: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"bench {name}: {error.cmd[0]} failed with exit code {error.returncode}")
