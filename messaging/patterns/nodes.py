"""JSON with places, as the parser counts them that AWS's messages quote.

That parser tells where it stands: behind the token it has read, and behind a name behind the colon
and the first character of the value (a number or a word is read whole).
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}
_DEEPEST: Final = 100


class Malformed(ValueError):
    """The text is no JSON; ``place`` is where reading ended."""

    def __init__(self, place: int) -> None:
        super().__init__(f"no JSON at character {place}")
        self.place = place


@dataclass(frozen=True)
class Node:
    """A value with the places behind its first token and behind its last one.

    ``value`` is a scalar, a list of nodes or a list of (name, place behind the name, node).
    """

    value: Any
    kind: str
    opened: int
    end: int

    @property
    def members(self) -> list[tuple[str, int, "Node"]]:
        found: list[tuple[str, int, Node]] = self.value
        return found

    @property
    def items(self) -> list["Node"]:
        found: list[Node] = self.value
        return found

    def plain(self) -> Any:
        """Return the value as ``json.loads`` would."""
        if self.kind == "object":
            return {name: node.plain() for name, _, node in self.members}
        if self.kind == "array":
            return [node.plain() for node in self.items]
        return self.value


def read(text: str) -> Node:
    """Parse a document; raises Malformed."""
    node = _Reader(text).value(_skip(text, 0), 0)
    if _skip(text, node.end) != len(text):
        raise Malformed(node.end)
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def value(self, at: int, depth: int) -> Node:
        letter = self.text[at : at + 1]
        if depth > _DEEPEST:
            raise Malformed(at)
        if letter == "{":
            return self._object(at + 1, depth)
        if letter == "[":
            return self._array(at + 1, depth)
        if letter == '"':
            text, end = self._string(at)
            return Node(text, "string", at + 1, end)
        number = _NUMBER.match(self.text, at)
        if number is not None:
            return Node(json.loads(number[0]), "number", number.end(), number.end())
        for word, value in _WORDS.items():
            if self.text.startswith(word, at):
                return Node(
                    value, "null" if value is None else "boolean", at + len(word), at + len(word)
                )
        raise Malformed(at)

    def _object(self, opened: int, depth: int) -> Node:
        members: list[tuple[str, int, Node]] = []
        at = _skip(self.text, opened)
        while self.text[at : at + 1] != "}":
            name, at = self._string(at)
            at = self._sign(at, ":")
            at = _skip(self.text, at)
            node = self.value(at, depth + 1)
            place = at + 1 if node.kind in ("object", "array", "string") else node.end
            members.append((name, place, node))
            at = self._separated(node.end, "}")
        return Node(members, "object", opened, at + 1)

    def _array(self, opened: int, depth: int) -> Node:
        items: list[Node] = []
        at = _skip(self.text, opened)
        while self.text[at : at + 1] != "]":
            node = self.value(at, depth + 1)
            items.append(node)
            at = self._separated(node.end, "]")
        return Node(items, "array", opened, at + 1)

    def _separated(self, at: int, closing: str) -> int:
        """Return where the next member begins, or the closing sign stands."""
        at = _skip(self.text, at)
        if self.text[at : at + 1] == closing:
            return at
        at = _skip(self.text, self._sign(at, ","))
        if self.text[at : at + 1] == closing:
            raise Malformed(at)
        return at

    def _sign(self, at: int, sign: str) -> int:
        at = _skip(self.text, at)
        if self.text[at : at + 1] != sign:
            raise Malformed(at)
        return at + 1

    def _string(self, at: int) -> tuple[str, int]:
        found = _STRING.match(self.text, at)
        if found is None:
            raise Malformed(at)
        text: str = json.loads(found[0])
        return text, found.end()


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank is not None else at
