"""A place for Dagster to work in: a feed, a table, a home, and the processes that are started there."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
ENGINE_PYTHON = Path(os.environ.get("QUELL_PYTHON", ROOT / ".venv" / "bin" / "python"))
ROWS = 200_000
FILES = 4
# How long anything may take that ends by itself; generous, since other work may share the machine.
PATIENCE_S = 300


def make_feed(folder: Path, *options: str) -> None:
    """Files of ROWS transactions."""
    command = [str(ENGINE_PYTHON), "-m", "quell", "datagen", "--rows", str(ROWS), "--rows-per-file", str(ROWS // FILES)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "python")}
    subprocess.run([*command, "--to", str(folder), *options], env=environment, check=True, capture_output=True)


def wait_until(is_so: Callable[[], Any], what: str) -> Any:
    """The first true value that `is_so` returns."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := is_so()):
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.05)
    return value


class Place:
    """Folders of one test, and the environment that points at them."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "raw"
        self.target = folder / "weekly"
        self.home = folder / "dagster"
        self.home.mkdir()
        self.environment = os.environ | {
            "QUELL_SOURCE": str(self.source),
            "QUELL_TARGET": str(self.target),
            "DAGSTER_HOME": str(self.home),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "python"), str(Path(__file__).parent)]),
            "DAGSTER_DISABLE_TELEMETRY": "yes",
        }

    def run(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [str(word) for word in words]
        return subprocess.run(
            command,
            env=self.environment | environment,
            cwd=ROOT / "python",
            capture_output=True,
            text=True,
            check=False,
        )

    def tick(self, **environment: str) -> dict[str, Any]:
        done = self.run(sys.executable, "-m", "quell.dagster.tick", **environment)
        assert done.stdout, done.stderr[-3000:]
        outcome: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        assert done.returncode == (0 if outcome.get("succeeded", True) else 1), done.stderr[-3000:]
        return outcome

    def start(self, *words: str | Path, log: Path, **environment: str) -> subprocess.Popen[bytes]:
        """Starts a process that leads a session of its own, as a run worker does."""
        with log.open("wb") as file:
            return subprocess.Popen(
                [str(word) for word in words],
                env=self.environment | environment,
                cwd=ROOT / "python",
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def versions(self) -> list[str]:
        return sorted(path.name for path in (self.target / "_delta_log").glob("*.json"))


def processes_of(session: int) -> dict[int, list[str]]:
    """The command lines of the processes in the session that `session` leads."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            if os.getsid(int(folder.name)) == session and state != "Z":
                found[int(folder.name)] = words
        except OSError:
            continue
    return found


def engines_of(session: int) -> list[int]:
    return [process for process, words in processes_of(session).items() if words[0].endswith("quell")]


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a process, which must end its children itself."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE_S)
        wait_until(lambda: not processes_of(process.pid), "its children end")
    finally:
        for left in processes_of(process.pid):
            os.kill(left, signal.SIGKILL)
