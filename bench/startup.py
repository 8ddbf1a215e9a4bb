"""./dev bench startup: how long `quell -e "SELECT 1"` takes as a whole process."""

import argparse
import statistics
import tempfile
from pathlib import Path

from bars import STARTUP_MS
from contestants import QUELL
from measure import BenchmarkError, Measurement, measure, run_benchmark


def measure_startup(runs: int) -> list[Measurement]:
    """Measures the process so many times, after one run that fills the page cache."""
    if not QUELL.exists():
        raise BenchmarkError(f"{QUELL} is missing: run ./dev build")
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "answer.txt"
        command = [str(QUELL), "-e", "SELECT 1"]
        measure(command, output)
        return [measure(command, output) for _ in range(runs)]


def main() -> int:
    """Prints the median, and returns 1 where it is above the bar."""
    parser = argparse.ArgumentParser(prog="./dev bench startup", description=__doc__)
    parser.add_argument("--runs", type=int, default=21, help="how often (default: %(default)s)")
    runs = measure_startup(parser.parse_args().runs)
    wall_ms = statistics.median(run.wall_s for run in runs) * 1000
    cpu_ms = statistics.median(run.cpu_s for run in runs) * 1000
    fastest_ms = min(run.wall_s for run in runs) * 1000
    peak = max(run.peak_mib for run in runs)
    print(f"SELECT 1: median {wall_ms:.1f} ms, at most {STARTUP_MS:.0f} ms; fastest {fastest_ms:.1f} ms")
    print(f"CPU {cpu_ms:.1f} ms, peak memory {peak:.0f} MiB")
    return 0 if wall_ms <= STARTUP_MS else 1


if __name__ == "__main__":
    run_benchmark("startup", main)
