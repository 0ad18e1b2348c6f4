"""Code bindings for Java 8: plain classes that need no library. Pure."""

import json
from typing import Final

from messaging.schemas.domain.bindings.classes import Class, Field, Kind

_WORDS: Final = (
    "abstract assert boolean break byte case catch char class const continue default do double else"
    " enum extends false final finally float for goto if implements import instanceof int interface"
    " long native new null package private protected public return short static strictfp super"
    " switch synchronized this throw throws transient true try void volatile while"
)
RESERVED: Final = frozenset(_WORDS.split())
_SIMPLE: Final = {
    "any": "java.lang.Object", "boolean": "java.lang.Boolean", "integer": "java.lang.Long",
    "number": "java.lang.Double", "string": "java.lang.String", "time": "java.util.Date",
}  # fmt: skip


def files(package: str, classes: list[Class]) -> dict[str, str]:
    """Return the text of each file by its path."""
    package = f"{package}_" if package in RESERVED else package
    return {
        f"schema/{package}/{each.name}.java": _class(f"schema.{package}", each) for each in classes
    }


def _class(package: str, each: Class) -> str:
    lines = [f"package {package};", "", f"public class {each.name} {{"]
    for field in each.fields:
        lines += [
            f"    public static final java.lang.String KEY_{field.name.upper()} =",
            f"        {json.dumps(field.key)};",
            f"    private {_type(field.kind)} {field.name};",
            "",
        ]
    for field in each.fields:
        lines += _accessors(each, field)
    return "\n".join([*lines, "}", ""])


def _accessors(each: Class, field: Field) -> list[str]:
    name, kind = field.name, _type(field.kind)
    word = name[0].upper() + name[1:]
    return [
        f"    public {kind} get{word}() {{",
        f"        return this.{name};",
        "    }",
        "",
        f"    public void set{word}({kind} {name}) {{",
        f"        this.{name} = {name};",
        "    }",
        "",
        f"    public {each.name} with{word}({kind} {name}) {{",
        f"        this.{name} = {name};",
        "        return this;",
        "    }",
        "",
    ]


def _type(kind: Kind) -> str:
    if kind.of is not None:
        return f"java.util.List<{_type(kind.of)}>"
    return kind.name or _SIMPLE[kind.kind]
