"""clang-format and ruff, as .clang-format and pyproject.toml set them."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from problem import ROOT, Problem, files

_BIN = Path(sys.executable).parent
_FINDING = re.compile(r"^(.+?):(\d+):\d+: (.*)$")


def _run(program: str, *arguments: str, names: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    command = [str(_BIN / program), *arguments, *names]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)


def fix() -> None:
    cpp, python = files(".cpp", ".h"), files(".py")
    if cpp:
        _run("clang-format", "-i", names=cpp)
    if python:
        _run("ruff", "check", "--quiet", "--fix", names=python)
        _run("ruff", "format", "--quiet", names=python)


def check() -> list[Problem]:
    problems = []
    if cpp := files(".cpp", ".h"):
        unformatted = _findings(_run("clang-format", "--dry-run", names=cpp).stderr)
        # One line for each file is enough: ./dev tidy --fix puts all of them right.
        problems += list({problem.path: problem for problem in reversed(unformatted)}.values())
    if python := files(".py"):
        problems += _findings(_run("ruff", "check", "--output-format=concise", names=python).stdout)
        unformatted_python = _run("ruff", "format", "--check", names=python).stdout
        problems += [
            Problem(line.removeprefix("Would reformat: "), 1, "not as ruff format writes it")
            for line in unformatted_python.splitlines()
            if line.startswith("Would reformat: ")
        ]
    return problems


def _findings(output: str) -> list[Problem]:
    matches = (_FINDING.match(line) for line in output.splitlines())
    return [Problem(m.group(1), int(m.group(2)), m.group(3)) for m in matches if m]
