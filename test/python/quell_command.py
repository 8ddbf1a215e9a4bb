"""Runs the command `quell`, whole or held at a fault point."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 300


def quell_path() -> Path:
    if binary := os.environ.get("QUELL_BINARY"):
        return Path(binary)
    return next(
        (path for name in ("release", "dev") if (path := ROOT / "build" / name / "quell").exists()),
        ROOT / "build/release/quell",
    )


@dataclass
class Quell:
    """The command in one environment: that of a store, where tables are no local folders."""

    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    settings: dict[str, str] = field(default_factory=lambda: {"spark.sql.session.timeZone": "UTC"})

    def start(self, *statements: str, fault: str = "", output: str = "csv", **settings: str) -> "subprocess.Popen[str]":
        """`settings` have underscores for points."""
        words = [word for statement in statements for word in ("-e", statement)]
        every = self.settings | {key.replace("_", "."): value for key, value in settings.items()}
        confs = [word for key, value in every.items() for word in ("--conf", f"{key}={value}")]
        environment = self.environment | ({"QUELL_FAULT": fault} if fault else {})
        pipe = subprocess.PIPE
        command = [str(quell_path()), "--format", output, *confs, *words]
        return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *statements: str, fault: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*statements, fault=fault, **settings)
        out, error = process.communicate(timeout=TIMEOUT_S)
        return subprocess.CompletedProcess(process.args, process.returncode, out, error)

    def must(self, *statements: str, **settings: str) -> list[str]:
        """The lines of the last result, as CSV without its header."""
        done = self.run(*statements, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[1:]

    @contextmanager
    def held(self, *statements: str, at: str, **settings: str) -> Iterator["HeldQuell"]:
        """Starts the statements and waits until they stand still at the fault point `at`."""
        held = HeldQuell(self.start(*statements, fault=f"{at}=stop", **settings))
        try:
            held.wait_until_stopped()
            yield held
        finally:
            held.process.kill()
            held.process.wait()


@dataclass
class HeldQuell:
    process: "subprocess.Popen[str]"

    def wait_until_stopped(self) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while (state := _state(self.process.pid)) != "T":
            if state in ("Z", "X", "") or time.monotonic() > deadline:
                raise AssertionError(f"not stopped but {state!r}: {self.process.communicate(timeout=TIMEOUT_S)}")
            time.sleep(0.01)

    def go_on(self) -> tuple[int, str]:
        """Exit code and errors of the statements, which run to their end."""
        self.process.send_signal(signal.SIGCONT)
        _, error = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, error


def _state(pid: int) -> str:
    """One letter of proc(5): T for stopped, Z for a process that ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""
