"""What AWS's parser (Jackson) says of a text that is no JSON, and where."""

import re
from typing import Final

_TOKEN: Final = re.compile(r"[\w$]+")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_VALUES: Final = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_NAMES: Final = {"{": "Object", "[": "Array"}


def explain(text: str, place: int) -> tuple[str, int]:
    """Return the sentence and the place that goes with it; ``place`` is where reading ended."""
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    opened, before = _around(text, place)
    if place >= len(text) or (text[place] == '"' and not _STRING.match(text, place)):
        return _at_the_end(text, place, opened), len(text)
    sign = text[place]
    is_object = bool(opened) and text[opened[-1]] == "{"
    is_name = is_object and before in ("{", ",")
    token = _TOKEN.match(text, place)
    if not is_name and before in ("", "[", ",", ":") and token is not None:
        return f"Unrecognized token '{token[0]}': was expecting {_VALUES}", token.end()
    if is_name:
        wanted = "was expecting double-quote to start field name"
    elif before in ("", "[", ",", ":"):
        wanted = f"expected a valid value {_VALUES}"
    elif is_object and _is_name_before(text, place):
        wanted = "was expecting a colon to separate field name and value"
    else:
        wanted = f"was expecting comma to separate {_NAMES['{' if is_object else '[']} entries"
    return f"Unexpected character ('{sign}' (code {ord(sign)})): {wanted}", place


def _at_the_end(text: str, place: int, opened: list[int]) -> str:
    if place < len(text):
        return "Unexpected end-of-input: was expecting closing quote for a string value"
    if not opened:
        return "No content to map due to end-of-input"
    name, column = _NAMES[text[opened[-1]]], opened[-1] + 1
    return (
        f"Unexpected end-of-input: expected close marker for {name} (start marker at"
        f' [Source: (String)"{text}"; line: 1, column: {column}])'
    )


def _around(text: str, place: int) -> tuple[list[int], str]:
    """Return where objects and arrays begin that are open, and the sign before ``place``."""
    opened, before, at = list[int](), "", 0
    while at < place:
        string = _STRING.match(text, at)
        if string is not None:
            at, before = string.end(), '"'
            continue
        sign = text[at]
        if sign in "{[":
            opened.append(at)
        elif sign in "}]" and opened:
            opened.pop()
        before = before if sign in " \t\r\n" else sign
        at += 1
    return opened, before


def _is_name_before(text: str, place: int) -> bool:
    """Tell whether what stands before is the name of a field, not its value."""
    strings = list(_STRING.finditer(text, 0, place))
    if not strings or text[strings[-1].end() : place].strip():
        return False
    return text[: strings[-1].start()].rstrip()[-1:] in ("{", ",")
