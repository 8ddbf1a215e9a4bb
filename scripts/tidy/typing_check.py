"""mypy --strict, each part against the environment that it runs in."""

import re
import subprocess
import sys
from pathlib import Path

from problem import ROOT, Problem, files

# Folder, and the environment whose packages it imports. A file belongs to the first folder that holds it.
_PARTS = (
    ("python/quell/dagster", ".venvs/dagster"),
    ("python/localstack_volume", ".venvs/localstack"),
    ("python/quell", None),
    ("scripts/tidy", None),
    ("scripts", None),
    ("bench/sensor_tick", ".venvs/dagster"),
    ("bench", None),
    ("test/python/dagster", ".venvs/dagster"),
    ("test/python", None),
)
_FINDING = re.compile(r"^(.+?):(\d+):(?:\d+:)? (error: .*)$")


def check() -> list[Problem]:
    parts: dict[tuple[str, str | None], list[str]] = {}
    for name in files(".py"):
        part = next((part for part in _PARTS if name.startswith(part[0] + "/")), None)
        if part:
            parts.setdefault(part, []).append(name)
    return [problem for (folder, environment), names in parts.items() for problem in _mypy(folder, environment, names)]


def _mypy(folder: str, environment: str | None, names: list[str]) -> list[Problem]:
    command = [sys.executable, "-m", "mypy", "--no-error-summary"]
    if environment:
        python = ROOT / environment / "bin" / "python"
        if not python.exists():
            subprocess.run([ROOT / "scripts" / "setup.sh", Path(environment).name], check=True)
        command += ["--python-executable", str(python)]
    run = subprocess.run(command + names, cwd=ROOT, check=False, capture_output=True, text=True)
    problems = []
    for line in run.stdout.splitlines():
        if match := _FINDING.match(line):
            problems.append(Problem(match.group(1), int(match.group(2)), match.group(3)))
    if run.returncode != 0 and not problems:
        problems.append(Problem(folder, 1, f"mypy cannot run: {(run.stderr or run.stdout).strip()}"))
    return problems
