"""Where the `quell` command is."""

import os
import shutil
from pathlib import Path

_TREE = Path(__file__).resolve().parents[3]


def find_binary() -> str:
    """$QUELL_BINARY, else the release build of the tree, else the one on the path."""
    if binary := os.environ.get("QUELL_BINARY"):
        return binary
    built = _TREE / "build" / "release" / "quell"
    if built.exists():
        return str(built)
    if found := shutil.which("quell"):
        return found
    raise FileNotFoundError("no quell command; run ./dev build, or set QUELL_BINARY")


def find_job(name: str) -> str:
    """The SQL file of a job."""
    return str(_TREE / "jobs" / name)
