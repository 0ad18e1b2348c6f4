"""A bound for request bodies under daphne, which would keep any amount before it calls us."""

from typing import Any

from daphne.http_protocol import WebRequest
from twisted.internet import reactor

from messaging.wire.bodies import MAX_BODY


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne ships no types
    """A request that is handed on at once when its body is too large, and read no further.

    The application sees the length that was stated, or more bytes than it takes, and refuses the
    request in the form that its client understands; the connection ends with that answer.
    """

    limit = MAX_BODY
    _taken = 0
    _is_whole = False

    def gotLength(self, length: int | None) -> None:
        is_too_large = length is not None and length > self.limit
        super().gotLength(0 if is_too_large else length)
        if is_too_large:
            self._cut_short()

    def handleContentChunk(self, data: bytes) -> None:
        if self._taken > self.limit:
            return
        self._taken += len(data)
        super().handleContentChunk(data)
        if self._taken > self.limit:
            self._cut_short()

    def requestReceived(self, *line: bytes) -> None:
        self._is_whole = True
        super().requestReceived(*line)

    def _cut_short(self) -> None:
        """Hand on what is here, as soon as twisted is done with what it is reading."""
        self._taken = self.limit + 1
        loop: Any = reactor
        loop.callLater(0, self._hand_on)

    def _hand_on(self) -> None:
        if self._is_whole or self.channel is None:
            return
        self.channel.persistent = False
        self.channel.allContentReceived()
