"""Scores the engine on the recorded cases of Spark SQL and Delta Lake in ../shared/conformance (or $QUELL_CONFORMANCE).

Informational: a table of passed statements for each file, the same as JSON in build/conform.json, and the reasons of
what did not pass with --failures.
"""

import argparse
import concurrent.futures
import fnmatch
import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
CONFORMANCE = Path(os.environ.get("QUELL_CONFORMANCE") or ROOT / ".." / "shared" / "conformance")
TIMEOUT_S = 120
# What the cases call is not part of Spark SQL.
LEFT_OUT = ("udf/", "udaf/", "udtf/")
# Tables without expected rows that a reader must refuse.
REFUSED = ("invalid", "missing-protocol", "missing-metadata", "without-protocol", "without-metadata", "not-contiguous")


@dataclass
class Score:
    name: str
    passed: int = 0
    total: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, passed: bool, reason: str) -> None:
        self.total += 1
        self.passed += passed
        if not passed:
            self.failures.append(reason)


def count_statements(path: Path) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return sum("needs" not in json.loads(line) for line in lines)


def score_session(build: Path, path: Path) -> Score:
    """Runs a recorded session in a process of its own; what a crash or a hang left undone has failed."""
    score = Score(str(path.relative_to(CONFORMANCE / "spark-sql")))
    command = [str(build / "quell_sqltest"), "--conform", str(path)]
    with tempfile.TemporaryFile() as output:
        try:
            code = subprocess.run(
                command, cwd=ROOT, check=False, stdout=output, stderr=subprocess.DEVNULL, timeout=TIMEOUT_S
            ).returncode
            ending = f"ended with code {code}"
        except subprocess.TimeoutExpired:
            ending = f"not done after {TIMEOUT_S} s"
        output.seek(0)
        for line in output.read().decode(errors="replace").splitlines():
            if line.startswith("{"):
                result = json.loads(line)
                score.add(result["passed"], f"line {result['line']}: {result['reason']}")
    undone = count_statements(path) - score.total
    if undone > 0:
        score.total += undone
        score.failures.append(f"{undone} statements not run: {ending}")
    return score


def sorted_rows(table: pa.Table) -> list[str]:
    columns = sorted(table.column_names)
    return sorted(repr([row[name] for name in columns]) for row in table.to_pylist())


def delta_problem(build: Path, folder: Path, name: str) -> str:
    """Why the table is not read as expected; empty when it is."""
    case = folder / name
    table, expected = case / "delta", case / "expected"
    table = table if table.exists() else case
    # A log whose files are not there has a state, but no rows.
    statement = f"SELECT * FROM delta.`{table}`" if expected.exists() else f"DESCRIBE DETAIL delta.`{table}`"
    result_file = folder / f"{name}.arrow"
    with result_file.open("wb") as output:
        result = subprocess.run(
            [str(build / "quell"), "--format", "arrow", "-e", statement],
            check=False,
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT_S,
        )
    message = result.stderr.decode(errors="replace").strip()
    if any(word in name for word in REFUSED):
        return "" if result.returncode == 1 and "[" in message else f"not refused: {message}"
    if result.returncode != 0:
        return message or f"ended with code {result.returncode}"
    if not expected.exists():
        return ""
    rows = sorted_rows(pa.ipc.open_stream(result_file).read_all())
    wanted = sorted_rows(pq.read_table(expected))
    return "" if rows == wanted else f"{len(rows)} rows, not those {len(wanted)} that are expected"


def score_delta(build: Path, archive: Path) -> Score:
    name = archive.name.removesuffix(".tar.zst")
    score = Score(f"delta/{name}")
    with tempfile.TemporaryDirectory() as folder:
        unpack = f"zstd -dc '{archive}' | tar -x -C '{folder}' --warning=no-unknown-keyword"
        subprocess.run(["bash", "-c", unpack], check=True)
        try:
            problem = delta_problem(build, Path(folder), name)
        except (pa.ArrowException, subprocess.TimeoutExpired) as error:
            problem = str(error)
        score.add(not problem, problem)
    return score


def run_all(paths: Iterable[Path], score: Callable[[Path], Score]) -> list[Score]:
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(score, paths))


def total(scores: list[Score], name: str) -> Score:
    return Score(name, sum(score.passed for score in scores), sum(score.total for score in scores))


def print_table(scores: list[Score], with_failures: bool) -> None:
    width = max(len(score.name) for score in scores)
    for score in scores:
        share = 100 * score.passed / score.total if score.total else 100
        print(f"{score.name:{width}}  {score.passed:6} / {score.total:6}  {share:5.1f} %")
        if with_failures:
            for reason in score.failures:
                print(f"    {reason}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev conform", description=__doc__)
    parser.add_argument("pattern", nargs="?", default="*", help="only files whose name matches, such as 'group-by*'")
    parser.add_argument("--preset", default="release", help="which build to score")
    parser.add_argument("--failures", action="store_true", help="print why each statement did not pass")
    arguments = parser.parse_args()
    if not CONFORMANCE.exists():
        print(f"conform: no recorded cases in {CONFORMANCE}; QUELL_CONFORMANCE names another folder")
        return 1
    subprocess.run([ROOT / "scripts" / "build.sh", arguments.preset, "quell", "quell_sqltest"], check=True)

    build = ROOT / "build" / arguments.preset

    def matches(name: str) -> bool:
        return fnmatch.fnmatch(name, arguments.pattern) or arguments.pattern in name

    spark = CONFORMANCE / "spark-sql"
    names = sorted(str(path.relative_to(spark)) for path in spark.rglob("*.jsonl"))
    sql = run_all(
        (spark / n for n in names if matches(n) and not n.startswith(LEFT_OUT)), functools.partial(score_session, build)
    )
    archives = sorted((CONFORMANCE / "delta").glob("*.tar.zst"))
    delta = run_all((path for path in archives if matches(f"delta/{path.name}")), functools.partial(score_delta, build))
    if not sql and not delta:
        print(f"conform: no file matches {arguments.pattern}")
        return 1
    print_table(sql + delta, arguments.failures)
    totals = [total(scores, name) for scores, name in ((sql, "all of Spark SQL"), (delta, "all of Delta")) if scores]
    print()
    print_table(totals, with_failures=False)
    report = ROOT / "build" / "conform.json"
    report.write_text(json.dumps([asdict(score) for score in sql + delta + totals], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
