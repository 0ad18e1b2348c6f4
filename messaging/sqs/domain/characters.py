"""The characters that messages may hold (rule M3): those of XML 1.0."""

import re

ALLOWED = "#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]"

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def find_forbidden(text: str) -> str | None:
    """Return the first character that is not allowed, written ``#x7``, or None."""
    # most texts are printable ASCII, which costs a tenth of the search
    if text.isascii() and text.isprintable():
        return None
    found = _FORBIDDEN.search(text)
    return f"#x{ord(found[0]):X}" if found else None


def text_size(text: str) -> int:
    """Return the bytes of a text in UTF-8; a lone surrogate counts as one."""
    return len(text) if text.isascii() else len(text.encode(errors="replace"))
