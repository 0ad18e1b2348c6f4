"""Whether a text is a schema: OpenAPI 3 or JSON Schema Draft 4, as far as schemas go. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from messaging.schemas.domain.inference import levels
from messaging.schemas.errors import BadRequestException
from messaging.schemas.limits import CONTENT_LEVELS_MAX

OPENAPI: Final = "OpenApi3"
DRAFT4: Final = "JSONSchemaDraft4"

_TYPES: Final = frozenset({"array", "boolean", "integer", "number", "object", "string"})
_DRAFT4: Final = re.compile(r"https?://json-schema\.org/draft-04/schema#?")
_COMPONENT: Final = re.compile(r"[A-Za-z0-9._-]+")
_NODES: Final = frozenset({"additionalProperties", "items", "not"})
_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf"})
_MAPS: Final = frozenset({"definitions", "patternProperties", "properties"})
_COUNTS: Final = (
    "maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties",
)  # fmt: skip


class _Flaw(Exception):
    """What is wrong with a content, and where."""


def read(kind: str, text: str) -> dict[str, Any]:
    """Return a content as the document that it is; raises BadRequestException."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequestException(f"Content is not valid JSON: {error}.") from None
    if levels(document) > CONTENT_LEVELS_MAX:
        raise BadRequestException("Content is nested too deeply.")
    try:
        _check_document(kind, document)
    except _Flaw as flaw:
        raise BadRequestException(f"Content is not a valid {kind} schema: {flaw}.") from None
    return dict(document)


def resolve(document: Any, reference: str) -> Any:
    """Return what a reference into the document names; raises LookupError."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise LookupError(reference)
    found = document
    for part in reference[1:].split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list):
            found = found[int(name)] if name.isdecimal() and int(name) < len(found) else None
        elif isinstance(found, dict) and name in found:
            found = found[name]
        else:
            raise LookupError(reference)
    return found


def _check_document(kind: str, document: Any) -> None:
    if not isinstance(document, dict):
        raise _Flaw("it must be an object")
    roots = _openapi_roots(document) if kind == OPENAPI else _draft4_roots(document)
    waiting = list(roots)
    while waiting:
        place, node = waiting.pop()
        if not isinstance(node, dict):
            raise _Flaw(f"{place} must be an object")
        _check_node(kind, document, place, node)
        waiting += _below(place, node)


def _openapi_roots(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if not str(document.get("openapi", "")).startswith("3."):
        raise _Flaw("openapi must be 3.x")
    info = document.get("info")
    if not isinstance(info, dict) or not {"title", "version"} <= info.keys():
        raise _Flaw("info must have a title and a version")
    if not isinstance(document.get("paths"), dict):
        raise _Flaw("paths must be an object")
    components = document.get("components", {})
    schemas = components.get("schemas", {}) if isinstance(components, dict) else None
    if not isinstance(schemas, dict):
        raise _Flaw("components.schemas must be an object")
    for name, node in schemas.items():
        if not _COMPONENT.fullmatch(name):
            raise _Flaw(f"{name!r} is no name of a component")
        yield f"components.schemas.{name}", node


def _draft4_roots(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    named = document.get("$schema", "http://json-schema.org/draft-04/schema#")
    if not isinstance(named, str) or not _DRAFT4.fullmatch(named):
        raise _Flaw("$schema must be http://json-schema.org/draft-04/schema#")
    yield "#", document


def _check_node(kind: str, document: Any, place: str, node: Mapping[str, Any]) -> None:
    if "$ref" in node:
        try:
            resolve(document, node["$ref"])
        except LookupError:
            raise _Flaw(f"{place}: {node['$ref']!r} is not found") from None
    types = [node["type"]] if "type" in node else []
    if kind == DRAFT4 and types and isinstance(types[0], list):
        types = types[0]
    allowed = _TYPES | {"null"} if kind == DRAFT4 else _TYPES
    if any(not isinstance(each, str) or each not in allowed for each in types):
        raise _Flaw(f"{place}: type {node['type']!r} is not known")
    if kind == OPENAPI and "array" in types and "items" not in node:
        raise _Flaw(f"{place}: an array must have items")
    _check_values(place, node)


def _check_values(place: str, node: Mapping[str, Any]) -> None:
    required = node.get("required", [])
    if not isinstance(required, list) or any(not isinstance(each, str) for each in required):
        raise _Flaw(f"{place}: required must be a list of names")
    if not isinstance(node.get("enum", [None]), list) or node.get("enum") == []:
        raise _Flaw(f"{place}: enum must be a list of values")
    for name in _COUNTS:
        count = node.get(name, 0)
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise _Flaw(f"{place}: {name} must be a whole number")
    for name in ("maximum", "minimum", "multipleOf"):
        if not isinstance(node.get(name, 0), int | float) or isinstance(node.get(name), bool):
            raise _Flaw(f"{place}: {name} must be a number")
    if not isinstance(node.get("pattern", ""), str):
        raise _Flaw(f"{place}: pattern must be a string")


def _below(place: str, node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the schemas inside one."""
    for name in sorted(node.keys() & _NODES):
        value = node[name]
        if name == "items" and isinstance(value, list):
            yield from ((f"{place}.items", each) for each in value)
        elif name != "additionalProperties" or not isinstance(value, bool):
            yield f"{place}.{name}", value
    for name in sorted(node.keys() & _LISTS):
        values = node[name]
        if not isinstance(values, list) or not values:
            raise _Flaw(f"{place}: {name} must be a list of schemas")
        yield from ((f"{place}.{name}", each) for each in values)
    for name in sorted(node.keys() & _MAPS):
        values = node[name]
        if not isinstance(values, dict):
            raise _Flaw(f"{place}: {name} must be an object")
        yield from ((f"{place}.{name}.{key}", each) for key, each in values.items())
