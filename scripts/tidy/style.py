"""Habits that a formatter does not see."""

import re

from problem import Problem, files, read_lines

_VAGUE_TYPE = re.compile(r"\b(?:class|struct)\s+(\w*(?:Utils?|Helpers?|Manager|Impl))\b(?!\s*;)")
_VAGUE_FILE = re.compile(r"(^|[/_])(utils?|helpers?|manager|impl|misc)\.(cpp|h|py)$")
_POSTPONED = re.compile(r"\b(TODO|FIXME|XXX)\b")
_SOURCES = (".cpp", ".h", ".py", ".sh")


def check() -> list[Problem]:
    problems = []
    for name in files(*_SOURCES):
        if name.startswith("scripts/tidy/"):
            continue
        lines = read_lines(name)
        if _VAGUE_FILE.search(name):
            problems.append(Problem(name, 1, "a name that says nothing; name the file by what it holds"))
        if name.endswith(".h") and "#pragma once" not in lines:
            problems.append(Problem(name, 1, "a header begins with #pragma once"))
        for number, line in enumerate(lines, 1):
            problems += [Problem(name, number, message) for message in _line_problems(name, line)]
    return problems


def _line_problems(name: str, line: str) -> list[str]:
    messages = []
    if _POSTPONED.search(line):
        messages.append("work put off in a comment; do it, or write an issue")
    if line.endswith((" ", "\t")):
        messages.append("blanks at the end of the line")
    if name.endswith((".cpp", ".h")):
        match = _VAGUE_TYPE.search(line)
        if match:
            messages.append(f"a name that says nothing: {match.group(1)}")
        if "using namespace std;" in line:
            messages.append("using namespace std")
    return messages
