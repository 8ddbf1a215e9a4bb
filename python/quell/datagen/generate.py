"""Runs the workers that make the files of a table, and only those files that are not there yet."""

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import FrameType

from quell.datagen.plan import PARAMETERS_NAME, FileKind, FileSpec, Parameters, difference
from quell.datagen.progress import Progress
from quell.datagen.target import Target, open_target
from quell.datagen.worker import Failed, FileMade, Message, RowsMade, run_worker
from quell.errors import CommandError

_STOP_SECONDS = 10


@dataclass
class Summary:
    """What a run made and what it found made."""

    to: str
    rows: int
    seed: int
    files: int
    files_made: int = 0
    rows_made: int = 0
    bytes: int = 0
    seconds: float = 0.0
    truncated: list[str] = field(default_factory=list)
    other_schema: list[str] = field(default_factory=list)


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turns SIGINT and SIGTERM into KeyboardInterrupt; a shell's background job has them ignored or fatal."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        previous = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:
        # Only the main thread may; elsewhere the program around us decides.
        yield
        return
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _missing_files(target: Target, uri: str, parameters: Parameters) -> list[FileSpec]:
    """What is still to be made. Raises where the place holds something else."""
    target.prepare()
    present = target.sizes()
    ours = parameters.to_json()
    theirs = target.read(PARAMETERS_NAME)
    if theirs is None:
        strangers = sorted(name for name in present if name.endswith(".parquet"))
        if strangers:
            raise CommandError(f"{uri} holds files that datagen did not make: {strangers[0]}; choose an empty place")
        target.write(PARAMETERS_NAME, ours.encode())
    elif theirs.decode() != ours:
        differs = difference(ours, theirs.decode())
        raise CommandError(f"{uri} was begun with other parameters: {differs}; use the same, or another place")
    return [spec for spec in parameters.files() if spec.name not in present]


class _Crew:
    """The worker processes of one run. On leaving, none of them is alive."""

    def __init__(self, uri: str, parameters: Parameters, chunk_rows: int) -> None:
        self._arguments = (uri, parameters, chunk_rows)
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []

    def __enter__(self) -> "_Crew":
        return self

    def __exit__(self, *_: object) -> None:
        # The pipes stay open until the end: a closed pipe would make a worker clean up, and the signal then disturb it.
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_STOP_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.connection.close()

    def start(self, count: int) -> None:
        """Starts the workers."""
        for _ in range(count):
            ours, theirs = self._context.Pipe()
            process = self._context.Process(target=run_worker, args=(*self._arguments, theirs), daemon=True)
            process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours))

    def make(self, specs: list[FileSpec]) -> Iterator[Message]:
        """Shares the files out among the workers, and yields what they report until all are made."""
        waiting = deque(specs)
        busy = {worker.connection: worker for worker in self._workers}
        for worker in self._workers:
            worker.connection.send(waiting.popleft())
        while busy:
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                message = self._receive(busy[connection])
                yield message
                if not isinstance(message, FileMade):
                    continue
                if waiting:
                    connection.send(waiting.popleft())
                else:
                    del busy[connection]

    @staticmethod
    def _receive(worker: _Worker) -> Message:
        try:
            message: Message = worker.connection.recv()
        except (EOFError, ConnectionError):
            worker.process.join()
            raise CommandError(
                f"a worker ended with exit code {worker.process.exitcode}; run the same command again to go on"
            ) from None
        if isinstance(message, Failed):
            raise CommandError(message.reason)
        return message


def generate(uri: str, parameters: Parameters, workers: int, chunk_rows: int) -> Summary:
    """Makes the files of the table that are missing at `uri`. Raises CommandError or KeyboardInterrupt."""
    files = parameters.files()
    summary = Summary(to=uri, rows=parameters.rows, seed=parameters.seed, files=len(files))
    summary.truncated = [spec.name for spec in files if spec.kind is FileKind.TRUNCATED]
    summary.other_schema = [spec.name for spec in files if spec.kind is FileKind.OTHER_SCHEMA]
    started = time.monotonic()
    with _interruptible():
        missing = _missing_files(open_target(uri), uri, parameters)
        if missing:
            _make_files(_Crew(uri, parameters, chunk_rows), missing, min(workers, len(missing)), summary)
    summary.seconds = round(time.monotonic() - started, 3)
    return summary


def _make_files(crew: _Crew, missing: list[FileSpec], workers: int, summary: Summary) -> None:
    progress = Progress(sum(spec.rows for spec in missing))
    try:
        with crew:
            crew.start(workers)
            for message in crew.make(missing):
                if isinstance(message, RowsMade):
                    progress.add(message.rows)
                    summary.rows_made += message.rows
                elif isinstance(message, FileMade):
                    summary.files_made += 1
                    summary.bytes += message.size
    finally:
        progress.clear()
