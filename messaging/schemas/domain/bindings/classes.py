"""The classes that a schema describes, for any language. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from messaging.schemas.domain.content import resolve
from messaging.schemas.domain.names import class_name, unique

# Names that a language has already, or that the bindings use themselves.
_TAKEN: Final = frozenset(
    {"any", "array", "boolean", "class", "classes", "date", "dict", "double", "false", "integer",
     "list", "long", "map", "marshaller", "module", "none", "number", "object", "override",
     "string", "time", "true", "type", "void"}
)  # fmt: skip
_WORD: Final = re.compile(r"[A-Za-z0-9]+")


class Kind(NamedTuple):
    """A type: any, boolean, integer, number, string, time; list of ``of``; class named ``name``."""

    kind: str
    name: str = ""
    of: "Kind | None" = None


ANY: Final = Kind("any")
_SIMPLE: Final = {name: Kind(name) for name in ("boolean", "integer", "number", "string")}
Style = Callable[[list[str]], str]


@dataclass(frozen=True, slots=True)
class Field:
    """A property: its name in JSON, and as an identifier."""

    key: str
    name: str
    kind: Kind


@dataclass(slots=True)
class Class:
    name: str
    fields: list[Field] = field(default_factory=list)


def classes_of(
    document: Mapping[str, Any], *, style: Style, reserved: frozenset[str]
) -> list[Class]:
    """Return the classes of an OpenAPI or a JSON Schema document.

    ``style`` makes an identifier of words; ``reserved`` are those that a language keeps for itself.
    """
    return _Reader(document, style, reserved).read()


def snake(words: list[str]) -> str:
    return "_".join(word.lower() for word in words)


def camel(words: list[str]) -> str:
    first, *rest = words
    return first[0].lower() + first[1:] + "".join(word[0].upper() + word[1:] for word in rest)


def pascal(words: list[str]) -> str:
    return "".join(word[0].upper() + word[1:] for word in words)


def packaged(name: str) -> str:
    """Return a schema's name as the name of a package."""
    joined = "_".join(_WORD.findall(name.lower())) or "event"
    return f"n{joined}" if joined[0].isdigit() else joined


class _Reader:
    def __init__(self, document: Mapping[str, Any], style: Style, reserved: frozenset[str]) -> None:
        self._document = document
        self._style = style
        self._reserved = reserved
        self._names: set[str] = set(_TAKEN)
        self._by_reference: dict[str, str] = {}
        self._classes: list[Class] = []

    def read(self) -> list[Class]:
        roots = self._roots()
        for reference, title, node in roots:
            if _is_object(node):
                self._by_reference[reference] = unique(class_name(title), self._names)
        for reference, _, node in roots:
            if reference in self._by_reference:
                self._add(self._by_reference[reference], node)
        return sorted(self._classes, key=lambda each: each.name)

    def _roots(self) -> list[tuple[str, str, Any]]:
        if "openapi" in self._document:
            place, schemas = "components/schemas", self._document.get("components", {})
            schemas = schemas.get("schemas", {})
            roots = []
        else:
            place, schemas = "definitions", self._document.get("definitions", {})
            title = self._document.get("title")
            roots = [("#", title if isinstance(title, str) else "Event", self._document)]
        return roots + [(f"#/{place}/{name}", name, node) for name, node in schemas.items()]

    def _add(self, name: str, node: Mapping[str, Any]) -> None:
        made = Class(name)
        self._classes.append(made)
        taken = {word.lower() for word in self._reserved}
        for key, each in node.get("properties", {}).items():
            words = _WORD.findall(key) or ["field"]
            if words[0][0].isdigit():
                words = ["n", *words]
            kind = self._kind(each, name + class_name(key), set())
            made.fields.append(Field(key, unique(self._style(words), taken), kind))

    def _kind(self, node: Any, name: str, seen: set[str]) -> Kind:
        """Return the type of a property; ``seen`` are the references that led here."""
        reference = node.get("$ref")
        if reference is not None:
            if reference in self._by_reference:
                return Kind("class", self._by_reference[reference])
            if reference in seen:
                return ANY
            found = resolve(self._document, reference)
            return self._kind(found, name, seen | {reference}) if isinstance(found, dict) else ANY
        whole = node.get("allOf") or []
        if len(whole) == 1 and "type" not in node:
            return self._kind(whole[0], name, seen)
        return self._plain(node, name, seen)

    def _plain(self, node: Mapping[str, Any], name: str, seen: set[str]) -> Kind:
        kind = _type(node)
        if kind == "array":
            items = node.get("items")
            inner = self._kind(items, f"{name}Item", seen) if isinstance(items, dict) else ANY
            return Kind("list", of=inner)
        if kind == "object" and node.get("properties"):
            chosen = unique(name, self._names)
            self._add(chosen, node)
            return Kind("class", chosen)
        if kind == "string" and node.get("format") == "date-time":
            return Kind("time")
        return _SIMPLE.get(kind, ANY)


def _is_object(node: Any) -> bool:
    return isinstance(node, dict) and (_type(node) == "object" or "properties" in node)


def _type(node: Mapping[str, Any]) -> str:
    """Return the one type that a schema allows beside null, "" where there are more or none."""
    named = node.get("type", "object" if "properties" in node else "")
    kinds = [each for each in named if each != "null"] if isinstance(named, list) else [named]
    return str(kinds[0]) if len(kinds) == 1 else ""
