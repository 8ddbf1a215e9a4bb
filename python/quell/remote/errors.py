"""Errors of Spark, told as Quell tells its own."""

import re
from typing import Any

CANNOT_CONNECT = ("CANNOT_CONNECT_TO_REMOTE", "08001")
CONNECTION_LOST = ("REMOTE_CONNECTION_LOST", "08006")
CLIENT_MISSING = ("REMOTE_CLIENT_MISSING", "0A000")
CANCELED = ("OPERATION_CANCELED", "HY008")
UNKNOWN = ("REMOTE_ERROR", "XX000")

# "[CLASS] message SQLSTATE: 42703; line 1 pos 7;" and a plan, a piece of the statement or a stack trace behind it.
_SPARK_MESSAGE = re.compile(
    r"\s*\[(?P<name>[A-Z][A-Z0-9_.]*)\]\s*(?P<message>.*?)\s*SQLSTATE: (?P<state>\w{5})(?P<rest>.*)", re.DOTALL
)
# Where it is said: Spark counts the columns of the one from 0, those of the other from 1.
_PLACES = (
    (re.compile(r"line (\d+),? pos (\d+)"), 1),
    (re.compile(r"== SQL.*?\(line (\d+), position (\d+)\)"), 0),
)
_GRPC_DETAILS = re.compile(r'details = "(.*?)"\n')
_STACK_TRACE = "\n\nJVM stacktrace:"


class RemoteError(Exception):
    """A statement failed, or never got there. Lines and columns count from 1; 0 means unknown."""

    def __init__(self, error_class: str, sql_state: str, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.error_class = error_class
        self.sql_state = sql_state
        self.message = message
        self.line = line
        self.column = column


def from_spark(error: Any, endpoint: str) -> RemoteError:
    """What an exception of PySpark says, without the plans and stack traces that Spark adds."""
    if is_unavailable(error):
        return RemoteError(
            *CONNECTION_LOST,
            f"the connection to {endpoint} is gone: {_details(error)}; what the statement did there is unknown",
        )
    text = str(error.getMessage() or error).split(_STACK_TRACE)[0]
    if match := _SPARK_MESSAGE.match(text):
        line, column = _place(match["rest"])
        return RemoteError(match["name"], match["state"], match["message"], line, column)
    name = error.getCondition() or UNKNOWN[0]
    return RemoteError(name, error.getSqlState() or UNKNOWN[1], text.strip().removeprefix(f"[{name}]").strip())


def _place(rest: str) -> tuple[int, int]:
    for pattern, offset in _PLACES:
        if match := pattern.search(rest):
            return int(match[1]), int(match[2]) + offset
    return 0, 0


def is_unavailable(error: Any) -> bool:
    """The server could not be reached, however often PySpark tried."""
    status = getattr(error, "getGrpcStatusCode", lambda: None)()
    return status is not None and status.name == "UNAVAILABLE"


def _details(error: Any) -> str:
    """What gRPC gives as the reason, in the midst of a text of many lines."""
    text = str(error)
    match = _GRPC_DETAILS.search(text)
    return match[1] if match else next((line for line in text.splitlines() if line.strip()), "")
