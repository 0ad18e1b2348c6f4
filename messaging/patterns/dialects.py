"""Which operators each service takes (rules E3, N10, C3), and what it says of others."""

from dataclasses import dataclass
from typing import Final

ALWAYS: Final = frozenset(
    {"prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists"}
)


@dataclass(frozen=True)
class Dialect:
    """``inside_anything_but`` are the operators that ``anything-but`` may hold.

    ``folds_case`` lets prefix and suffix hold ``equals-ignore-case``.
    """

    name: str
    operators: frozenset[str]
    inside_anything_but: frozenset[str] = frozenset()
    folds_case: bool = True


EVENT_BUS: Final = Dialect(
    "event bus",
    ALWAYS | {"wildcard", "cidr"},
    frozenset({"prefix", "suffix", "equals-ignore-case", "wildcard"}),
)
PIPE: Final = Dialect("pipe", ALWAYS | {"cidr"})
SUBSCRIBER: Final = Dialect("subscriber", ALWAYS | {"cidr"}, frozenset({"prefix", "suffix"}))
TOPIC: Final = Dialect("topic", ALWAYS | {"cidr"}, frozenset({"prefix"}), folds_case=False)
