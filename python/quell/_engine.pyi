"""The engine's C++ module; `quell.session` is its interface."""

from collections.abc import Mapping

class CancelToken:
    """Cancels the statement that it was given to, from any thread."""

    def __init__(self) -> None: ...
    def cancel(self) -> None: ...

class Result:
    """The rows of a statement, by the Arrow PyCapsule interface, and what it used."""

    report_json: str
    version: int | None
    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...

class Session:
    """Settings and a memory limit; runs statements without the GIL."""

    def __init__(self, settings: Mapping[str, str]) -> None: ...
    def run(self, sql: str, cancel: CancelToken) -> Result: ...
    def get(self, name: str) -> str | None: ...
    def set(self, name: str, value: str) -> None: ...
