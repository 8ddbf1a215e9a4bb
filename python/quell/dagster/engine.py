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
    if (found := shutil.which("quell")) and not _is_script(found):
        return found
    raise FileNotFoundError("no quell command; run ./dev build, set QUELL_BINARY, or set in_process=True")


def _is_script(path: str) -> bool:
    """The package installs a script of the same name for its commands in Python; it runs no SQL."""
    with Path(path).open("rb") as file:
        return file.read(2) == b"#!"


def find_job(name: str) -> str:
    """The SQL file of a job: of the installed package, else of the tree."""
    installed = Path(__file__).resolve().parents[1] / "jobs" / name
    return str(installed if installed.exists() else _TREE / "jobs" / name)
