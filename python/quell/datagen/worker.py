"""A worker process: makes one file after another, as the parent asks for them.

The parent imports this module too, to name what the worker runs, so that NumPy and Arrow are imported only within.
"""

import os
import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import FrameType

from quell.datagen.plan import FileSpec, Parameters
from quell.datagen.target import open_target
from quell.errors import CommandError


@dataclass(frozen=True)
class RowsMade:
    """So many more rows were written."""

    rows: int


@dataclass(frozen=True)
class FileMade:
    """The file is in its place; the worker is free."""

    name: str
    size: int


@dataclass(frozen=True)
class Failed:
    """The worker cannot go on, for the reason given."""

    reason: str


Message = RowsMade | FileMade | Failed


class _Stopping:
    """Ends the process at SIGTERM, once, so that a second one does not disturb the cleaning up."""

    def __init__(self) -> None:
        self._exit_code: int | None = None
        signal.signal(signal.SIGTERM, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        self._exit_code = 128 + number
        sys.exit(self._exit_code)

    def check(self) -> None:
        """Exits if it was told to: what the signal raised is lost where it met a destructor."""
        if self._exit_code is not None:
            sys.exit(self._exit_code)


def run_worker(uri: str, parameters: Parameters, chunk_rows: int, connection: Connection) -> None:
    """Makes the files whose specifications come through `connection`, until it closes or the parent is gone.

    The parent alone hears Ctrl-C; it ends its workers by SIGTERM, which removes what they have not finished.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stopping = _Stopping()
    parent = os.getppid()
    # Arrow's other allocators keep what a row group needed; this one returns it. Read when Arrow is imported.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    from quell.datagen.file_maker import FileMaker

    def on_rows(rows: int) -> None:
        stopping.check()
        if os.getppid() != parent:
            sys.exit(1)
        connection.send(RowsMade(rows))

    def fail(reason: str) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # The parent now ends all workers; this one is at its end.
        connection.send(Failed(reason))

    try:
        maker = FileMaker(parameters, chunk_rows, open_target(uri))
        while True:
            spec: FileSpec = connection.recv()
            connection.send(FileMade(spec.name, maker.make(spec, on_rows)))
    except (EOFError, BrokenPipeError):
        return
    except CommandError as error:
        fail(str(error))
    except Exception as error:
        reason = error.strerror if isinstance(error, OSError) else None
        fail(f"cannot write to {uri}: {reason or error}")
