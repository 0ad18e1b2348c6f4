"""A pattern as a tree: fields that must all be right, and alternatives of which one must be."""

from dataclasses import dataclass, field
from typing import Any

from messaging.patterns.clauses import Clause


@dataclass(frozen=True)
class Leaf:
    """The array at a field: one of its clauses must hold for one of the field's values.

    ``entries`` are the clauses as they were written, for those who explain.
    """

    clauses: tuple[Clause, ...]
    entries: tuple[Any, ...]


@dataclass(frozen=True)
class Branch:
    """An object: every field must be right, and of each ``$or`` at least one branch."""

    fields: dict[str, "Leaf | Branch"] = field(default_factory=dict)
    choices: tuple[tuple["Branch", ...], ...] = ()


Pattern = Branch
