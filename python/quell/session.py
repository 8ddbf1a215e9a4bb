"""The engine inside of this Python process.

>>> session = Session({"quell.memory.limit": "512MB"})
>>> session.sql("SELECT 1 AS a").to_arrow().to_pylist()
[{'a': 1}]
"""

import asyncio
import atexit
import json
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any

import pyarrow as pa

from quell import _engine
from quell.errors import QuellError

__all__ = ["QuellError", "Result", "Session"]


class Result:
    """The rows of one statement, in Arrow memory, and what the statement used."""

    def __init__(self, result: _engine.Result) -> None:
        self._result = result
        self.report: dict[str, Any] = json.loads(result.report_json)
        self.version: int | None = result.version

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._result.__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pa.Table:
        """The rows as a table that shares the engine's memory."""
        return pa.table(self)


class _StatementThread(threading.Thread):
    """A thread of this module, which it waits for at the end."""


class _Running:
    """A statement on a thread of its own, so that whoever waits for it still gets signals, cancels and exceptions.

    What a signal raises may come between the taking of a Python lock and the block that gives it back. So a thread that
    may get signals takes no such lock that the statement's thread needs, that of the future included.
    """

    def __init__(self, session: _engine.Session, text: str, statements: "set[_Running]") -> None:
        self._cancel = _engine.CancelToken()
        self._statements = statements
        self._thread = _StatementThread(target=self._run, args=(session, text), name="quell", daemon=True)
        self._has_begun = False
        self._is_over = False  # the engine has returned
        self._has_left = False  # and nothing lists the statement any more
        self._leaving: SimpleQueue[None] = SimpleQueue()
        self.future: Future[_engine.Result] = Future()

    def start(self) -> None:
        if _is_ending:
            raise RuntimeError("the interpreter ends; statements cannot be started any more")
        _running.add(self)
        try:
            self._thread.start()
        except RuntimeError:
            _running.discard(self)
            raise
        self._statements.add(self)
        if self._is_over:
            self._statements.discard(self)

    def _run(self, session: _engine.Session, text: str) -> None:
        self._has_begun = True
        try:
            result = session.run(text, self._cancel)
        except BaseException as error:
            self._leave()
            self.future.set_exception(error)
        else:
            self._leave()
            self.future.set_result(result)
        finally:
            self._has_left = True
            self._leaving.put(None)
            # An exception holds this frame: a cycle, which would hold the session until the garbage collector comes.
            del self, session

    def _leave(self) -> None:
        self._is_over = True
        self._statements.discard(self)
        _running.discard(self)

    def wait(self) -> None:
        """Returns when the future has its result."""
        while not self._has_left:
            # The timeout is for an end that another thread, or a call that was interrupted, has taken from the queue.
            with suppress(Empty):
                self._leaving.get(timeout=1)

    def cancel(self) -> None:
        """Asks the engine to stop; it does within a batch."""
        self._cancel.cancel()

    def stop(self) -> None:
        """Asks the engine to stop, and waits until it has. One that has not begun yet will stop at once."""
        self.cancel()
        if self._has_begun:
            self.wait()


# Of all sessions of this process. Adding, removing and copying are atomic under the GIL.
_running: set[_Running] = set()
_is_ending = False


def _stop_all() -> None:
    # A thread of the engine that came back into an interpreter that is gone would bring the process down.
    global _is_ending
    _is_ending = True
    for running in list(_running):
        running.stop()
    # One that has handed over its result may still hold the session.
    for thread in threading.enumerate():
        if isinstance(thread, _StatementThread):
            thread.join()


atexit.register(_stop_all)
# What runs in the parent does not run in a child.
os.register_at_fork(after_in_child=_running.clear)


@contextmanager
def _pipes_channel(environment: Mapping[str, str] | None) -> Iterator[_engine.Pipes | None]:
    if not environment:
        yield None
        return
    channel = _engine.Pipes(environment.get("DAGSTER_PIPES_CONTEXT", ""), environment["DAGSTER_PIPES_MESSAGES"])
    try:
        yield channel
    except BaseException as error:
        channel.report_error(getattr(error, "error_class", type(error).__name__), str(error))
        raise
    finally:
        channel.close()


class Session:
    """Settings, temporary views and a memory limit that its statements share.

    Safe to use from several threads at once, from asyncio and on both sides of a fork. A wait for a statement that ends
    by an exception, such as Ctrl-C, cancels the statement.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._session = _engine.Session(dict(settings or {}))
        self._statements: set[_Running] = set()

    def sql(self, text: str) -> Result:
        """Runs one statement and returns its rows. Raises `QuellError`."""
        running = _Running(self._session, text, self._statements)
        try:
            running.start()
            running.wait()
            return Result(running.future.result())
        except BaseException:
            running.stop()
            raise
        finally:
            del running  # As in _Running._run.

    async def sql_async(self, text: str) -> Result:
        """As `sql`, for asyncio: the loop goes on meanwhile, and a task that is cancelled cancels its statement."""
        running = _Running(self._session, text, self._statements)
        running.start()
        future = asyncio.wrap_future(running.future)
        try:
            return Result(await asyncio.shield(future))
        except asyncio.CancelledError:
            running.cancel()
            await asyncio.wait([future])
            future.exception()  # Looked at, so that asyncio does not complain of it.
            raise
        finally:
            del running, future  # As in _Running._run.

    def run_script(
        self,
        text: str,
        variables: Mapping[str, str] | None = None,
        *,
        source: str = "the script",
        pipes: Mapping[str, str] | None = None,
    ) -> list[Result]:
        """Runs the statements of a script in order until one fails, `${name}` replaced as `quell -d` does.

        An error has a note that names `source` and the statement's line. With `pipes`, the environment that Dagster
        Pipes gives to a process, Dagster is told of the statements as the command would tell it.
        """
        results = []
        with _pipes_channel(pipes) as channel:
            for statement, line in _engine.split_script(text, dict(variables or {})):
                try:
                    results.append(self.sql(statement))
                except QuellError as error:
                    error.add_note(f"in {source}, the statement at line {line}")
                    raise
                if channel:
                    channel.report(results[-1]._result)
        return results

    def interrupt_all(self) -> None:
        """Cancels all statements of this session that are running, whichever thread started them."""
        for running in list(self._statements):
            running.cancel()

    def get(self, name: str) -> str | None:
        """The value of a setting, or None."""
        return self._session.get(name)

    def set(self, name: str, value: str) -> None:
        """Changes a setting of this session."""
        self._session.set(name, value)
