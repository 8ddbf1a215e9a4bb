"""A finding of a check, and the files that checks look at."""

import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Problem:
    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@functools.cache
def _tree_files() -> tuple[str, ...]:
    """All files of the tree that git does not ignore, relative to its root."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(sorted(name for name in set(listing.splitlines()) if (ROOT / name).is_file()))


def files(*suffixes: str) -> list[str]:
    """The files whose name ends with one of the suffixes."""
    return [name for name in _tree_files() if name.endswith(suffixes)]


@functools.cache
def read_lines(name: str) -> tuple[str, ...]:
    return tuple((ROOT / name).read_text(encoding="utf-8").splitlines())
