"""Pattern text to tree, with AWS's own words for what is wrong (rules E1–E6, N10, N12)."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Final, NoReturn

from messaging.patterns.addresses import BadNetwork, read_network
from messaging.patterns.clauses import (
    AnythingBut,
    Clause,
    EqualsIgnoreCase,
    Exact,
    Exists,
    Prefix,
    Suffix,
    Wildcard,
)
from messaging.patterns.dialects import EVENT_BUS, Dialect
from messaging.patterns.nodes import Malformed, Node, read
from messaging.patterns.numbers import Misfit, read_numeric
from messaging.patterns.tree import Branch, Leaf, Pattern

OR: Final = "$or"
# As keys inside "$or" they make it the name of a plain field.
RESERVED: Final = frozenset({
    "exactly", "prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric",
    "exists", "cidr", "ip", "regex",
})  # fmt: skip
ONE_KEY: Final = "Only one key allowed in match expression"
NO_VALUE: Final = "Value of anything-but must be an array or single string/number value."
NOT_A_TEXT: Final = {
    "prefix": "prefix/suffix match pattern must be a string",
    "suffix": "prefix/suffix match pattern must be a string",
    "equals-ignore-case": (
        "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
    ),
    "wildcard": "wildcard match pattern must be a string",
}
TOO_COMPLEX: Final = (
    "Rule is too complex - try using fewer wildcard characters or fewer repeating character"
    " sequences after a wildcard character"
)
# AWS does not say where its limit lies. Recorded as too much: five colons, each behind a wildcard.
REPEATS_MAX: Final = 4
_BEHIND_WILDCARD: Final = re.compile(r"(?<!\\)\*([^*])")


class InvalidPattern(ValueError):
    """``reason`` is the sentence; ``where`` says the place as AWS quotes it, "" where it does not.

    ``told`` is all of it: of some places AWS tells twice.
    """

    def __init__(self, reason: str, text: str, place: int | None, *, times: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = "" if place is None else _where(text, place)
        self.told = reason + f"\n {self.where}" * (times if self.where else 0)


def _where(text: str, place: int) -> str:
    line = text.count("\n", 0, place) + 1
    column = place - (text.rfind("\n", 0, place) + 1) + 1
    return f'at [Source: (String)"{text}"; line: {line}, column: {column}]'


def parse(text: str, dialect: Dialect = EVENT_BUS) -> Pattern:
    """Return the pattern; raises InvalidPattern."""
    try:
        root = read(text)
    except Malformed as error:
        raise InvalidPattern("Filter is not a valid JSON document", text, error.place) from error
    return _Parser(text, dialect).root(root)


class _Parser:
    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text = text
        self.dialect = dialect
        self._readers: dict[str, Callable[[Node], Clause]] = {
            "prefix": lambda node: self._affix(node, "prefix", Prefix),
            "suffix": lambda node: self._affix(node, "suffix", Suffix),
            "equals-ignore-case": lambda node: EqualsIgnoreCase(
                self._string(node, "equals-ignore-case")
            ),
            "wildcard": self._wildcard,
            "anything-but": self._anything_but,
            "numeric": self._numeric,
            "cidr": self._cidr,
            "exists": self._exists,
        }

    def root(self, node: Node) -> Pattern:
        if node.kind != "object":
            self._refuse("Filter is not an object", node.opened)
        return self._branch(node)

    def _branch(self, node: Node) -> Branch:
        if not node.members:
            self._refuse("Empty objects are not allowed", node.end)
        fields: dict[str, Leaf | Branch] = {}
        choices = []
        for name, place, below in node.members:
            if name == OR and self._is_choice(below):
                choices.append(tuple(self._branch(each) for each in below.items))
                continue
            if below.kind == "object":
                made: Leaf | Branch = self._branch(below)
            elif below.kind == "array":
                made = self._leaf(below)
            else:
                self._refuse(f'"{name}" must be an object or an array', place)
            _put(fields, name.split("."), made)
        return Branch(fields, tuple(choices))

    @staticmethod
    def _is_choice(node: Node) -> bool:
        """Tell whether "$or" is the operator here, or a field that happens to have its name."""
        if node.kind != "array" or len(node.items) < 2:  # noqa: PLR2004
            return False
        if any(each.kind != "object" or not each.members for each in node.items):
            return False
        return not any(name in RESERVED for each in node.items for name, _, _ in each.members)

    def _leaf(self, node: Node) -> Leaf:
        if not node.items:
            self._refuse("Empty arrays are not allowed", node.end)
        clauses = tuple(self._clause(each) for each in node.items)
        return Leaf(clauses, tuple(each.plain() for each in node.items))

    def _clause(self, node: Node) -> Clause:
        if node.kind == "array":
            self._refuse("Match value must be String, number, true, false, or null", node.opened)
        if node.kind != "object":
            return Exact(node.value)
        name, place, value = self._only_member(node)
        reader = self._readers.get(name)
        if reader is None or name not in self.dialect.operators:
            self._refuse(f"Unrecognized match type {name}", place)
        return reader(value)

    def _only_member(self, node: Node) -> tuple[str, int, Node]:
        if not node.members:
            self._refuse("Match expression name not found", node.end)
        if len(node.members) > 1:
            self._refuse(ONE_KEY, node.members[1][1])
        return node.members[0]

    def _string(self, node: Node, operator: str) -> str:
        if node.kind != "string":
            self._refuse(f"{operator} match pattern must be a string", node.opened)
        text: str = node.value
        return text

    def _affix(self, node: Node, operator: str, make: Callable[[str, bool], Clause]) -> Clause:
        if node.kind != "object" or not self.dialect.folds_case:
            return make(self._string(node, operator), False)
        name, place, value = self._only_member(node)
        if name != "equals-ignore-case":
            self._refuse(f"Unsupported {operator} match pattern: {name}", place)
        return make(self._string(value, "equals-ignore-case"), True)

    def _wildcard(self, node: Node) -> Clause:
        text = self._string(node, "wildcard")
        at = 0
        while at < len(text):
            if text[at] == "\\":
                if text[at + 1 : at + 2] not in ("*", "\\"):
                    self._refuse(f"Invalid escape character at pos {at}", node.end)
                at += 1
            elif text[at : at + 2] == "**":
                self._refuse(f"Consecutive wildcard characters at pos {at}", node.end)
            at += 1
        if max(Counter(_BEHIND_WILDCARD.findall(text)).values(), default=0) > REPEATS_MAX:
            self._refuse(TOO_COMPLEX, None)
        return Wildcard(text)

    def _anything_but(self, node: Node) -> Clause:
        if node.kind == "object":
            name, place, value = self._only_member(node)
            if name not in self.dialect.inside_anything_but:
                self._refuse(f"Unsupported anything-but pattern: {name}", place)
            if value.kind == "object":
                self._refuse(NO_VALUE, value.opened)
            if value.kind != "array":
                return AnythingBut((self._nested(name, value, times=1),))
            if not value.items:
                self._refuse("Empty arrays are not allowed", value.end)
            return AnythingBut(tuple(self._nested(name, each, times=2) for each in value.items))
        if node.kind not in ("array", "string", "number"):
            self._refuse(NO_VALUE, node.opened)
        values = node.items if node.kind == "array" else [node]
        for each in values:
            if each.kind not in ("string", "number"):
                self._refuse(
                    "Inside anything but list, start|null|boolean is not supported.", each.opened
                )
        if len({each.kind for each in values}) != 1:
            self._refuse(
                "Inside anything but list, either all values are number or string,"
                " mixed type is not supported",
                node.end,
            )
        return AnythingBut(tuple(Exact(each.value) for each in values))

    def _nested(self, name: str, node: Node, *, times: int) -> Clause:
        """Return a clause inside of anything-but; in a list AWS tells its place twice."""
        if node.kind != "string":
            self._refuse(NOT_A_TEXT[name], node.opened, times=times)
        if name in ("prefix", "suffix"):
            if not node.value:
                self._refuse("Null prefix/suffix not allowed", node.end)
            return Prefix(node.value) if name == "prefix" else Suffix(node.value)
        return self._readers[name](node)

    def _numeric(self, node: Node) -> Clause:
        try:
            return read_numeric(node)
        except Misfit as misfit:
            self._refuse(misfit.reason, misfit.place)

    def _cidr(self, node: Node) -> Clause:
        try:
            return read_network(self._string(node, "prefix"))
        except BadNetwork as error:
            self._refuse(str(error), None)

    def _exists(self, node: Node) -> Clause:
        if node.kind != "boolean":
            self._refuse("exists match pattern must be either true or false.", node.opened)
        return Exists(node.value)

    def _refuse(self, reason: str, place: int | None, *, times: int = 1) -> NoReturn:
        raise InvalidPattern(reason, self.text, place, times=times)


def _put(fields: dict[str, Leaf | Branch], path: list[str], made: Leaf | Branch) -> None:
    """Put a field at a dotted path: ``a.b`` is ``b`` inside ``a`` (E5)."""
    name, *below = path
    known = fields.get(name)
    if below:
        inner = dict(known.fields) if isinstance(known, Branch) else {}
        _put(inner, below, made)
        fields[name] = Branch(inner, known.choices if isinstance(known, Branch) else ())
    elif isinstance(known, Branch) and isinstance(made, Branch):
        fields[name] = Branch({**known.fields, **made.fields}, (*known.choices, *made.choices))
    else:
        fields[name] = made
