"""From the words of an option to a parameter of the call, as the AWS CLI reads them."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from dashboard.palette.shorthand import Unreadable, parse
from dashboard.palette.words import Option, Usage

_FILES: Final = ("file://", "fileb://")


def value_of(option: Option, words: Sequence[str]) -> Any:
    """Return the parameter; raises Usage with the CLI's text."""
    for word in words:
        if word.startswith(_FILES):
            raise Usage(
                f"Error parsing parameter '{option.name}': Unable to load paramfile {word}: "
                "no file is read here. Put the value itself in the line."
            )
    try:
        return _read(option, words)
    except (Unreadable, ValueError, RecursionError) as error:
        why = "Nested too deep." if isinstance(error, RecursionError) else str(error)
        raise Usage(f"Error parsing parameter '{option.name}': {why}") from error


def document(text: str) -> Any:
    """Read JSON; raises Unreadable as the CLI words it."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"Invalid JSON: {error}\nJSON received: {text[:400]}") from error


def _read(option: Option, words: Sequence[str]) -> Any:
    shape = option.shape
    if option.kind == "list":
        if len(words) == 1 and words[0].lstrip().startswith(("[", "{")):
            return decoded(document(words[0]), shape)
        return [_item(word, shape.member) for word in words]
    return _item(words[0], shape)


def _item(word: str, shape: Any) -> Any:
    if shape.type_name not in ("structure", "map", "list"):
        return _SCALARS.get(shape.type_name, str)(word)
    if word.lstrip().startswith(("{", "[")):
        return decoded(document(word), shape)
    return _shaped(parse(word), shape)


def _shaped(value: Any, shape: Any) -> Any:
    """Give what the shorthand has as texts the types of the model; unknown members stay."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        members = shape.members
        return {
            name: _shaped(item, members[name]) if name in members else item
            for name, item in value.items()
        }
    if kind == "map" and isinstance(value, dict):
        return {name: _shaped(item, shape.value) for name, item in value.items()}
    if kind == "list":
        items = value if isinstance(value, list) else [value]
        return [_shaped(item, shape.member) for item in items]
    if isinstance(value, str):
        return _SCALARS.get(kind, str)(value)
    return value


def decoded(value: Any, shape: Any) -> Any:
    """Decode the binary values of a JSON document, which carries them in base64."""
    kind = shape.type_name
    if kind == "blob" and isinstance(value, str):
        return _blob(value)
    if kind == "structure" and isinstance(value, dict):
        members = shape.members
        return {n: decoded(v, members[n]) if n in members else v for n, v in value.items()}
    if kind == "map" and isinstance(value, dict):
        return {name: decoded(item, shape.value) for name, item in value.items()}
    if kind == "list" and isinstance(value, list):
        return [decoded(item, shape.member) for item in value]
    return value


def _blob(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Unreadable(f'Invalid base64: "{text[:100]}"') from error


def _boolean(text: str) -> Any:
    return {"true": True, "false": False}.get(text.lower(), text)


_SCALARS: Final[dict[str, Callable[[str], Any]]] = {
    "blob": _blob,
    "boolean": _boolean,
    "double": float,
    "float": float,
    "integer": int,
    "long": int,
}
