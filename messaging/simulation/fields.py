"""Settings of actors, read from JSON and checked: each error names its field. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from messaging.kernel.wording import Complaint
from messaging.kernel.wording import gettext_noop as _


class SettingsError(Complaint):
    """A setting that cannot be used; ``field`` says which, the sentence what it should be."""

    def __init__(self, field: str, text: str, /, **values: Any) -> None:
        super().__init__(text, **values)
        self.field = field

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"

    @property
    def text(self) -> str:
        """The sentence in English."""
        return str(self.sentence)


class Fields:
    """Takes settings one by one; what is left over at the end is unknown."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = dict(raw)

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        value = self._raw.pop(name, default)
        if not isinstance(value, str):
            raise SettingsError(name, _("must be text"))
        if required and not value:
            raise SettingsError(name, _("is required"))
        return value

    def choice(self, name: str, default: str, *, of: Sequence[str]) -> str:
        value = self.text(name, default)
        if value not in of:
            raise SettingsError(name, _("must be one of %(known)s"), known=", ".join(of))
        return value

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self._raw.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise SettingsError(
                name, _("must be a whole number from %(low)s to %(high)s"), low=low, high=high
            )
        return value

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        value = self._raw.pop(name, default)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            raise SettingsError(
                name,
                _("must be a number from %(low)s to %(high)s"),
                low=f"{low:g}",
                high=f"{high:g}",
            )
        return float(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._raw.pop(name, default)
        if not isinstance(value, bool):
            raise SettingsError(name, _("must be true or false"))
        return value

    def texts(self, name: str) -> dict[str, str]:
        """Take an object whose values are all text."""
        value = self._raw.pop(name, {})
        if not isinstance(value, Mapping) or not all(
            isinstance(part, str) for pair in value.items() for part in pair
        ):
            raise SettingsError(name, _("must be names with text values"))
        return dict(value)

    def finish(self) -> None:
        """Refuse what nobody has taken."""
        for name in self._raw:
            raise SettingsError(name, _("is no setting of this kind of actor"))
