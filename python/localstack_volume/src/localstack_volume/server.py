"""A twisted runtime server that listens on the given host only, and holds a response back while its client is slow."""

import threading
from http import HTTPStatus
from typing import Any

from localstack import config
from localstack.runtime.server.twisted import TwistedRuntimeServer
from rolo.gateway import Gateway
from rolo.gateway.wsgi import WsgiGateway
from rolo.serving.twisted import (
    HeaderPreservingHTTPChannel,
    HeaderPreservingWSGIResource,
    HeaderPreservingWSGIResponse,
    TwistedRequestAdapter,
)
from twisted.internet import reactor as twisted_reactor
from twisted.internet import tcp
from twisted.internet.interfaces import IPushProducer
from twisted.internet.threads import blockingCallFromThread
from twisted.python.failure import Failure
from twisted.web.server import NOT_DONE_YET, Site
from zope.interface import implementer

# Of a response, at one turn of the reactor. Twisted's 128 KiB wake a client for each of them.
SEND_BYTES = 1 << 20

# Twisted types its reactor as a module.
_reactor: Any = twisted_reactor


@implementer(IPushProducer)
class PacedResponse(HeaderPreservingWSGIResponse):
    """Writes only while the connection takes more, so that no response is buffered whole in memory.

    The last piece goes with the end of the response: a hand-over between a worker and the reactor's thread costs as
    much as all the rest of a small request.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._writable = threading.Event()
        self._writable.set()

    def pauseProducing(self) -> None:  # noqa: N802 (the names of twisted's interface)
        self._writable.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self._writable.set()

    def stopProducing(self) -> None:  # noqa: N802
        self._writable.set()

    def _finished(self, ignored: object) -> None:
        super()._finished(ignored)
        self._writable.set()

    def write(self, data: bytes) -> None:
        self._writable.wait()
        if not self._requestFinished:
            blockingCallFromThread(self.reactor, self._write_in_reactor, data)

    def run(self) -> None:
        try:
            last = self._write_all_but_last()
        except BaseException:
            self.reactor.callFromThread(self._fail, Failure())
        else:
            self.reactor.callFromThread(self._finish, last)

    def _write_all_but_last(self) -> bytes:
        last = b""
        body = self.application(self.environ, self.startResponse)
        try:
            for piece in body:
                if self._requestFinished:
                    break
                if last:
                    self.write(last)
                last = piece
        finally:
            if close := getattr(body, "close", None):
                close()
        return last

    # The rest runs in the reactor's thread.

    def _write_in_reactor(self, data: bytes) -> None:
        if not self.started:
            self._sendResponseHeaders()
            self.request.registerProducer(self, True)
            self.started = True
        self.request.write(data)

    def _finish(self, last: bytes) -> None:
        if self._requestFinished:
            return
        if self.started:
            self.request.unregisterProducer()
        else:
            self._sendResponseHeaders()
        if last:
            self.request.write(last)
        self.request.finish()

    def _fail(self, failure: Failure) -> None:
        self._log.failure("a request failed", failure)
        if self._requestFinished:
            return
        if self.started:
            self.request.unregisterProducer()
            self.request.loseConnection()
        else:
            self.request.setResponseCode(HTTPStatus.INTERNAL_SERVER_ERROR)
            self.request.finish()


class PacedResource(HeaderPreservingWSGIResource):
    def render(self, request: Any) -> int:
        PacedResponse(self._reactor, self._threadpool, self._application, request).start()
        return int(NOT_DONE_YET)


class PacedSite(Site):
    def __init__(self, gateway: Gateway) -> None:
        resource = PacedResource(_reactor, _reactor.getThreadPool(), WsgiGateway(gateway))
        super().__init__(resource=resource, requestFactory=TwistedRequestAdapter)
        self.protocol = HeaderPreservingHTTPChannel.protocol_factory  # type: ignore[method-assign]

    def log(self, request: Any) -> None:
        """Nothing: LocalStack has a log of its own."""


class LoopbackServer(TwistedRuntimeServer):
    """Plain HTTP, on exactly the hosts and ports of GATEWAY_LISTEN."""

    def register(
        self, gateway: Gateway, listen: list[config.HostAndPort], ssl_creds: tuple[str, str] | None = None
    ) -> None:
        tcp.Server.SEND_LIMIT = SEND_BYTES
        site = PacedSite(gateway)
        for address in listen:
            _reactor.listenTCP(address.port, site, interface=address.host)
