"""From the text of a document to JSON's values, stricter than JSON asks for. Pure."""

import json
from typing import Any, Final

from dashboard.json_words import what_lacks
from dashboard.scenarios.parts import TOO_DEEP, ScenarioError
from messaging.kernel.wording import gettext_noop as _

BYTES_MAX: Final = 2 * 1024 * 1024


def parse(text: str) -> object:
    """Return the values of a JSON text; raises ScenarioError."""
    if len(text.encode("utf-8", "surrogatepass")) > BYTES_MAX:
        size = BYTES_MAX // 1024 // 1024
        raise ScenarioError("", _("The document is over %(size)s MiB."), size=size)
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        text = _("This is no JSON: %(what)s at line %(line)s, column %(column)s.")
        where = {"line": error.lineno, "column": error.colno}
        raise ScenarioError("", text, what=what_lacks(error), **where) from error
    except RecursionError as error:
        raise ScenarioError("", TOO_DEEP) from error
    except ScenarioError:
        raise
    except ValueError as error:
        raise ScenarioError("", _("This is no JSON: a number is too long.")) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says a thing twice: one of the two would be lost."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [pair[0] for pair in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ScenarioError("", _("An object holds the name %(name)s twice."), name=twice)
    return found


def _refuse_constant(word: str) -> float:
    raise ScenarioError("", _("This is no JSON: %(word)s is no number."), word=word)
