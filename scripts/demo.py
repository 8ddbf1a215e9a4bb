"""./dev demo: the main job from end to end.

Data into an object store, discovered, aggregated and committed under Dagster, checked by DuckDB.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from quell.datagen.command import whole_number

ROOT = Path(__file__).resolve().parents[1]
QUELL = ROOT / "build" / "release" / "quell"
DAGSTER_PYTHON = ROOT / ".venvs" / "dagster" / "bin" / "python"
CACHE = ROOT / ".cache" / "demo"


class DemoError(Exception):
    """The demo cannot go on, and why."""


def run(*words: str | Path, environment: dict[str, str], failures: str, accept: tuple[int, ...] = (0,)) -> str:
    """Runs a command and returns its output; `failures` says what it means when that fails."""
    command = [str(word) for word in words]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if process.returncode not in accept:
        message = (process.stderr.strip() or process.stdout.strip()).splitlines()
        raise DemoError(f"{failures}: {message[-1] if message else f'exit code {process.returncode}'}")
    return process.stdout


class Demo:
    """The steps, and the settings that they share."""

    def __init__(self, rows: int, port: int, volume: Path) -> None:
        self.rows = rows
        self.volume = volume
        self.port = port
        self.source = f"s3://raw/transactions-{rows}/"
        self.target = f"s3://lake/weekly_revenue_{rows}"
        self.environment = os.environ | {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "PYTHONPATH": str(ROOT / "python"),
            "QUELL_BINARY": str(QUELL),
            "QUELL_SOURCE": self.source,
            "QUELL_TARGET": self.target,
            "QUELL_MEMORY_LIMIT": "512MB",
            "DAGSTER_HOME": str(CACHE / "dagster"),
            "DAGSTER_DISABLE_TELEMETRY": "yes",
        }
        (CACHE / "dagster").mkdir(parents=True, exist_ok=True)

    def quell(self, *words: str | Path, failures: str, accept: tuple[int, ...] = (0,)) -> str:
        return run(QUELL, *words, environment=self.environment, failures=failures, accept=accept)

    def start_store(self) -> None:
        self.quell(
            "s3", "start", "--volume", self.volume, "--port", str(self.port), "--bucket", "raw", "--bucket", "lake",
            failures="the object store does not start",
        )  # fmt: skip

    def stop_store(self) -> None:
        self.quell("s3", "stop", "--volume", self.volume, failures="the object store does not stop")

    def make_data(self) -> None:
        # Its progress bar belongs on the terminal.
        words = [str(QUELL), "datagen", "--rows", str(self.rows), "--to", self.source]
        if subprocess.run(words, env=self.environment, check=False).returncode != 0:
            raise DemoError("the data could not be made")

    def discover(self) -> None:
        found = json.loads(self.quell("discover", self.source, "--json", failures="discover finds the feed unsound"))
        rows = found.get("rows", found.get("num_rows"))
        if rows != self.rows:
            raise DemoError(f"discover counts {rows} rows, {self.rows} were made")

    def run_dagster(self) -> dict[str, Any]:
        output = run(
            DAGSTER_PYTHON,
            "-m",
            "quell.dagster.tick",
            "--reset",
            environment=self.environment,
            failures="Dagster fails",
            accept=(0, 1),
        )
        outcome: dict[str, Any] = json.loads(output.splitlines()[-1])
        if not outcome.get("succeeded"):
            reasons = [check["reason"] for check in outcome.get("checks", []) if not check["passed"]]
            raise DemoError("the Dagster run failed: " + "; ".join(reasons + outcome.get("failures", []))[:2000])
        failed = [f"{check['name']}: {check['reason']}" for check in outcome["checks"] if not check["passed"]]
        if failed:
            raise DemoError("checks failed: " + "; ".join(failed))
        return outcome

    def fingerprint(self) -> str:
        """Of the names and bytes of all objects of the feed and the table."""
        script = (
            "import hashlib, sys\n"
            "from quell.validate.store import list_files, s3_client, split_s3\n"
            "digest = hashlib.sha256()\n"
            "client = s3_client()\n"
            "for place in sys.argv[1:]:\n"
            "    for file in list_files(place):\n"
            "        digest.update(f'{file.uri} {file.size_bytes} {file.etag}'.encode())\n"
            "        bucket, key = split_s3(file.uri)\n"
            "        for chunk in client.get_object(Bucket=bucket, Key=key)['Body'].iter_chunks(1 << 20):\n"
            "            digest.update(chunk)\n"
            "print(digest.hexdigest())\n"
        )
        words = [sys.executable, "-c", script, self.source, self.target]
        return run(*words, environment=self.environment, failures="objects cannot be read").strip()

    def show_table(self) -> str:
        sql = (
            "SELECT week, sum(transactions) AS transactions, sum(revenue) AS revenue, "
            "CAST(sum(revenue) / sum(transactions) AS DECIMAL(12,2)) AS average, max(largest) AS largest "
            f"FROM delta.`{self.target}` GROUP BY week ORDER BY week LIMIT 8"
        )
        return self.quell("-S", "--format", "table", "-e", sql, failures="the table cannot be read")


def say(step: str, started: float, detail: str = "") -> None:
    print(f"{step:<34} {time.monotonic() - started:7.1f} s  {detail}", flush=True)


def print_usage(metadata: dict[str, Any]) -> None:
    mib = 1 << 20
    print(
        f"\nused: {metadata['wall_seconds']:.2f} s, {metadata['cpu_seconds']:.2f} CPU s, "
        f"peak memory {metadata['peak_memory_bytes'] / mib:.0f} MiB, read {metadata['bytes_read'] / mib:,.0f} MiB, "
        f"wrote {metadata['bytes_written'] / mib:.1f} MiB, spilled {metadata['bytes_spilled'] / mib:.0f} MiB"
    )
    print("cost of this run, start-up of a cluster included (formula: quell --report):")
    for name, value in metadata.items():
        if name.startswith("cost_usd: "):
            print(f"  ${value:.6f}  {name.removeprefix('cost_usd: ')}")


def demo(arguments: argparse.Namespace) -> None:
    steps = Demo(arguments.rows, arguments.port, arguments.volume)
    started = time.monotonic()
    steps.start_store()
    say("object store", started, f"http://127.0.0.1:{steps.port}, data in {arguments.volume}/")
    try:
        started = time.monotonic()
        steps.make_data()
        say("data", started, f"{steps.rows:,} rows at {steps.source}")
        started = time.monotonic()
        steps.discover()
        say("discover", started, "every file is whole, and of one schema")
        started = time.monotonic()
        outcome = steps.run_dagster()
        metadata = outcome["metadata"]
        say(
            "Dagster: sensor, run, checks",
            started,
            f"version {metadata['delta_version']}, {len(outcome['checks'])} checks passed",
        )
        started = time.monotonic()
        before = steps.fingerprint()
        steps.stop_store()
        steps.start_store()
        if steps.fingerprint() != before:
            raise DemoError("the object store has other bytes after a restart")
        say("object store stopped and started", started, f"the same bytes: sha256 {before[:16]}")
        print("\n" + steps.show_table(), end="")
        print_usage(metadata)
    finally:
        if not arguments.keep:
            steps.stop_store()


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument(
        "--rows", type=whole_number, default=5_000_000, metavar="N", help="rows of the feed (default: 5e6)"
    )
    parser.add_argument("--port", type=int, default=4566, help="of the object store (default: 4566)")
    parser.add_argument(
        "--volume", type=Path, default=Path("volume"), help="folder of the object store (default: volume/)"
    )
    parser.add_argument("--keep", action="store_true", help="leave the object store running")
    try:
        demo(parser.parse_args())
    except DemoError as error:
        print(f"demo failed: {error}", file=sys.stderr)
        return 1
    print("\ndemo ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
