"""Measures a command as a whole process: from its start to its end, with all that it waited for."""

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


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
    with output.open("wb") as stdout, log.open("wb") as stderr:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        lines = log.read_text(errors="replace").strip().splitlines() or ["no message"]
        raise BenchmarkError(f"{command[0]} ended with exit code {process.returncode}: {lines[-1]} (the log: {log})")
    return Measurement(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


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
