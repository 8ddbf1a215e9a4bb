"""`quell s3 start | stop | status`."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from quell.s3.servers import SERVERS, Keys
from quell.s3.store import Running, Status, Store

NOT_RUNNING = 3
NOT_HEALTHY = 4

EPILOG = """examples:
  quell s3 start --bucket raw --bucket lake
  quell s3 status --json
  quell s3 stop

Exit codes: 0 done; 1 refused; status: 3 no server runs, 4 it runs but does not answer.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    start = actions.add_parser("start", help="start the server in the background, and return when it answers")
    start.add_argument(
        "--server", choices=list(SERVERS), default="localstack", help="the program (default: localstack)"
    )
    start.add_argument("--port", type=int, default=4566, help="the port on 127.0.0.1 (default: 4566)")
    start.add_argument("--fsync", action="store_true", help="acknowledge only what has reached the disk (localstack)")
    start.add_argument(
        "--bucket", action="append", default=[], metavar="NAME", help="make this bucket if it is missing"
    )
    stop = actions.add_parser("stop", help="stop the server; its data stays")
    status = actions.add_parser("status", help="say whether the server answers, and what the volume holds")
    for action in (start, stop, status):
        action.add_argument(
            "--volume", type=Path, default=Path("volume"), help="the folder of the data (default: volume/)"
        )
        action.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    store = Store(arguments.volume)
    return {"start": _start, "stop": _stop, "status": _status}[arguments.action](store, arguments)


def _start(store: Store, arguments: argparse.Namespace) -> int:
    started = store.start(SERVERS[arguments.server], arguments.port, fsync=arguments.fsync, buckets=arguments.bucket)
    running = started.running
    if arguments.json:
        facts = {"already_running": started.already, "seconds": round(started.seconds, 3)}
        print(json.dumps(_facts(store, running) | facts))
        return 0
    how = "runs already" if started.already else f"answers after {started.seconds:.1f} s"
    print(f"{running.server} {how}: {running.endpoint}, volume {store.volume}, pid {running.pid}, log {running.log}")
    key = running.access_key
    print(f"export AWS_ENDPOINT_URL={running.endpoint} AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID={key} \\")
    print("  AWS_SECRET_ACCESS_KEY=" + ("test" if key == Keys.DEFAULT else "$AWS_SECRET_ACCESS_KEY"))
    return 0


def _stop(store: Store, arguments: argparse.Namespace) -> int:
    stopped = store.stop()
    if arguments.json:
        print(json.dumps({"volume": str(store.volume), "stopped": stopped is not None}))
    elif stopped is None:
        print(f"no server runs for {store.volume}")
    else:
        print(f"{stopped.server} at {stopped.endpoint} has stopped; its data stays in {store.volume}")
    return 0


def _status(store: Store, arguments: argparse.Namespace) -> int:
    status = store.status()
    if arguments.json:
        facts: dict[str, Any] = {"volume": str(store.volume), "server": status.server}
        if status.running is not None:
            facts |= _facts(store, status.running)
        facts |= {"running": status.running is not None, "healthy": status.healthy, "crashed": status.crashed}
        print(json.dumps(facts | asdict(status.contents)))
    else:
        print(_sentence(store, status))
    if status.running is None:
        return NOT_RUNNING
    return 0 if status.healthy else NOT_HEALTHY


def _facts(store: Store, running: Running) -> dict[str, Any]:
    return {
        "server": running.server,
        "endpoint": running.endpoint,
        "port": running.port,
        "pid": running.pid,
        "volume": str(store.volume),
        "log": running.log,
    }


def _sentence(store: Store, status: Status) -> str:
    contents = status.contents
    holds = f"{contents.buckets} buckets, {contents.objects} objects, {contents.size_bytes / 1e6:.1f} MB"
    if status.running is not None:
        health = "answers" if status.healthy else f"does not answer (see {status.running.log})"
        return (
            f"{status.running.server} {health} at {status.running.endpoint}, pid {status.running.pid}; "
            f"{store.volume} holds {holds}"
        )
    ended = "the server has ended by itself" if status.crashed else "no server runs"
    return f"{ended}; {store.volume} holds {holds}"
