"""Sentences for people, kept apart from the values in them: a page says them in its language. Pure.

The texts are marked here and translated where they are shown (``dashboard.wording.in_language``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English text with ``%(name)s`` where a value comes in; a value may be a Sentence, too."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text


class Complaint(ValueError):
    """An error that a person reads: the sentence says what is wrong, or what it should be."""

    def __init__(self, text: str | Sentence, /, **values: Any) -> None:
        self.sentence = Sentence(text, values) if isinstance(text, str) else text
        super().__init__(str(self.sentence))


def gettext_noop(text: str) -> str:
    """Return a text as it is. ``makemessages`` collects the calls of this name, and of ``_``."""
    return text
