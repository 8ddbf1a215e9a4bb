"""Processes of Linux, read from /proc: whether one still runs, which one holds a port, and how to start one apart."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LISTEN = "0A"
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Process:
    """One process for certain: its id, and when it began, since ids come again."""

    pid: int
    began: int

    def runs(self) -> bool:
        state = _state(self.pid)
        return state is not None and state == (self.began, False)

    def stop(self, patience_seconds: float) -> bool:
        """Asks it to end, waits, then kills it. False if it had to be killed."""
        self._signal(signal.SIGTERM)
        if self._wait(patience_seconds):
            return True
        self._signal(signal.SIGKILL)
        self._wait(patience_seconds)
        return False

    def _signal(self, number: int) -> None:
        if self.runs():
            os.kill(self.pid, number)

    def _wait(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.runs():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True


def _state(pid: int) -> tuple[int, bool] | None:
    """(Clock tick at which it began, whether it is a zombie), None if there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(fields[19]), fields[0] in "ZX"


def find(pid: int) -> Process | None:
    state = _state(pid)
    return None if state is None else Process(pid, state[0])


def command_line(pid: int) -> str:
    """The command of a process, its name if the system hides the rest."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return " ".join(word.decode(errors="replace") for word in words if word)
    except OSError:
        return f"process {pid}"


def start_detached(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> tuple[subprocess.Popen[bytes], Process]:
    """Starts a process in a session of its own, whose output goes to the end of `log`."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    process = find(child.pid)
    assert process is not None  # Unreaped children are found even when they have ended.
    return child, process


@dataclass(frozen=True)
class Listener:
    """A socket that listens on TCP."""

    address: str  # As in /proc/net/tcp, hexadecimal
    pid: int | None  # None when the system hides it

    @property
    def is_loopback(self) -> bool:
        return self.address in ("0100007F", "00000000000000000000000001000000")


def listeners(port: int) -> list[Listener]:
    """Whoever listens on a TCP port of any address."""
    found: dict[str, str] = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not Path(table).exists():
            continue
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            address, _, local_port = fields[1].partition(":")
            if fields[3] == _LISTEN and int(local_port, 16) == port:
                found[fields[9]] = address
    owners = _socket_owners(set(found)) if found else {}
    return [Listener(address, owners.get(inode)) for inode, address in found.items()]


def _socket_owners(inodes: set[str]) -> dict[str, int]:
    links = {f"socket:[{inode}]": inode for inode in inodes}
    owners: dict[str, int] = {}
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            for descriptor in os.scandir(process / "fd"):
                if inode := links.get(str(Path(descriptor.path).readlink())):
                    owners[inode] = int(process.name)
        except OSError:
            continue  # It ended meanwhile, or belongs to someone else.
    return owners
