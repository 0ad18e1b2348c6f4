"""What SNS wants to know again when a packet's outcome is told."""

from typing import NamedTuple


class Note(NamedTuple):
    """The message, its FIFO group, and whether it asks an endpoint to confirm."""

    message: int
    group: str = ""
    asks: bool = False

    def text(self) -> str:
        return f"{'?' if self.asks else ''}{self.message} {self.group}"

    @classmethod
    def read(cls, text: str) -> "Note":
        """Return what ``text`` has made; an empty one where it is not ours."""
        number, _, group = text.removeprefix("?").partition(" ")
        return cls(int(number), group, text[0] == "?") if number.isdecimal() else cls(0)
