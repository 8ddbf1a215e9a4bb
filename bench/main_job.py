"""./dev bench main-job: the main job's query on the same files, by Quell and by other engines, side by side."""

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from answers import Answer, difference, read_answer
from bars import Bar, find_bars
from contestants import QUELL, ROOT, Contestant, floor, peers, quell
from measure import BenchmarkError, Measurement, measure, median, read_into_page_cache, run_benchmark
from object_store import object_store, run_command
from quell.datagen.command import whole_number
from startup import measure_startup

STARTUP_RUNS = 21
S3_BUCKET = "quell-bench"


def make_data(rows: int, place: str) -> None:
    """Makes the table where it is not there yet."""
    print(run_command("datagen", "--rows", str(rows), "--to", place), end="", file=sys.stderr)


def warm_up(contestant: Contestant, source: str, output: Path) -> None:
    """Brings the data into the page cache, which a long run before this one may have pushed out, so that nobody pays
    for the disk. Which files an object store reads, only the store knows: there, the contestant runs once unmeasured.
    """
    if "://" in source:
        measure(contestant.command(source, output), output, contestant.environment)
    else:
        read_into_page_cache(Path(source))


class Race:
    """Runs the contestants in turn, checks that all answers are equal, and keeps what they used."""

    def __init__(self, contestants: Sequence[tuple[Contestant, str]], folder: Path) -> None:
        self._contestants = contestants
        self._folder = folder
        self._first: tuple[str, Answer] | None = None
        self.measurements: dict[str, list[Measurement]] = {contestant.name: [] for contestant, _ in contestants}

    def run_round(self, number: int) -> None:
        """Runs each contestant once, in an order that differs from round to round."""
        shift = number % len(self._contestants)
        for contestant, source in [*self._contestants[shift:], *self._contestants[:shift]]:
            measurement = self._run(contestant, source)
            self.measurements[contestant.name].append(measurement)
            print(
                f"round {number + 1} {contestant.name:<12} {measurement.wall_s:8.2f} s {measurement.cpu_s:8.2f} CPU s "
                f"{measurement.peak_mib:8.0f} MiB",
                file=sys.stderr,
            )

    def _run(self, contestant: Contestant, source: str) -> Measurement:
        output = self._folder / "output.csv"
        answer = self._folder / "answer.csv"
        if answer.is_dir():
            shutil.rmtree(answer)
        answer.unlink(missing_ok=True)
        warm_up(contestant, source, output)
        measurement = measure(contestant.command(source, answer), output, contestant.environment)
        if contestant.answers:
            self._check(contestant.name, output if contestant.prints_answer else answer)
        return measurement

    def _check(self, name: str, path: Path) -> None:
        try:
            answer = read_answer(path)
        except (ValueError, ArithmeticError, OSError) as error:
            raise BenchmarkError(f"the answer of {name} cannot be read: {error}") from None
        if self._first is None:
            self._first = (name, answer)
        elif differs := difference(self._first[1], answer):
            raise BenchmarkError(f"{self._first[0]} and {name} give different answers: {differs}")

    def groups_and_revenue(self) -> tuple[int, Decimal]:
        """Of the answer that all contestants gave."""
        answer = self._first[1] if self._first else {}
        return len(answer), sum((totals.revenue for totals in answer.values()), Decimal(0))


def print_table(medians: dict[str, Measurement], runs: int) -> None:
    """The medians, with how many times the first contestant's each is."""
    base = next(iter(medians.values()))
    print(f"medians of {runs} runs; x: how many times that of {next(iter(medians))}")
    print(f"{'':<14}{'wall s':>9}{'x':>7}{'CPU s':>10}{'x':>7}{'peak MiB':>11}{'x':>7}")
    for name, one in medians.items():
        print(
            f"{name:<14}{one.wall_s:9.2f}{one.wall_s / base.wall_s:7.2f}{one.cpu_s:10.2f}{one.cpu_s / base.cpu_s:7.2f}"
            f"{one.peak_mib:11.0f}{one.peak_mib / base.peak_mib:7.2f}"
        )


def print_bars(bars: Sequence[Bar]) -> None:
    """Each bar, and whether it was kept."""
    for bar in bars:
        print(f"{'kept  ' if bar.kept else 'missed'} {bar.what}: {bar.measured:.2f}, at most {bar.most:g}")


def machine() -> dict[str, object]:
    """What the run was measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processor": model, "cores": len(os.sched_getaffinity(0)), "memory_gib": round(memory / 2**30, 1)}


def write_json(arguments: argparse.Namespace, race: Race, versions: dict[str, str], bars: list[Bar]) -> None:
    """All measurements, their medians and the bars, for programs and for bench/plot.py."""
    groups, revenue = race.groups_and_revenue()
    content = {
        "benchmark": "main-job",
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "rows": arguments.rows,
        "runs": arguments.runs,
        "groups": groups,
        "revenue": str(revenue),
        "contestants": [
            {
                "name": name,
                "version": versions[name],
                "median": asdict(median(runs)),
                "runs": [asdict(run) for run in runs],
            }
            for name, runs in race.measurements.items()
        ],
        "bars": [{**asdict(bar), "kept": bar.kept} for bar in bars],
    }
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(content, indent=2) + "\n")


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="./dev bench main-job", description=__doc__)
    parser.add_argument("--rows", type=whole_number, default=5_000_000, help="default: 5e6")
    parser.add_argument("--runs", type=int, default=3, help="of each contestant (default: 3)")
    parser.add_argument("--spark", action="store_true", help="with PySpark on local[*]")
    parser.add_argument("--s3", action="store_true", help="also Quell on an object store")
    parser.add_argument("--without-quell", action="store_true", help="the floor and the peers alone")
    parser.add_argument("--check", action="store_true", help="end with exit code 1 where a bar is missed")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench" / "main_job.json", help="the JSON file")
    return parser.parse_args()


def line_up(arguments: argparse.Namespace) -> list[tuple[Contestant, str]]:
    """The contestants, each with where its data is. Makes the data and builds what is missing."""
    folder = ROOT / "data" / f"transactions-{arguments.rows}"
    make_data(arguments.rows, str(folder))
    contestants = [] if arguments.without_quell else [quell()]
    contestants += [floor(), *peers(arguments.spark)]
    entries = [(contestant, str(folder)) for contestant in contestants]
    if arguments.s3 and not arguments.without_quell:
        place = f"s3://{S3_BUCKET}/transactions-{arguments.rows}/"
        make_data(arguments.rows, place)
        entries.insert(1, (quell("Quell on S3"), place))
    return entries


def run_race(arguments: argparse.Namespace) -> tuple[Race, list[Contestant]]:
    """Runs all rounds."""
    with (
        object_store() if arguments.s3 else nullcontext(),
        tempfile.TemporaryDirectory(prefix="quell-bench-") as folder,
    ):
        entries = line_up(arguments)
        race = Race(entries, Path(folder))
        for number in range(arguments.runs):
            race.run_round(number)
    return race, [contestant for contestant, _ in entries]


def main() -> int:
    """Runs the race and prints and writes what it showed."""
    arguments = parse_arguments()
    if not arguments.without_quell and not QUELL.exists():
        raise BenchmarkError(f"{QUELL} is missing: run ./dev build")
    race, contestants = run_race(arguments)
    medians = {name: median(runs) for name, runs in race.measurements.items()}
    startup_ms = None
    if not arguments.without_quell:
        startup_ms = statistics.median(run.wall_s for run in measure_startup(STARTUP_RUNS)) * 1000
    bars = find_bars(medians, [contestant.name for contestant in contestants if contestant.is_peer], startup_ms)
    groups, revenue = race.groups_and_revenue()
    print(f"{arguments.rows:,} rows, {groups:,} groups, revenue {revenue:,}; all answers equal")
    print_table(medians, arguments.runs)
    print_bars(bars)
    versions = {contestant.name: contestant.version for contestant in contestants}
    write_json(arguments, race, versions, bars)
    print(f"written to {arguments.output}")
    return 1 if arguments.check and not all(bar.kept for bar in bars) else 0


if __name__ == "__main__":
    run_benchmark("main-job", main)
