"""The front process: takes connections from the passage and speaks HTTP on them."""

import asyncio
import gc
import socket
from typing import Any, Final

import uvicorn

from dashboard.front.configuring import configuration
from dashboard.front.moving import Ended, Passage
from dashboard.front.protocols import Arrivals, WayBack
from messaging.remote import RemoteEngine
from messaging.wire.gateway import Gateway

GC_YOUNG: Final = 20_000


class Reception:
    """Serves the connections that come through the passage."""

    def __init__(self, server: uvicorn.Server, passage: Passage) -> None:
        self.server = server
        self.passage = passage
        self._arrivals = Arrivals(server)

    def open(self) -> None:
        """Begin to take connections, and say so."""
        asyncio.get_running_loop().add_reader(self.passage.socket.fileno(), self._listen)
        self.passage.say_ready()

    def end(self) -> None:
        """Answer what is under way, and end: the server's process has, or wants us to."""
        asyncio.get_running_loop().remove_reader(self.passage.socket.fileno())
        self.server.should_exit = True

    def _listen(self) -> None:
        try:
            while (arrival := self.passage.receive()) is not None:
                connection, first = arrival
                if connection is not None:
                    self._arrivals.take(connection, first)
        except Ended:
            self.end()


def serve(link: int, passage: int) -> None:
    """Serve until the link ends; both are numbers of open sockets."""
    config = configuration(_nothing, ws="none")
    ends = socket.socket(fileno=link), socket.socket(fileno=passage)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(config, *ends))


async def _serve(config: uvicorn.Config, link: socket.socket, passage_end: socket.socket) -> None:
    passage = Passage(passage_end)
    link.setblocking(False)
    _, engine = await asyncio.get_running_loop().create_connection(RemoteEngine, sock=link)
    await engine.is_open.wait()
    config.app = Gateway(engine, WayBack(passage.send))
    config.load()
    server = uvicorn.Server(config)
    reception = Reception(server, passage)
    engine.ended.add_done_callback(lambda _: reception.end())
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_YOUNG)
    reception.open()
    await server.serve(sockets=[])


async def _nothing(*_: Any) -> None:
    """Stand where the application will be: it needs the loop, which the configuration makes."""
