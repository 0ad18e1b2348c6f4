"""Settings of actors, read from JSON and checked: each error names its field. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any


class SettingsError(ValueError):
    """A setting that cannot be used; ``field`` says which, the text what it should be."""

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        self.text = text
        super().__init__(f"{field}: {text}")


class Fields:
    """Takes settings one by one; what is left over at the end is unknown."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = dict(raw)

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        value = self._raw.pop(name, default)
        if not isinstance(value, str):
            raise SettingsError(name, "must be text")
        if required and not value:
            raise SettingsError(name, "is required")
        return value

    def choice(self, name: str, default: str, *, of: Sequence[str]) -> str:
        value = self.text(name, default)
        if value not in of:
            raise SettingsError(name, f"must be one of {', '.join(of)}")
        return value

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self._raw.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise SettingsError(name, f"must be a whole number from {low} to {high}")
        return value

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        value = self._raw.pop(name, default)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            raise SettingsError(name, f"must be a number from {low:g} to {high:g}")
        return float(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._raw.pop(name, default)
        if not isinstance(value, bool):
            raise SettingsError(name, "must be true or false")
        return value

    def texts(self, name: str) -> dict[str, str]:
        """Take an object whose values are all text."""
        value = self._raw.pop(name, {})
        if not isinstance(value, Mapping) or not all(
            isinstance(part, str) for pair in value.items() for part in pair
        ):
            raise SettingsError(name, "must be names with text values")
        return dict(value)

    def finish(self) -> None:
        """Refuse what nobody has taken."""
        for name in self._raw:
            raise SettingsError(name, "is no setting of this kind of actor")
