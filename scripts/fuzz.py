"""Runs fuzzers: ./dev fuzz [TARGET [SECONDS]].

Without a target each of them tries a fixed number of inputs, the same ones every time; the last line is then
`N passed, N failed`. With a target it runs for SECONDS, from what it found before on this machine.
"""

import argparse
import concurrent.futures
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sanitizers import ROOT, environment

BUILD = ROOT / "build" / "asan"
# What was found: inputs that reach something new, and those that fail.
FOUND = ROOT / "build" / "fuzz"
# For one input. A hostile file of a few kilobytes must not take more.
LIMITS = ("-timeout=20", "-rss_limit_mb=2560", "-malloc_limit_mb=1024", "-max_len=65536")
SHORT_RUNS = 10_000
SHORT_SECONDS = 20


def target_names() -> list[str]:
    return sorted(path.stem for path in (ROOT / "fuzz" / "targets").glob("*.cpp"))


def build(target: str | None) -> None:
    program = f"quell_fuzz_{target}" if target else "quell_fuzzers"
    if subprocess.run([ROOT / "scripts" / "build.sh", "asan", program], cwd=ROOT, check=False).returncode != 0:
        print("fuzz: the build failed")
        print("0 passed, 1 failed")
        sys.exit(1)


def command(target: str, seeds: Path, *arguments: str) -> list[str]:
    """The command of a fuzzer, which leaves inputs that fail in FOUND; its seeds are made anew."""
    program = str(BUILD / f"quell_fuzz_{target}")
    FOUND.mkdir(parents=True, exist_ok=True)
    subprocess.run([program, f"--seeds={seeds}"], env=environment(), check=True)
    return [program, *LIMITS, f"-artifact_prefix={FOUND / target}-", "-print_final_stats=1", *arguments]


def run_short(target: str) -> tuple[bool, str]:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        limits = ("-seed=1", f"-runs={SHORT_RUNS}", f"-max_total_time={SHORT_SECONDS}")
        try:
            fuzzer = command(target, Path(folder), *limits)
        except subprocess.CalledProcessError as error:
            return False, f"fail fuzz {target}: cannot make its seeds: {error}\n"
        run = subprocess.run(
            [*fuzzer, folder], env=environment(), check=False, capture_output=True, text=True, errors="replace"
        )
    seconds = time.monotonic() - started
    if run.returncode == 0:
        inputs = next((x.split()[-1] for x in run.stderr.splitlines() if "number_of_executed_units" in x), "0")
        return True, f"pass fuzz {target}: {inputs} inputs in {seconds:.0f} s\n"
    return False, f"{run.stderr}\nfail fuzz {target}: ended with code {run.returncode} after {seconds:.0f} s\n"


def run_all() -> int:
    failed = 0
    targets = target_names()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for passed, output in pool.map(run_short, targets):
            print(output, end="", flush=True)
            failed += not passed
    print(f"{len(targets) - failed} passed, {failed} failed")
    return 1 if failed else 0


def run_long(target: str, seconds: int) -> int:
    corpus, seeds = FOUND / target, FOUND / f"{target}.seeds"
    corpus.mkdir(parents=True, exist_ok=True)
    fuzzer = command(target, seeds, f"-max_total_time={seconds}")
    return subprocess.run([*fuzzer, str(corpus), str(seeds)], env=environment(), check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__)
    parser.add_argument("target", nargs="?", choices=target_names())
    parser.add_argument("seconds", nargs="?", type=int, default=60)
    arguments = parser.parse_args()
    build(arguments.target)
    return run_long(arguments.target, arguments.seconds) if arguments.target else run_all()


if __name__ == "__main__":
    sys.exit(main())
