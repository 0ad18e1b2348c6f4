"""Parts of a document, taken field by field: each error says where it is. Pure."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from messaging.kernel.wording import Complaint, Sentence
from messaging.kernel.wording import gettext_noop as _

NAME_CHARS: Final = 120
TOO_DEEP: Final = _("The document is nested too deeply.")
_SURROGATES: Final = range(0xD800, 0xE000)


class ScenarioError(Complaint):
    """A document that cannot be used; ``path`` says where, the sentence what it should be."""

    def __init__(self, path: str, text: str | Sentence, /, **values: Any) -> None:
        super().__init__(text, **values)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else str(self.sentence)


class Part:
    """An object of the document; what is left over at the end is unknown."""

    def __init__(self, raw: object, path: str) -> None:
        if not isinstance(raw, Mapping):
            raise ScenarioError(path, _("must be an object"))
        self._raw = dict(raw)
        self._known: list[str] = []
        self.path = path

    def at(self, name: str) -> str:
        """Return the path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def take(self, name: str, default: object = None) -> Any:
        """Take a field as it stands."""
        self._known.append(name)
        return self._raw.pop(name, default)

    def text(
        self, name: str, default: str | None = None, *, most: int = NAME_CHARS, plain: bool = True
    ) -> str:
        """Take a text; without a default it is required. A plain one has no control characters."""
        value = self.take(name, default)
        if value is None:
            raise ScenarioError(self.at(name), _("is required"))
        if not isinstance(value, str) or len(value) > most:
            text = _("must be text of at most %(most)s characters")
            raise ScenarioError(self.at(name), text, most=most)
        if default is None and not value.strip():
            raise ScenarioError(self.at(name), _("is required"))
        if plain and not value.isprintable():
            raise ScenarioError(self.at(name), _("must be one line of visible characters"))
        return value

    def whole(self, name: str, default: int | None, *, low: int, high: int) -> int | None:
        value = self.take(name, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            text = _("must be a whole number from %(low)s to %(high)s")
            raise ScenarioError(self.at(name), text, low=low, high=high)
        return value

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        return number(self.take(name, default), self.at(name), low=low, high=high)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.take(name, default)
        if not isinstance(value, bool):
            raise ScenarioError(self.at(name), _("must be true or false"))
        return value

    def object(self, name: str) -> dict[str, Any]:
        """Take an object that its owner checks."""
        value = self.take(name, {})
        if not isinstance(value, Mapping):
            raise ScenarioError(self.at(name), _("must be an object"))
        return dict(value)

    def texts(self, name: str) -> dict[str, str]:
        """Take an object whose values are all text."""
        value = self.object(name)
        for key, each in value.items():
            if not isinstance(each, str):
                raise ScenarioError(f"{self.at(name)}.{key}", _("must be text"))
        return value

    def parts(self, name: str, *, most: int) -> Iterator["Part"]:
        """Take a list of objects."""
        value = self.take(name, [])
        if not isinstance(value, list):
            raise ScenarioError(self.at(name), _("must be a list"))
        if len(value) > most:
            text = _("has %(count)s entries; at most %(most)s are read")
            raise ScenarioError(self.at(name), text, count=len(value), most=most)
        for index, each in enumerate(value):
            yield Part(each, f"{self.at(name)}[{index}]")

    def finish(self) -> None:
        """Refuse what nobody has taken."""
        for name in self._raw:
            text = _("is not known here; what is: %(known)s")
            raise ScenarioError(self.at(name), text, known=", ".join(self._known))


def number(value: object, path: str, *, low: float, high: float) -> float:
    """Check one number."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not low <= value <= high:  # type: ignore[arg-type,operator]
        text = _("must be a number from %(low)s to %(high)s")
        raise ScenarioError(path, text, low=f"{low:g}", high=f"{high:g}")
    return float(value)  # type: ignore[arg-type]


def check_texts(value: object, path: str = "") -> None:
    """Refuse characters that no database stores: the zero character and halves of pairs."""
    if isinstance(value, str):
        if "\0" in value or any(ord(character) in _SURROGATES for character in value):
            raise ScenarioError(path, _("holds a character that cannot be stored"))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            check_texts(key, path)
            check_texts(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            check_texts(each, f"{path}[{index}]")


def in_words(write: Callable[[], str]) -> str:
    """Return what ``write`` returns; a document too deep to be walked is an error like others."""
    try:
        return write()
    except RecursionError as error:
        raise ScenarioError("", TOO_DEEP) from error
