"""Parts of a document, taken field by field: each error says where it is. Pure."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

NAME_CHARS: Final = 120
_SURROGATES: Final = range(0xD800, 0xE000)


class ScenarioError(ValueError):
    """A document that cannot be used; ``path`` says where, ``text`` what it should be."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        super().__init__(f"{path}: {text}" if path else text)


class Part:
    """An object of the document; what is left over at the end is unknown."""

    def __init__(self, raw: object, path: str) -> None:
        if not isinstance(raw, Mapping):
            raise ScenarioError(path, "must be an object")
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
            raise ScenarioError(self.at(name), "is required")
        if not isinstance(value, str) or len(value) > most:
            raise ScenarioError(self.at(name), f"must be text of at most {most} characters")
        if default is None and not value.strip():
            raise ScenarioError(self.at(name), "is required")
        if plain and not value.isprintable():
            raise ScenarioError(self.at(name), "must be one line of visible characters")
        return value

    def whole(self, name: str, default: int | None, *, low: int, high: int) -> int | None:
        value = self.take(name, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ScenarioError(self.at(name), f"must be a whole number from {low} to {high}")
        return value

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        return number(self.take(name, default), self.at(name), low=low, high=high)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.take(name, default)
        if not isinstance(value, bool):
            raise ScenarioError(self.at(name), "must be true or false")
        return value

    def object(self, name: str) -> dict[str, Any]:
        """Take an object that its owner checks."""
        value = self.take(name, {})
        if not isinstance(value, Mapping):
            raise ScenarioError(self.at(name), "must be an object")
        return dict(value)

    def texts(self, name: str) -> dict[str, str]:
        """Take an object whose values are all text."""
        value = self.object(name)
        for key, each in value.items():
            if not isinstance(each, str):
                raise ScenarioError(f"{self.at(name)}.{key}", "must be text")
        return value

    def parts(self, name: str, *, most: int) -> Iterator["Part"]:
        """Take a list of objects."""
        value = self.take(name, [])
        if not isinstance(value, list):
            raise ScenarioError(self.at(name), "must be a list")
        if len(value) > most:
            raise ScenarioError(self.at(name), f"has {len(value)} entries; at most {most} are read")
        for index, each in enumerate(value):
            yield Part(each, f"{self.at(name)}[{index}]")

    def finish(self) -> None:
        """Refuse what nobody has taken."""
        for name in self._raw:
            known = ", ".join(self._known)
            raise ScenarioError(self.at(name), f"is not known here; what is: {known}")


def number(value: object, path: str, *, low: float, high: float) -> float:
    """Check one number."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not low <= value <= high:  # type: ignore[arg-type,operator]
        raise ScenarioError(path, f"must be a number from {low:g} to {high:g}")
    return float(value)  # type: ignore[arg-type]


def check_texts(value: object, path: str = "") -> None:
    """Refuse characters that no database stores: the zero character and halves of pairs."""
    if isinstance(value, str):
        if "\0" in value or any(ord(character) in _SURROGATES for character in value):
            raise ScenarioError(path, "holds a character that cannot be stored")
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
        raise ScenarioError("", "The document is nested too deeply.") from error
