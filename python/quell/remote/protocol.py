"""What the `quell` command and this process say to each other.

Requests come as lines of JSON on standard input: first `{"remote": URL, "settings": {...}}`, then `{"sql": TEXT}` for
each statement. Answers go to standard output as frames: one byte that says the kind, the length as 8 bytes in
little-endian order, and so many bytes of content:

- `O`: the session is open.
- `A`: a piece of an Arrow IPC stream. A statement whose result has columns answers with one stream, in any pieces.
- `D`: the statement is done: JSON with `version`, of its Delta commit or null, and `time_zone`, of the session.
- `E`: it failed: JSON with `class`, `sql_state`, `message`, and `line` and `column`, 0 where Spark names no place.

The end of standard input ends the session. SIGINT interrupts the statement that runs, which then fails.
"""

import io
import json
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from quell.remote.errors import RemoteError

_HEADER = struct.Struct("<cQ")


@dataclass(frozen=True)
class Opening:
    """The first request."""

    remote: str
    settings: dict[str, str]


class Channel:
    """Both directions. Nothing else in this process may write to standard output."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers

    @classmethod
    def of_process(cls) -> "Channel":
        """The process's own input and output; what others print goes to standard error."""
        answers = sys.stdout.buffer
        sys.stdout = sys.stderr
        return cls(sys.stdin.buffer, answers)

    def opening(self) -> Opening:
        request = json.loads(self._requests.readline())
        return Opening(request["remote"], request["settings"])

    def statements(self) -> Iterator[str]:
        for line in self._requests:
            yield json.loads(line)["sql"]

    def send_open(self) -> None:
        self._send(b"O", b"", flush=True)

    def send_done(self, version: int | None, time_zone: str) -> None:
        self._send_json(b"D", {"version": version, "time_zone": time_zone})

    def send_error(self, error: RemoteError) -> None:
        self._send_json(
            b"E",
            {
                "class": error.error_class,
                "sql_state": error.sql_state,
                "message": error.message,
                "line": error.line,
                "column": error.column,
            },
        )

    def arrow_sink(self) -> "ArrowSink":
        return ArrowSink(self)

    def send_arrow(self, piece: bytes | memoryview) -> None:
        self._send(b"A", piece, flush=False)

    def flush(self) -> None:
        self._answers.flush()

    def _send_json(self, kind: bytes, content: dict[str, Any]) -> None:
        self._send(kind, json.dumps(content).encode(), flush=True)

    def _send(self, kind: bytes, content: bytes | memoryview, *, flush: bool) -> None:
        self._answers.write(_HEADER.pack(kind, len(content)))
        self._answers.write(content)
        if flush:
            self._answers.flush()


class ArrowSink(io.RawIOBase):
    """A file for Arrow's stream writer, each of whose writes is a frame."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        content = memoryview(piece).cast("B")
        self._channel.send_arrow(content)
        return len(content)

    def flush(self) -> None:
        self._channel.flush()
