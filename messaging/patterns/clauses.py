"""What one entry of a pattern's array asks of a value (rules E1–E4, N10, N12).

A clause sees one scalar at a time: strings, numbers, booleans and None as JSON has them. ``ABSENT``
stands for a field that is not there.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address, ip_network
from operator import eq, ge, gt, le, lt
from typing import Any, Final, Protocol


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()

Scalar = Any
_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "=": eq,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


class Clause(Protocol):
    """One entry of a leaf: the value is right when any entry of its leaf holds."""

    def holds(self, value: Scalar) -> bool: ...


@dataclass(frozen=True)
class Exact:
    """The same value of the same kind: 1 is no "1" and no true."""

    value: Scalar

    def holds(self, value: Scalar) -> bool:
        return same(self.value, value)


@dataclass(frozen=True)
class _Affix(ABC):
    text: str
    ignores_case: bool = False

    def holds(self, value: Scalar) -> bool:
        if not isinstance(value, str):
            return False
        if self.ignores_case:
            return self._fits(value.lower(), self.text.lower())
        return self._fits(value, self.text)

    @abstractmethod
    def _fits(self, value: str, text: str) -> bool: ...


class Prefix(_Affix):
    def _fits(self, value: str, text: str) -> bool:
        return value.startswith(text)


class Suffix(_Affix):
    def _fits(self, value: str, text: str) -> bool:
        return value.endswith(text)


@dataclass(frozen=True)
class EqualsIgnoreCase:
    text: str

    def holds(self, value: Scalar) -> bool:
        return isinstance(value, str) and value.lower() == self.text.lower()


@dataclass(frozen=True)
class Wildcard:
    r"""``*`` stands for any text; ``\*`` and ``\\`` for themselves."""

    text: str

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        parts = re.split(r"(\\[*\\]|\*)", self.text)
        pieces = [".*" if part == "*" else re.escape(_unescaped(part)) for part in parts]
        return re.compile("".join(pieces), re.DOTALL)

    def holds(self, value: Scalar) -> bool:
        return isinstance(value, str) and self._expression.fullmatch(value) is not None


@dataclass(frozen=True)
class AnythingBut:
    """Any value that is there, null included, for which none of the clauses holds (E4)."""

    clauses: tuple[Clause, ...]

    def holds(self, value: Scalar) -> bool:
        return value is not ABSENT and not any(clause.holds(value) for clause in self.clauses)


@dataclass(frozen=True)
class Numeric:
    """A comparison, or two that make a range. A numeric string is no number."""

    bounds: tuple[tuple[str, float], ...]

    def holds(self, value: Scalar) -> bool:
        if not is_number(value):
            return False
        return all(_COMPARE[sign](value, bound) for sign, bound in self.bounds)


@dataclass(frozen=True)
class Cidr:
    """An address inside a network; a text that is no address is outside."""

    network: str

    @cached_property
    def _network(self) -> Any:
        return ip_network(self.network, strict=False)

    def holds(self, value: Scalar) -> bool:
        if not isinstance(value, str):
            return False
        try:
            return ip_address(value) in self._network
        except ValueError:
            return False


@dataclass(frozen=True)
class Exists:
    """Whether a scalar is there: an object, and an empty array, are none (E2–E4)."""

    wanted: bool

    def holds(self, value: Scalar) -> bool:
        return (value is not ABSENT) is self.wanted


def same(one: Scalar, other: Scalar) -> bool:
    """Tell whether two JSON scalars are the same: 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if is_number(one) and is_number(other):
        return bool(one == other)
    return isinstance(one, str) and isinstance(other, str) and one == other


def is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unescaped(part: str) -> str:
    return part[1:] if part in (r"\*", r"\\") else part
