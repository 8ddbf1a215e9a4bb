"""A twisted runtime server that listens on the given host only, and holds a response back while its client is slow."""

import threading
from collections.abc import Iterator
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
from twisted.internet.interfaces import IPushProducer
from twisted.web.server import NOT_DONE_YET, Site
from zope.interface import implementer

# Twisted types its reactor as a module.
_reactor: Any = twisted_reactor


@implementer(IPushProducer)
class PacedResponse(HeaderPreservingWSGIResponse):
    """Writes only while the connection takes more, so that no response is buffered whole in memory."""

    def __init__(self, reactor: Any, threadpool: Any, application: Any, request: Any) -> None:
        super().__init__(reactor, threadpool, self._run_application, request)
        self._wrapped_application = application
        self._writable = threading.Event()
        self._writable.set()
        self.request.registerProducer(self, True)

    def _run_application(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        body = self._wrapped_application(environ, start_response)
        try:
            yield from body
        finally:
            if close := getattr(body, "close", None):
                close()
            self.reactor.callFromThread(self._unregister)

    def pauseProducing(self) -> None:  # noqa: N802 (the names of twisted's interface)
        self._writable.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self._writable.set()

    def stopProducing(self) -> None:  # noqa: N802
        self._writable.set()

    def _finished(self, ignored: object) -> None:
        super()._finished(ignored)
        self._writable.set()

    def write(self, data: bytes) -> Any:
        self._writable.wait()
        return None if self._requestFinished else super().write(data)

    def _unregister(self) -> None:
        if not self._requestFinished:
            self.request.unregisterProducer()


class PacedResource(HeaderPreservingWSGIResource):
    def render(self, request: Any) -> int:
        PacedResponse(self._reactor, self._threadpool, self._application, request).start()
        return int(NOT_DONE_YET)


class PacedSite(Site):
    def __init__(self, gateway: Gateway) -> None:
        resource = PacedResource(_reactor, _reactor.getThreadPool(), WsgiGateway(gateway))
        super().__init__(resource=resource, requestFactory=TwistedRequestAdapter)
        self.protocol = HeaderPreservingHTTPChannel.protocol_factory  # type: ignore[method-assign]


class LoopbackServer(TwistedRuntimeServer):
    """Plain HTTP, on exactly the hosts and ports of GATEWAY_LISTEN."""

    def register(
        self, gateway: Gateway, listen: list[config.HostAndPort], ssl_creds: tuple[str, str] | None = None
    ) -> None:
        site = PacedSite(gateway)
        for address in listen:
            _reactor.listenTCP(address.port, site, interface=address.host)
