"""`quell dagster`: opens Dagster's page with the main job."""

import argparse
import os
import signal
import sys
from pathlib import Path

from quell.dagster.home import ensure_home
from quell.errors import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "The feed is $QUELL_SOURCE (default s3://raw/transactions/), the table $QUELL_TARGET (default\n"
        "s3://lake/weekly_revenue); $QUELL_MEMORY_LIMIT limits the engine. Runs are kept in $DAGSTER_HOME (default\n"
        ".cache/dagster).\n\nexample:\n  quell dagster --port 3001"
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address of the page (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=3000, help="the port of the page (default: 3000)")


def run(arguments: argparse.Namespace) -> int:
    ensure_home()
    program = find_dg()
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")])
    )
    words = ["dev", "-m", "quell.dagster.definitions", "-h", arguments.host, "-p", str(arguments.port)]
    # A shell starts what it runs in the background with SIGINT ignored. Dagster would take that over for SIGTERM, too.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.stdout.flush()
    os.execv(program, [program, *words])


def find_dg() -> str:
    """Dagster's command: beside this Python, else in the tree's own environment."""
    tree = Path(__file__).resolve().parents[3]
    for folder in (Path(sys.executable).parent, tree / ".venvs" / "dagster" / "bin"):
        if (folder / "dg").exists():
            return str(folder / "dg")
    raise CommandError("Dagster is not installed; run ./dev setup dagster")
