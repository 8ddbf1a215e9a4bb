"""A proxy before an S3 server that loses, cuts and refuses what a test asks it to."""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit


class Fault(Enum):
    """What becomes of one request."""

    NONE = auto()
    LOSE_REQUEST = auto()  # It never arrives.
    LOSE_ANSWER = auto()  # It is done, and the connection breaks before the answer.
    CUT_ANSWER = auto()  # The connection breaks in the middle of the body.
    SLOW_DOWN = auto()  # 503 without doing it.
    CONFLICT = auto()  # 409 without doing it.


@dataclass(frozen=True)
class Request:
    method: str
    target: str  # path and query
    headers: dict[str, str]  # names in lower case


Plan = Callable[[Request], Fault]


@dataclass
class FaultyProxy:
    """The plan decides about each request; the requests and the number of connections are kept."""

    upstream: str
    plan: Plan = lambda request: Fault.NONE
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    scheme: str = "http"

    @property
    def endpoint(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def fail_first(self, count: int, fault: Fault, matches: Callable[[Request], bool] = lambda request: True) -> None:
        """The first `count` requests that match meet the fault."""
        lock = threading.Lock()
        left = count

        def plan(request: Request) -> Fault:
            nonlocal left
            with lock:
                if left > 0 and matches(request):
                    left -= 1
                    return fault
            return Fault.NONE

        self.plan = plan


_ERROR = "<Error><Code>{code}</Code><Message>the proxy says so</Message></Error>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def proxy(self) -> FaultyProxy:
        return cast("_Server", self.server).proxy

    def setup(self) -> None:
        super().setup()
        self.proxy.connections += 1

    def _handle(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        request = Request(self.command, self.path, headers)
        self.proxy.requests.append(request)
        fault = self.proxy.plan(request)
        if fault is Fault.LOSE_REQUEST:
            self._break()
        elif fault is Fault.SLOW_DOWN:
            self._answer(503, [], _ERROR.format(code="SlowDown").encode())
        elif fault is Fault.CONFLICT:
            self._answer(409, [], _ERROR.format(code="ConditionalRequestConflict").encode())
        else:
            self._forward(body, fault)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _handle  # noqa: N815

    def _forward(self, body: bytes, fault: Fault) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.proxy.upstream).netloc, timeout=60)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if fault is Fault.LOSE_ANSWER:
            self._break()
            return
        skipped = ("connection", "transfer-encoding", "content-length", "date", "server")
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in skipped]
        length = int(answer.getheader("Content-Length") or len(content)) if self.command == "HEAD" else len(content)
        if fault is Fault.CUT_ANSWER:
            self._answer(answer.status, headers, content[: len(content) // 2], length)
            self._break()
            return
        self._answer(answer.status, headers, content, length)

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _break(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, proxy: FaultyProxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Broken connections are what it is for."""


@contextmanager
def faulty_proxy(upstream: str, certificate: Path | None = None) -> Iterator[FaultyProxy]:
    """A proxy before `upstream`; with a certificate and its key in a PEM file it speaks TLS."""
    proxy = FaultyProxy(upstream, scheme="https" if certificate else "http")
    server = _Server(proxy)
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    proxy.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
