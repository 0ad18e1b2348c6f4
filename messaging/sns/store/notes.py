"""What SNS wants to know again when a packet's outcome is told."""

from typing import NamedTuple


class Note(NamedTuple):
    """The message, its FIFO group, and whether it asks an endpoint to confirm."""

    message: int
    group: str = ""
    asks: bool = False

    def text(self) -> str:
        return f"{self.message}{'?' if self.asks else ' '}{self.group}"

    @classmethod
    def read(cls, text: str) -> "Note":
        """Return what ``text`` has made; an empty one where it is not ours."""
        end = next((at for at, sign in enumerate(text) if not sign.isdigit()), len(text))
        return cls(int(text[:end] or 0), text[end + 1 :], text[end : end + 1] == "?")
