"""What Python's JSON parser complains of, in our words. Pure."""

import json
from typing import Final

from messaging.kernel.wording import Sentence
from messaging.kernel.wording import gettext_noop as _

# By how the parser's own text begins.
_LACKS: Final = {
    "Expecting value": _("a value is missing"),
    "Expecting property name": _("a name in double quotes is missing"),
    "Expecting ':'": _("a colon is missing"),
    "Expecting ','": _("a comma is missing"),
    "Extra data": _("its end is reached, and more follows"),
    "Illegal trailing comma": _("a comma stands before the end of a list or object"),
    "Invalid \\": _("a backslash begins nothing that is known"),
    "Invalid control character": _("a control character stands in a text"),
    "Unterminated string": _("a text begins that has no end"),
}


def what_lacks(error: json.JSONDecodeError) -> Sentence:
    """Return what is wrong, without the place."""
    known = (said for start, said in _LACKS.items() if error.msg.startswith(start))
    return Sentence(next(known, error.msg))
