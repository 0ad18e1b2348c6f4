"""The AWS CLI's shorthand for structures: ``Id=1,Attributes={a={DataType=String}}``. Pure.

https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
"""

import re
from typing import Any, Final

DEEPEST: Final = 16
_KEY: Final = re.compile(r"[A-Za-z0-9_.#/:-]+")
_QUOTED: Final = {
    "'": re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL),
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL),
}
_BARE: Final = {
    "": re.compile(r"[^,]*", re.DOTALL),
    "}": re.compile(r"[^,}]*", re.DOTALL),
    "]": re.compile(r"[^,\]]*", re.DOTALL),
}
_NEXT_KEY: Final = re.compile(r"\s*[A-Za-z0-9_.#/:-]+=")
_SPACE: Final = re.compile(r"\s*")


class Unreadable(ValueError):
    """The text is no shorthand; the message points at the place."""


def parse(text: str) -> dict[str, Any]:
    """Read ``key=value`` pairs. Values are texts, lists or further pairs."""
    return _Parser(text).all()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def all(self) -> dict[str, Any]:
        found = self.pairs("")
        if self.at < len(self.text):
            raise self.unexpected(",")
        return found

    def pairs(self, end: str) -> dict[str, Any]:
        """Read pairs up to the bracket ``end``, or to the end of the text."""
        found: dict[str, Any] = {}
        while True:
            self.take(_SPACE)
            key = _KEY.match(self.text, self.at)
            if key is None:
                raise self.unexpected(end or "a key")
            self.at = key.end()
            self.expect("=")
            if key[0] in found:
                raise Unreadable(
                    f"Second instance of key {key[0]!r} encountered for input:{self.place()}"
                )
            found[key[0]] = self.values(end)
            if self.peek() != ",":
                return found
            self.at += 1

    def values(self, end: str) -> Any:
        """Read the value of a key: one, or several with commas between up to the next key."""
        first = self.value(end)
        more = [first]
        while self.peek() == "," and not _NEXT_KEY.match(self.text, self.at + 1):
            if self.at + 1 >= len(self.text):
                raise self.unexpected("a value")
            self.at += 1
            more.append(self.value(end))
        return first if len(more) == 1 else more

    def value(self, end: str) -> Any:
        self.take(_SPACE)
        start = self.peek()
        if start in ("{", "["):
            return self.bracket(start)
        if start in _QUOTED:
            found = _QUOTED[start].match(self.text, self.at)
            if found is None:
                raise self.unexpected(start)
            self.at = found.end()
            return re.sub(rf"\\([{start}\\])", r"\1", found[1])
        return self.take(_BARE[end]).rstrip()

    def bracket(self, start: str) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable(f"Nested more than {DEEPEST} deep.")
        self.at += 1
        end = "}" if start == "{" else "]"
        self.take(_SPACE)
        found: Any = {} if start == "{" else []
        if self.peek() != end:
            found = self.pairs(end) if start == "{" else self.items()
        self.expect(end)
        self.depth -= 1
        return found

    def items(self) -> list[Any]:
        found = [self.value("]")]
        while self.peek() == ",":
            self.at += 1
            found.append(self.value("]"))
        return found

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def expect(self, character: str) -> None:
        if self.peek() != character:
            raise self.unexpected(character)
        self.at += 1

    def unexpected(self, wanted: str) -> Unreadable:
        received = self.peek() or "EOF"
        return Unreadable(f"Expected: '{wanted}', received: '{received}' for input:{self.place()}")

    def place(self) -> str:
        """Return the text round the place with a mark under it, as the CLI does."""
        start = max(0, self.at - 60)
        shown = self.text[start : self.at + 20].replace("\n", " ")
        return f"\n{shown}\n{' ' * (self.at - start)}^"
