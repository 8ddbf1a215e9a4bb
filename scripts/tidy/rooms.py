"""A room of src/ includes only itself and the rooms above it."""

import re

from problem import ROOT, Problem, files, read_lines

ROOMS = (
    "base",
    "data",
    "expression",
    "storage",
    "delta",
    "catalog",
    "discover",
    "plan",
    "sql",
    "analyzer",
    "optimizer",
    "execution",
    "cost",
    "session",
    "pipes",
)

# Rooms that stand above and still must not be seen, with the reason.
HIDDEN = {
    ("execution", "delta"): "execution meets tables in catalog::Table alone",
    ("analyzer", "sql"): "nothing after the parser knows which front end spoke",
    ("optimizer", "sql"): "nothing after the parser knows which front end spoke",
    ("execution", "sql"): "nothing after the parser knows which front end spoke",
    ("cost", "sql"): "nothing after the parser knows which front end spoke",
}

_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def check() -> list[Problem]:
    problems = []
    for name in files(".h", ".cpp"):
        for number, line in enumerate(read_lines(name), 1):
            match = _INCLUDE.match(line)
            if match:
                message = problem_with(name, match.group(1))
                if message:
                    problems.append(Problem(name, number, message))
    return problems


def problem_with(name: str, included: str) -> str | None:
    """What is wrong with the file `name` including `included`."""
    if not (ROOT / "src" / included).is_file():
        # Programs outside src/ may have headers of their own.
        outside = not name.startswith("src/")
        if outside and any((folder / included).is_file() for folder in (ROOT, (ROOT / name).parent)):
            return None
        return f"no header src/{included}: include paths start at src/"
    if not name.startswith("src/"):
        return None
    room, included_room = name.split("/")[1], included.split("/")[0]
    if room not in ROOMS:
        return f"no room {room}; rooms: {' '.join(ROOMS)}"
    if ROOMS.index(included_room) > ROOMS.index(room):
        return f"{room} includes {included_room}, which stands below it"
    reason = hidden_reason(room, included_room)
    return f"{room} includes {included_room}: {reason}" if reason else None


def hidden_reason(room: str, included_room: str) -> str | None:
    return HIDDEN.get((room, included_room))
