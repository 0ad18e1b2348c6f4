"""A schema's document from a shape: OpenAPI 3 as a discoverer writes it. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final

from messaging.schemas.domain.inference import Shape
from messaging.schemas.domain.names import EVENT_CLASS, class_name, unique

Document = dict[str, Any]

_REFERENCE: Final = "#/components/schemas/"
_TEXTS: Final = ("account", "detail-type", "id", "region", "source", "version")


def event_document(shape: Shape, *, source: str, detail_type: str) -> Document:
    """Return the schema of events whose ``detail`` has a shape."""
    components = _Components({EVENT_CLASS.lower()})
    detail = components.node(shape, class_name(detail_type))
    properties: Document = {name: {"type": "string"} for name in _TEXTS}
    properties["detail"] = detail
    properties["resources"] = {"type": "array", "items": {"type": "string"}}
    properties["time"] = {"type": "string", "format": "date-time"}
    event = {
        "type": "object",
        "required": sorted(properties),
        "x-amazon-events-detail-type": detail_type,
        "x-amazon-events-source": source,
        "properties": dict(sorted(properties.items())),
    }
    return _document(class_name(detail_type), {EVENT_CLASS: event, **components.schemas})


def plain_document(shape: Shape) -> Document:
    """Return the schema of JSON that is no event of EventBridge's."""
    components = _Components({"event"})
    root = components.node(shape, "Event2", is_root=True)
    return _document("Event", {"Event": root, **components.schemas})


def write(document: Mapping[str, Any]) -> str:
    """Return a document as the text that is its content."""
    return json.dumps(document, indent=2, ensure_ascii=False)


def _document(title: str, schemas: Document) -> Document:
    return {
        "openapi": "3.0.0",
        "info": {"version": "1.0.0", "title": title},
        "paths": {},
        "components": {"schemas": schemas},
    }


class _Components:
    """The objects of a document, each under a name of its own."""

    def __init__(self, taken: set[str]) -> None:
        self.schemas: Document = {}
        self._taken = taken

    def node(self, shape: Shape, name: str, *, is_root: bool = False) -> Document:
        """Return what says that a value has a shape; nothing is said of what was never seen."""
        nodes = []
        for kind in sorted(shape.keys() - {"null"}):
            nodes.append(self._one(kind, shape[kind], name, is_root and len(shape) == 1))
        if not nodes:
            return {"nullable": True} if shape else {}
        node = nodes[0] if len(nodes) == 1 else {"anyOf": nodes}
        if "null" not in shape:
            return node
        return {"allOf": [node], "nullable": True} if "$ref" in node else {**node, "nullable": True}

    def _one(self, kind: str, known: Mapping[str, Any], name: str, is_root: bool) -> Document:
        if kind == "object":
            return self._object(known, name, is_root)
        if kind == "array":
            return {"type": "array", "items": self.node(known["items"], f"{name}Item")}
        moment = {"format": known["format"]} if known.get("format") else {}
        return {"type": kind, **moment}

    def _object(self, known: Mapping[str, Any], name: str, is_root: bool) -> Document:
        node: Document = {"type": "object"}
        if not is_root:
            name = unique(name, self._taken)
            self.schemas[name] = node
        if known["required"]:
            node["required"] = known["required"]
        if known["properties"]:
            node["properties"] = {}
        for each, shape in sorted(known["properties"].items()):
            node["properties"][each] = self.node(shape, class_name(each))
        return node if is_root else {"$ref": f"{_REFERENCE}{name}"}
