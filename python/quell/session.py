"""The engine inside of this Python process.

>>> session = Session({"quell.memory.limit": "512MB"})
>>> session.sql("SELECT 1 AS a").to_arrow().to_pylist()
[{'a': 1}]
"""

import asyncio
import atexit
import json
import os
import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


# The statements of this process, with their sessions. Adding, removing and copying are atomic under the GIL, and no
# exception of a signal comes between: so nothing is listed that nobody takes off again.
_running: dict[_engine.Statement, "Session"] = {}
_is_ending = False


def _stop_all() -> None:
    # The engine must not go on while the process takes itself apart.
    global _is_ending
    _is_ending = True
    for statement in list(_running):
        statement.cancel()
        _wait_for(statement)


atexit.register(_stop_all)
# What runs in the parent does not run in a child.
os.register_at_fork(after_in_child=_running.clear)


def _enlist(statement: _engine.Statement, session: "Session") -> None:
    _running[statement] = session
    if _is_ending:
        raise RuntimeError("the interpreter ends; statements cannot be started any more")


def _wait_for(statement: _engine.Statement) -> None:
    """Returns when the statement is over. What a signal or another thread raises in this one ends the wait."""
    over = select.poll()
    over.register(statement, select.POLLIN)
    # An exception of another thread interrupts no call: it is looked for each second.
    while not over.poll(1000):
        pass


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

    @property
    def _statements(self) -> list[_engine.Statement]:
        return [statement for statement, session in list(_running.items()) if session is self]

    def sql(self, text: str) -> Result:
        """Runs one statement and returns its rows. Raises `QuellError`."""
        statement = _engine.Statement(self._session, text)
        try:
            _enlist(statement, self)
            _wait_for(statement)
            return Result(statement.take_result())
        except BaseException:
            statement.cancel()
            _wait_for(statement)
            raise
        finally:
            _running.pop(statement, None)
            del statement  # An exception holds this frame, and would hold the session.

    async def sql_async(self, text: str) -> Result:
        """As `sql`, for asyncio: the loop goes on meanwhile, and a task that is cancelled cancels its statement."""
        loop = asyncio.get_running_loop()
        over = asyncio.Event()
        statement = _engine.Statement(self._session, text)
        loop.add_reader(statement, over.set)
        try:
            _enlist(statement, self)
            await over.wait()
            return Result(statement.take_result())
        except BaseException:
            statement.cancel()
            await over.wait()
            raise
        finally:
            loop.remove_reader(statement)
            _running.pop(statement, None)
            del statement  # As in `sql`.

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
        for statement in self._statements:
            statement.cancel()

    def get(self, name: str) -> str | None:
        """The value of a setting, or None."""
        return self._session.get(name)

    def set(self, name: str, value: str) -> None:
        """Changes a setting of this session."""
        self._session.set(name, value)
