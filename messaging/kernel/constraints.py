"""What a request's values must satisfy by the service's own model: length, range, pattern, choice.

AWS's JSON services tell everything that is wrong at once: ``2 validation errors detected: Value 'x'
at 'name' failed to satisfy constraint: Member must have length less than or equal to 64; …``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from messaging.kernel.service import operation_model

Found = Iterator[str]
Check = Callable[[Any, str], Found]
Unseen = tuple[tuple[str, str], ...]
_NUMBERS: Final = ("integer", "long", "float", "double")


def complaint(
    service: str, operation: str, params: Mapping[str, Any], *, unseen: Unseen = ()
) -> str:
    """Return AWS's sentence for all that the model forbids in a request, or "".

    ``unseen`` are shapes with members that AWS writes behind the public ones when it quotes them.
    """
    check = _checks(service, operation, unseen)
    found = list(check(params, "")) if check is not None else []
    if not found:
        return ""
    plural = "" if len(found) == 1 else "s"
    return f"{len(found)} validation error{plural} detected: {'; '.join(found)}"


@cache
def _checks(service: str, operation: str, unseen: Unseen) -> Check | None:
    shape = operation_model(service, operation).input_shape
    return None if shape is None else _Composer(dict(unseen)).check_of(shape, ())


class _Composer:
    """Composes what finds the flaws of a shape's values; None where nothing can be wrong."""

    def __init__(self, unseen: Mapping[str, str]) -> None:
        self.unseen = unseen

    def check_of(self, shape: Any, above: tuple[str, ...]) -> Check | None:
        if shape.name in above:
            return None
        inside = (*above, shape.name)
        found = [self._own(shape)]
        if shape.type_name == "structure":
            found.append(self._structure(shape, inside))
        elif shape.type_name == "list":
            found.append(self._list(shape, inside))
        elif shape.type_name == "map":
            found.append(self._map(shape, inside))
        checks = [check for check in found if check is not None]
        if len(checks) < 2:  # noqa: PLR2004
            return checks[0] if checks else None
        return lambda value, place: (flaw for check in checks for flaw in check(value, place))

    def _own(self, shape: Any) -> Check | None:
        rules = list(_rules(shape))
        if not rules:
            return None

        def run(value: Any, place: str) -> Found:
            for holds, text in rules:
                if not holds(value):
                    quoted = self._shown(value, shape)
                    yield (
                        f"Value '{quoted}' at '{place}' failed to satisfy constraint: Member must "
                        + text
                    )

        return run

    def _structure(self, shape: Any, above: tuple[str, ...]) -> Check | None:
        found = {name: self.check_of(member, above) for name, member in shape.members.items()}
        checks = [(name, lower_first(name), check) for name, check in found.items() if check]
        if not checks:
            return None

        def run(value: Any, place: str) -> Found:
            prefix = f"{place}." if place else ""
            for name, written, check in checks:
                member = value.get(name)
                if member is not None:
                    yield from check(member, prefix + written)

        return run

    def _list(self, shape: Any, above: tuple[str, ...]) -> Check | None:
        check = self.check_of(shape.member, above)
        if check is None:
            return None

        def run(value: Any, place: str) -> Found:
            for number, item in enumerate(value, start=1):
                yield from check(item, f"{place}.{number}.member")

        return run

    def _map(self, shape: Any, above: tuple[str, ...]) -> Check | None:
        keys, values = self.check_of(shape.key, above), self.check_of(shape.value, above)
        if keys is None and values is None:
            return None

        def run(value: Any, place: str) -> Found:
            for key, item in value.items():
                if keys is not None:
                    yield from keys(key, place)
                if values is not None:
                    yield from values(item, f"{place}.{key}.member")

        return run

    def _shown(self, value: Any, shape: Any) -> str:
        """Write a value as AWS quotes it: as Java writes objects."""
        if value is None:
            return "null"
        if shape.type_name == "structure":
            members = [
                f"{lower_first(name)}={self._shown(value.get(name), member)}"
                for name, member in shape.members.items()
            ]
            if shape.name in self.unseen:
                members.append(self.unseen[shape.name])
            return f"{shape.name}({', '.join(members)})"
        if shape.type_name == "list":
            return f"[{', '.join(self._shown(item, shape.member) for item in value)}]"
        if shape.type_name == "map":
            return "{" + ", ".join(f"{key}={item}" for key, item in value.items()) + "}"
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)


def _rules(shape: Any) -> Iterator[tuple[Callable[[Any], bool], str]]:
    limits = shape.metadata
    is_number = shape.type_name in _NUMBERS
    measure: Callable[[Any], Any] = (lambda value: value) if is_number else len
    what = "value" if is_number else "length"
    if "min" in limits:
        least = limits["min"]
        yield lambda value: measure(value) >= least, f"have {what} greater than or equal to {least}"
    if "max" in limits:
        most = limits["max"]
        yield lambda value: measure(value) <= most, f"have {what} less than or equal to {most}"
    if "pattern" in limits:
        expression = _compiled(limits["pattern"])
        if expression is not None:
            full = expression.fullmatch
            text = f"satisfy regular expression pattern: {limits['pattern']}"
            yield lambda value: full(value) is not None, text
    choices = getattr(shape, "enum", None) or ()
    if choices:
        listed = ", ".join(choices)
        yield lambda value: value in choices, f"satisfy enum value set: [{listed}]"


def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return the pattern, or None where it uses Java's classes of characters."""
    return None if r"\p{" in pattern else re.compile(pattern)


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
