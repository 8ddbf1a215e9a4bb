"""./dev bench discover: how long `quell discover` takes over many files on S3, and whether its memory stays flat."""

import argparse
import statistics
import subprocess
import tempfile
from pathlib import Path

from bars import DISCOVER_S
from contestants import QUELL, ROOT
from measure import Measurement, measure, median, run_benchmark
from object_store import object_store, run_command

ROWS_PER_FILE = 2000
BUCKET = "quell-bench"


def measure_discover(files: int, runs: int) -> list[Measurement]:
    """Measures the process over a feed of so many files, which is made where it is not there yet."""
    place = f"s3://{BUCKET}/files-{files}/"
    rows = str(files * ROWS_PER_FILE)
    run_command("datagen", "--rows", rows, "--rows-per-file", str(ROWS_PER_FILE), "--to", place)
    with tempfile.TemporaryDirectory() as folder:
        return [measure([str(QUELL), "discover", place], Path(folder) / "found.txt") for _ in range(runs)]


def main() -> int:
    """Prints the medians, and returns 1 where the time is above the bar."""
    parser = argparse.ArgumentParser(prog="./dev bench discover", description=__doc__)
    parser.add_argument("--files", type=int, default=1000, help="files of the feed (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="how often (default: %(default)s)")
    arguments = parser.parse_args()
    subprocess.run([ROOT / "scripts" / "setup.sh", "engine", "localstack"], check=True)
    with object_store():
        few = median(measure_discover(arguments.files // 10, arguments.runs))
        runs = measure_discover(arguments.files, arguments.runs)
    wall_s = statistics.median(run.wall_s for run in runs)
    print(f"{arguments.files} files: median {wall_s:.2f} s, at most {DISCOVER_S:.0f} s for 1000 files")
    print(f"peak memory {median(runs).peak_mib:.0f} MiB, {few.peak_mib:.0f} MiB for {arguments.files // 10} files")
    return 0 if wall_s <= DISCOVER_S else 1


if __name__ == "__main__":
    run_benchmark("discover", main)
