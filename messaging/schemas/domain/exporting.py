"""OpenAPI 3 as JSON Schema Draft 4. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.schemas.domain.names import EVENT_CLASS

_FROM: Final = "#/components/schemas/"
_TO: Final = "#/definitions/"
_OPENAPI_ONLY: Final = frozenset(
    {"deprecated", "discriminator", "example", "externalDocs", "nullable", "readOnly", "writeOnly",
     "xml"}
)  # fmt: skip
_NAMED: Final = ("definitions", "patternProperties", "properties")
_PLAIN: Final = ("default", "enum")


def to_draft4(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document's schema of events, or else its first one, with all the others."""
    schemas = document.get("components", {}).get("schemas", {})
    names = list(schemas)
    root = EVENT_CLASS if EVENT_CLASS in schemas else next(iter(names), "")
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": root or document["info"]["title"],
        "definitions": {name: _node(schemas[name]) for name in names if name != root}
        | ({root: {"$ref": "#"}} if _mentions(schemas, root) else {}),
        **_node(schemas.get(root, {})),
    }


def _node(node: Any) -> Any:
    """Return a schema without what only OpenAPI has; what may be null says so in its type."""
    if isinstance(node, list):
        return [_node(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    made: dict[str, Any] = {}
    for name, value in node.items():
        if name in _OPENAPI_ONLY:
            continue
        if name in _PLAIN:
            made[name] = value
        elif name in _NAMED:
            made[name] = {each: _node(inner) for each, inner in value.items()}
        elif name == "$ref":
            made[name] = value.replace(_FROM, _TO, 1)
        else:
            made[name] = _node(value)
    return _nullable(made) if node.get("nullable") is True else made


def _nullable(node: dict[str, Any]) -> dict[str, Any]:
    if not node:
        return {}
    if isinstance(node.get("type"), str) and "enum" not in node:
        return {**node, "type": [node["type"], "null"]}
    return {"anyOf": [node, {"type": "null"}]}


def _mentions(node: Any, root: str) -> bool:
    if isinstance(node, Mapping):
        if node.get("$ref") == f"{_FROM}{root}":
            return True
        return any(_mentions(each, root) for each in node.values())
    return isinstance(node, list) and any(_mentions(each, root) for each in node)
