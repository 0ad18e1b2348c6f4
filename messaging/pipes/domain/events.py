"""What goes through a pipe: records of an SQS queue, templates (PI1). Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from messaging.patterns.records import content

# ``<$.body.order>`` in a template: a path into the event.
_PLACE: Final = re.compile(r"<(\$(?:\.[A-Za-z0-9_\-]+|\[\d+\])*|aws\.pipes\.[a-z\-.]+)>")
_STEP: Final = re.compile(r"\.([A-Za-z0-9_\-]+)|\[(\d+)\]")

Event = Mapping[str, Any]


def fill(template: str, event: Event, names: Mapping[str, str]) -> str:
    """Return the template with the places filled; a body that is JSON can be looked into.

    Inside quotes a place becomes part of the text; outside a JSON value. What is not there is
    nothing.
    """
    seen = {**event, "body": content(event.get("body"))} if "body" in event else event
    out: list[str] = []
    at, is_quoted = 0, False
    for place in _PLACE.finditer(template):
        text = template[at : place.start()]
        out.append(text)
        is_quoted = _ends_quoted(text, is_quoted)
        out.append(_written(_found(place[1], seen, event, names), is_quoted=is_quoted))
        at = place.end()
    return "".join([*out, template[at:]])


def _found(path: str, seen: Event, event: Event, names: Mapping[str, str]) -> Any:
    if path.startswith("aws."):
        return json.dumps(event) if path == "aws.pipes.event.json" else names.get(path, "")
    value: Any = seen
    for name, number in _STEP.findall(path[1:]):
        if name and isinstance(value, dict):
            value = value.get(name, "")
        elif number and isinstance(value, list) and int(number) < len(value):
            value = value[int(number)]
        else:
            return ""
    return value


def _written(value: Any, *, is_quoted: bool) -> str:
    if is_quoted:
        text = value if isinstance(value, str) else json.dumps(value)
        return json.dumps(text)[1:-1]
    return json.dumps(value)


def _ends_quoted(text: str, is_quoted: bool) -> bool:
    is_escaped = False
    for sign in text:
        if sign == '"' and not is_escaped:
            is_quoted = not is_quoted
        is_escaped = is_quoted and sign == "\\" and not is_escaped
    return is_quoted
