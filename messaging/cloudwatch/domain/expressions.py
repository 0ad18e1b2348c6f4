"""Metric math: parsed into a tree. Pure.

``a + 2 * SUM(METRICS())`` becomes nested tuples; functions.py evaluates them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<text>\"[^\"]*\"|'[^']*')|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/^()\[\],<>]))"
)
_DEEPEST: Final = 32
# Signs by how tightly they bind, the loosest first.
_LEVELS: Final = (
    frozenset({"||", "OR"}),
    frozenset({"&&", "AND"}),
    frozenset({"==", "!=", "<", ">", "<=", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/"}),
    frozenset({"^"}),
)

# A minus before a value binds less than a power: -2^2 is -4.
_NEGATED: Final = 5
_CHARS_MAX: Final = 2_048

Tree = Any


class Flaw(ValueError):
    """What is wrong with an expression."""


class Number(NamedTuple):
    value: float


class Name(NamedTuple):
    text: str


class Text(NamedTuple):
    value: str


class Sign(NamedTuple):
    sign: str
    left: Tree
    right: Tree


class Function(NamedTuple):
    name: str
    arguments: tuple[Tree, ...]


class Array(NamedTuple):
    items: tuple[Tree, ...]


def parse(text: str) -> Tree:
    """Return the tree of an expression; raises Flaw."""
    if len(text) > _CHARS_MAX:
        raise Flaw(f"The expression is longer than {_CHARS_MAX} characters")
    parser = _Parser(list(_tokens(text)))
    tree = parser.expression(0)
    if parser.peek:
        raise Flaw(f"Unexpected '{parser.peek}'")
    return tree


def names_in(tree: Tree) -> Iterator[str]:
    """Yield the ids that an expression refers to."""
    if isinstance(tree, Name):
        yield tree.text
    elif isinstance(tree, Sign):
        yield from names_in(tree.left)
        yield from names_in(tree.right)
    elif isinstance(tree, Function | Array):
        for part in tree[-1]:
            yield from names_in(part)


def functions_in(tree: Tree) -> Iterator[str]:
    """Yield the functions that an expression calls."""
    if isinstance(tree, Function):
        yield tree.name
    if isinstance(tree, Sign):
        yield from functions_in(tree.left)
        yield from functions_in(tree.right)
    elif isinstance(tree, Function | Array):
        for part in tree[-1]:
            yield from functions_in(part)


def _tokens(text: str) -> Iterator[str]:
    place = 0
    text = text.strip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise Flaw(f"Unexpected '{text[place]}'")
        place = found.end()
        yield found.group().strip()


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek
        if not token or (wanted and token != wanted):
            raise Flaw(f"Expected '{wanted or 'a value'}' but found '{token or 'the end'}'")
        self._at += 1
        return token

    def expression(self, level: int) -> Tree:
        if level == len(_LEVELS):
            return self._deeper(self._value)
        if level >= _NEGATED and self.peek == "-":
            self.take()
            return Sign("-", Number(0), self._deeper(lambda: self.expression(_NEGATED)))
        left = self.expression(level + 1)
        while self.peek in _LEVELS[level]:
            sign = self.take()
            left = Sign(sign, left, self.expression(level + 1))
        return left

    def _deeper(self, read: Callable[[], Tree]) -> Tree:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Flaw("The expression is nested too deeply")
        found = read()
        self._depth -= 1
        return found

    def _value(self) -> Tree:
        token = self.take()
        if token == "(":
            inner = self.expression(0)
            self.take(")")
            return inner
        if token == "[":
            return Array(self._list("]"))
        if token[0] in "\"'":
            return Text(token[1:-1])
        if token[0].isdigit():
            return Number(float(token))
        if not (token[0].isalpha() or token[0] == "_"):
            raise Flaw(f"Unexpected '{token}'")
        if self.peek == "(":
            self.take()
            return Function(token, self._list(")"))
        return Name(token)

    def _list(self, end: str) -> tuple[Tree, ...]:
        items = []
        while self.peek != end:
            items.append(self.expression(0))
            if self.peek != end:
                self.take(",")
        self.take(end)
        return tuple(items)
