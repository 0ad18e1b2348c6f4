"""Message bodies from templates with counters and dice. Pure.

``${counter}`` · ``${group}`` · ``${now}`` (ISO 8601, sandbox time) · ``${integer:1,100}`` ·
``${decimal:5,250}`` (two places) · ``${choice:card,invoice}`` · ``${letters:6}`` · ``${uuid}`` ·
``${name}`` and ``${city}`` (made up) · ``${amount}`` or ``${amount:1,20}`` (money, two places)
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from messaging.kernel.wording import Complaint
from messaging.kernel.wording import gettext_noop as _
from messaging.simulation.fields import SettingsError

if TYPE_CHECKING:
    from random import Random

_MARK: Final = re.compile(r"\$\{([a-z]+)(?::([^{}]*))?\}")
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz"
_LETTERS_MAX: Final = 64
_NUMBER_MAX: Final = 1e15
_AMOUNT: Final = "5,250"
_FIRST_NAMES: Final = (
    "Ada", "Bilal", "Chiara", "Dan", "Esra", "Femi", "Grace", "Hugo", "Ines", "Jun", "Kofi", "Lena",
    "Mira", "Noor", "Otto", "Priya",
)  # fmt: skip
_LAST_NAMES: Final = (
    "Abe", "Berg", "Costa", "Diaz", "Evans", "Fischer", "Gupta", "Hansen", "Ito", "Jansen", "Kaya",
    "Lopez", "Moreau", "Novak", "Okafor", "Silva",
)  # fmt: skip
_CITIES: Final = (
    "Accra", "Bergen", "Cork", "Delft", "Essen", "Fukuoka", "Graz", "Haifa", "Izmir", "Jaipur",
    "Kyiv", "Lima", "Malmö", "Nantes", "Porto", "Quito",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """What a template may speak of."""

    counter: int
    group: str
    now: int
    dice: "Random"


Part = Callable[[Moment], str]


class _MarkError(Complaint):
    """What a mark's argument lacks."""


class Template:
    """A text that is different for each message."""

    def __init__(self, parts: tuple[str | Part, ...]) -> None:
        self._parts = parts

    def render(self, moment: Moment) -> str:
        return "".join(part if isinstance(part, str) else part(moment) for part in self._parts)


def read_template(text: str, *, field: str) -> Template:
    """Split ``text`` into parts; raises SettingsError with what a mark lacks."""
    parts: list[str | Part] = []
    start = 0
    for mark in _MARK.finditer(text):
        parts += [text[start : mark.start()], _part(mark[1], mark[2] or "", field)]
        start = mark.end()
    return Template((*parts, text[start:]))


def _part(name: str, argument: str, field: str) -> Part:
    make = _MARKS.get(name)
    if make is None:
        known = ", ".join(f"${{{mark}}}" for mark in _MARKS)
        text = _("%(mark)s is unknown; there are %(known)s")
        raise SettingsError(field, text, mark=f"${{{name}}}", known=known)
    try:
        return make(argument)
    except _MarkError as error:
        mark = f"${{{name}:{argument}}}"
        raise SettingsError(field, "%(mark)s %(lacks)s", mark=mark, lacks=error.sentence) from None


def _counter(argument: str) -> Part:
    return lambda moment: str(moment.counter)


def _group(argument: str) -> Part:
    return lambda moment: moment.group


def _now(argument: str) -> Part:
    return lambda moment: datetime.fromtimestamp(moment.now / 1000, UTC).isoformat(
        timespec="milliseconds"
    )


def _integer(argument: str) -> Part:
    low, high = _bounds(argument)
    first, last = int(low), int(high)
    return lambda moment: str(moment.dice.randint(first, last))


def _decimal(argument: str) -> Part:
    low, high = _bounds(argument)
    return lambda moment: f"{moment.dice.uniform(low, high):.2f}"


def _amount(argument: str) -> Part:
    return _decimal(argument or _AMOUNT)


def _city(argument: str) -> Part:
    return lambda moment: moment.dice.choice(_CITIES)


def _name(argument: str) -> Part:
    return lambda moment: f"{moment.dice.choice(_FIRST_NAMES)} {moment.dice.choice(_LAST_NAMES)}"


def _uuid(argument: str) -> Part:
    return lambda moment: str(UUID(int=moment.dice.getrandbits(128), version=4))


def _choice(argument: str) -> Part:
    words = tuple(argument.split(","))
    if len(words) == 1:
        raise _MarkError(_("needs words with commas between them"))
    return lambda moment: moment.dice.choice(words)


def _letters(argument: str) -> Part:
    is_short = argument.isdecimal() and len(argument) <= len(str(_LETTERS_MAX))
    if not is_short or not 1 <= int(argument) <= _LETTERS_MAX:
        raise _MarkError(_("needs a length from 1 to %(most)s"), most=_LETTERS_MAX)
    length = int(argument)
    return lambda moment: "".join(moment.dice.choices(_LETTERS, k=length))


def _bounds(argument: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in argument.split(","))
    except ValueError:
        raise _MarkError(_("needs two numbers with a comma between them")) from None
    if not -_NUMBER_MAX < low <= high < _NUMBER_MAX:
        raise _MarkError(_("needs the smaller number first"))
    return low, high


_MARKS: Final[dict[str, Callable[[str], Part]]] = {
    "amount": _amount,
    "choice": _choice,
    "city": _city,
    "counter": _counter,
    "decimal": _decimal,
    "group": _group,
    "integer": _integer,
    "letters": _letters,
    "name": _name,
    "now": _now,
    "uuid": _uuid,
}
