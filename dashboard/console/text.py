"""Message bodies as they may be shown: nothing invisible, nothing endless. Pure."""

import unicodedata
from typing import Final

SHOWN: Final = 400
_PICTURES: Final = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"


def visible(text: str, *, length: int = SHOWN) -> str:
    """Return text with control characters as pictures, cut to ``length`` characters.

    Marks that turn the direction of what follows become visible too: the template isolates the
    text, yet a copied line would carry them.
    """
    shown = "".join(map(_character, text[:length].translate(_PICTURES)))
    return shown if len(text) <= length else f"{shown}…"


def _character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return _REPLACED
    if category == "Cf" and unicodedata.bidirectional(character) != "BN":
        return f"⟨U+{ord(character):04X}⟩"
    return character
