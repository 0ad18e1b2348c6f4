"""Wildcards and policy variables of IAM policies. Pure.

Matching walks the text once per star and never backs further than the last one, so that a hostile
pattern costs length times length and not more.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum

Values = Sequence[str] | None
"""A context key's values; None where we model the key and this request lacks it."""

STAR = "**"
ONE = "??"

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"\s*([^,]*?)\s*,\s*'(.*)'\s*", re.DOTALL)
_ESCAPES = frozenset("*?$")


class Truth(Enum):
    """Three-valued logic: what depends on a key that we do not model is UNKNOWN."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @classmethod
    def of(cls, value: bool) -> "Truth":
        return cls.YES if value else cls.NO

    def negate(self) -> "Truth":
        return Truth(2 - self.value)


class Request:
    """The context keys of one request, found whatever their case."""

    def __init__(self, context: Mapping[str, Values], *, variables: bool) -> None:
        self._values = {key.lower(): values for key, values in context.items()}
        self._variables = variables

    def knows(self, key: str) -> bool:
        """Tell whether we model the key (the request may still lack it)."""
        return key.lower() in self._values

    def values(self, key: str) -> Values:
        """Return the key's values, or None where the request lacks it."""
        return self._values.get(key.lower())

    def tokens(self, pattern: str) -> tuple[str, ...] | Truth:
        """Return the pattern's tokens with variables filled in.

        NO where a variable has no value in this request, UNKNOWN where we do not model it.
        """
        if not self._variables or "${" not in pattern:
            return split_wildcards(pattern)
        tokens: list[str] = []
        start = 0
        for found in _VARIABLE.finditer(pattern):
            value = self._variable(found[1])
            if isinstance(value, Truth):
                return value
            tokens += split_wildcards(pattern[start : found.start()])
            tokens += value
            start = found.end()
        tokens += split_wildcards(pattern[start:])
        return tuple(tokens)

    def text(self, pattern: str) -> str | Truth:
        """Return the pattern as plain text with variables filled in; stars stay stars."""
        tokens = self.tokens(pattern)
        if isinstance(tokens, Truth):
            return tokens
        return "".join("*" if t == STAR else "?" if t == ONE else t for t in tokens)

    def _variable(self, inner: str) -> str | Truth:
        if inner in _ESCAPES:
            return inner
        default = _DEFAULT.fullmatch(inner)
        key = default[1] if default else inner.strip()
        if not self.knows(key):
            return Truth.UNKNOWN
        values = self.values(key)
        if values is not None and len(values) == 1:
            return values[0]
        return default[2] if default else Truth.NO


def split_wildcards(pattern: str) -> tuple[str, ...]:
    """Return the pattern as literal characters, STAR and ONE."""
    return tuple(STAR if c == "*" else ONE if c == "?" else c for c in pattern)


def glob(pattern: str, text: str) -> bool:
    """Tell whether ``text`` fits a pattern with ``*`` (any run) and ``?`` (any one character)."""
    return match_tokens(split_wildcards(pattern), text)


def match_tokens(tokens: Sequence[str], text: str) -> bool:
    """Tell whether ``text`` fits tokens made by split_wildcards."""
    at = here = 0
    star = -1
    resume = 0
    while here < len(text):
        if at < len(tokens) and tokens[at] == STAR:
            star, resume = at, here
            at += 1
        elif at < len(tokens) and tokens[at] in (ONE, text[here]):
            at += 1
            here += 1
        elif star >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return all(token == STAR for token in tokens[at:])
