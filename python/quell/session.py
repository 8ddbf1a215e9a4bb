"""The engine inside of this Python process.

>>> session = Session({"quell.memory.limit": "512MB"})
>>> session.sql("SELECT 1 AS a").to_arrow().to_pylist()
[{'a': 1}]
"""

import json
import threading
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from quell import _engine
from quell.errors import QuellError

__all__ = ["QuellError", "Result", "Session"]

_POLL_SECONDS = 0.2


class Result:
    """The rows of one statement, in Arrow memory, and what the statement used."""

    def __init__(self, result: Any) -> None:
        self._result = result
        self.report: dict[str, Any] = json.loads(result.report_json)
        self.version: int | None = result.version

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._result.__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pa.Table:
        """The rows as a table that shares the engine's memory."""
        return pa.table(self)


class Session:
    """Settings, temporary views and a memory limit that its statements share.

    Safe to use from several threads at once, from asyncio (through `asyncio.to_thread`) and after a fork. Ctrl-C in the
    main thread cancels the statement: it waits in Python while a thread of its own runs the engine.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._session = _engine.Session(dict(settings or {}))

    def sql(self, text: str) -> Result:
        """Runs one statement and returns its rows. Raises `QuellError`."""
        cancel = _engine.CancelToken()
        outcome: dict[str, Any] = {}

        def run() -> None:
            try:
                outcome["result"] = self._session.run(text, cancel)
            except BaseException as error:
                outcome["error"] = error

        worker = threading.Thread(target=run, name="quell", daemon=True)
        worker.start()
        try:
            while worker.is_alive():
                worker.join(_POLL_SECONDS)
        except BaseException:
            cancel.cancel()
            worker.join()
            raise
        if "error" in outcome:
            raise outcome["error"]
        return Result(outcome["result"])

    def get(self, name: str) -> str | None:
        """The value of a setting, or None."""
        value: str | None = self._session.get(name)
        return value

    def set(self, name: str, value: str) -> None:
        """Changes a setting of this session."""
        self._session.set(name, value)
