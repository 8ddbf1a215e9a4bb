"""`quell dagster`: opens Dagster's page with the main job."""

import argparse
import os
import sys
from pathlib import Path

from quell.errors import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "The feed is $QUELL_SOURCE (default s3://raw/transactions/), the table $QUELL_TARGET (default\n"
        "s3://lake/weekly_revenue); $QUELL_MEMORY_LIMIT limits the engine.\n\nexample:\n  quell dagster --port 3001"
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address of the page (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=3000, help="the port of the page (default: 3000)")


def run(arguments: argparse.Namespace) -> int:
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(Path(".cache/dagster").resolve())))
    home.mkdir(parents=True, exist_ok=True)
    program = find_dagster()
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")])
    )
    words = ["dev", "-m", "quell.dagster.definitions", "-h", arguments.host, "-p", str(arguments.port)]
    sys.stdout.flush()
    os.execv(program, [program, *words])


def find_dagster() -> str:
    """Dagster's command: beside this Python, else in the tree's own environment."""
    tree = Path(__file__).resolve().parents[3]
    for folder in (Path(sys.executable).parent, tree / ".venvs" / "dagster" / "bin"):
        if (folder / "dagster").exists():
            return str(folder / "dagster")
    raise CommandError("Dagster is not installed; run ./dev setup dagster")
