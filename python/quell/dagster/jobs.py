"""Where the jobs are."""

from pathlib import Path

_TREE = Path(__file__).resolve().parents[3]


def find_job(name: str) -> str:
    """The SQL file of a job: of the installed package, else of the tree."""
    installed = Path(__file__).resolve().parents[1] / "jobs" / name
    return str(installed if installed.exists() else _TREE / "jobs" / name)
