"""Runs the tests: C++ (quell_tests), `.test` files (quell_sqltest) and Python (pytest).

The last line is `N passed, N failed`; a `.test` file counts as one test for each memory limit that it runs under.
"""

import argparse
import concurrent.futures
import os
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import sanitizers

ROOT = Path(__file__).resolve().parents[1]
# What each suite needs to be built; nothing means everything.
SUITES = {"cpp": ["quell_tests"], "sql": ["quell_sqltest"], "python": []}
# Python and the engine's extension in it are no programs of ours to build with a sanitizer.
SANITIZED_SUITES = ("cpp", "sql")
FILE_TIMEOUT_S = 600


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.passed + other.passed, self.failed + other.failed)


def step(*command: str | Path) -> None:
    """Runs a step of the preparation; its failure ends the tests."""
    result = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if result.returncode != 0:
        print(f"test: {Path(command[0]).name} failed")
        print("0 passed, 1 failed")
        sys.exit(1)


def junit_counts(report: Path, name: str, returncode: int) -> Counts:
    """What a JUnit report says. A program that died before it could write one has failed."""
    try:
        suites = ElementTree.parse(report).getroot()
    except (OSError, ElementTree.ParseError):
        print(f"fail {name}: ended with code {returncode} and left no report")
        return Counts(failed=1)
    counts = Counts()
    for case in suites.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            counts.failed += 1
        elif case.find("skipped") is None and case.get("status") != "notrun":
            counts.passed += 1
    if returncode != 0 and counts.failed == 0:
        print(f"fail {name}: ended with code {returncode}")
        counts.failed = 1
    return counts


def run_cpp(build: Path, text: str) -> Counts:
    program = build / "quell_tests"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        pattern = f"*{text}*" if text else "*"
        command = [str(program), "--gtest_brief=1", f"--gtest_filter={pattern}", f"--gtest_output=xml:{report}"]
        returncode = subprocess.run(command, cwd=ROOT, check=False).returncode
        return junit_counts(report, program.name, returncode)


def run_sql_file(program: Path, name: str, update: bool) -> tuple[Counts, str]:
    """Runs one file in a process of its own, so that a crash is the failure of that file alone."""
    command = [str(program), *(["--update"] if update else []), name]
    try:
        result = subprocess.run(
            command, cwd=ROOT, check=False, capture_output=True, text=True, errors="replace", timeout=FILE_TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        return Counts(failed=1), f"fail {name}: not done after {FILE_TIMEOUT_S} s\n"
    lines = result.stdout.splitlines()
    counts = Counts(sum(x.startswith("pass ") for x in lines), sum(x.startswith("fail ") for x in lines))
    output = "" if counts.failed == 0 else result.stdout
    output += "".join(line + "\n" for line in lines if counts.failed == 0 and line.startswith(("skip ", "updated ")))
    if result.returncode not in (0, 1):
        counts.failed += 1
        output += f"fail {name}: ended with code {result.returncode}\n{result.stderr}"
    return counts, output


def run_sql(build: Path, text: str, update: bool) -> Counts:
    names = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "test").rglob("*.test"))]
    names = [name for name in names if text in name]
    counts = Counts()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for file_counts, output in pool.map(lambda name: run_sql_file(build / "quell_sqltest", name, update), names):
            print(output, end="", flush=True)
            counts += file_counts
    return counts


def run_pytest(python: Path, build: Path, arguments: list[str]) -> Counts:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [str(python), "-m", "pytest", f"--junitxml={report}", *arguments]
        environment = os.environ | {"QUELL_BINARY": str(build / "quell")}
        returncode = subprocess.run(command, cwd=ROOT, check=False, env=environment).returncode
        nothing_collected = 5
        return Counts() if returncode == nothing_collected else junit_counts(report, "pytest", returncode)


def run_python(build: Path, text: str) -> Counts:
    """Runs test/python with the engine's environment, but its folders that are named like another one with that."""
    if text and (ROOT / text).exists():
        parts = (ROOT / text).relative_to(ROOT / "test" / "python").parts
        python = environment_python(parts[0]) if parts and is_environment(parts[0]) else Path(sys.executable)
        return run_pytest(python, build, [text])
    selected = ["-k", text] if text else []
    apart = [folder for folder in (ROOT / "test" / "python").iterdir() if is_environment(folder.name)]
    ignored = [f"--ignore={folder}" for folder in apart]
    counts = run_pytest(Path(sys.executable), build, [*ignored, *selected])
    for folder in apart:
        counts += run_pytest(environment_python(folder.name), build, [str(folder), *selected])
    return counts


def is_environment(name: str) -> bool:
    return (ROOT / "dependencies" / f"{name}.txt").exists()


def environment_python(name: str) -> Path:
    return ROOT / ".venvs" / name / "bin" / "python"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev test", description=__doc__)
    parser.add_argument("filter", nargs="?", default="", help="only tests whose name or path contains this")
    parser.add_argument("--update", action="store_true", help="rewrite the expectations of .test files for review")
    parser.add_argument("--preset", default="release", help="which build to test")
    parser.add_argument("--suite", action="append", choices=SUITES, help="only this suite; may be given again")
    arguments = parser.parse_args()
    # A shell lets what it starts in the background ignore Ctrl-C, and so would the programs under test.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    is_sanitized = arguments.preset in sanitizers.PRESETS
    if is_sanitized:
        os.environ.update(sanitizers.environment())
    everything = SANITIZED_SUITES if is_sanitized else tuple(SUITES)
    suites = tuple(arguments.suite or (["sql"] if arguments.update else everything))

    step("scripts/setup.sh", *([] if "python" in suites else ["engine"]))
    targets = [] if "python" in suites else [target for suite in suites for target in SUITES[suite]]
    step("scripts/build.sh", arguments.preset, *targets)
    build = ROOT / "build" / arguments.preset
    text = arguments.filter
    # A path names .test files or Python tests; C++ tests have names only.
    is_path = "/" in text
    counts = Counts()
    if "cpp" in suites and not is_path:
        counts += run_cpp(build, text)
    if "sql" in suites:
        counts += run_sql(build, text, arguments.update)
    if "python" in suites and (not is_path or text.startswith("test/python")):
        counts += run_python(build, text)
    print(f"{counts.passed} passed, {counts.failed} failed")
    return 0 if counts.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
