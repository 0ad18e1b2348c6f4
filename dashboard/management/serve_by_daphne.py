"""Serve the program in this process by daphne."""

import asyncio
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

# daphne.server installs the event loop's reactor: it comes before any import of twisted's own.
from daphne import http_protocol
from daphne import server as daphne_server
from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server, reactor
from twisted.internet import defer

from dashboard.front.channels import Channels, MovingFactory
from dashboard.front.parent import Front
from dashboard.lifespan import Lifespan
from dashboard.management.daphne_bounds import BoundedRequest
from messaging.engine import engine

GRACE_SECONDS = 1


def serve(application: Lifespan, listener: socket.socket, *, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; raises what the start of the engine raised."""
    failures: list[BaseException] = []
    server = Server(
        application,
        endpoints=_endpoints(listener),
        application_close_timeout=GRACE_SECONDS,
        verbosity=0,
    )
    front = Front(engine(), Channels(server).take) if Front.is_worthwhile() else None

    async def start() -> None:
        try:
            await application.startup()
            if front is not None:
                front.start()
            on_ready()
        except BaseException as error:
            failures.append(error)
            reactor.stop()

    async def end() -> None:
        if front is not None:
            front.rest()
        await application.shutdown()
        if front is not None:
            await front.stop()

    def stop() -> Any:
        return defer.Deferred.fromFuture(asyncio.ensure_future(end()))

    http_protocol.WebRequest = BoundedRequest
    if front is not None:
        daphne_server.HTTPFactory = partial(MovingFactory, front.move)
    reactor.callWhenRunning(lambda: asyncio.ensure_future(start()))
    reactor.addSystemEventTrigger("before", "shutdown", stop)
    server.run()
    if failures:
        raise failures[0]


def _endpoints(listener: socket.socket) -> list[str]:
    if listener.family == socket.AF_INET:
        return list(build_endpoint_description_strings(file_descriptor=listener.fileno()))
    # daphne adopts IPv4 sockets only: it opens this one anew.
    host, port = listener.getsockname()[:2]
    listener.close()
    return list(build_endpoint_description_strings(host=host, port=port))
