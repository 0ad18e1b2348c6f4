"""Code bindings for Go. Pure."""

import json
from typing import Final

from messaging.schemas.domain.bindings.classes import Class, Kind

# A field cannot have the name of a method.
RESERVED: Final = frozenset({"Marshal"})
_SIMPLE: Final = {
    "any": "interface{}", "boolean": "bool", "integer": "int64", "number": "float64",
    "string": "string", "time": "time.Time",
}  # fmt: skip


def files(package: str, classes: list[Class]) -> dict[str, str]:
    """Return the text of each file by its path."""
    home = f"schema/{package}"
    name = f"{package}_schema"
    made = {f"{home}/marshaller.go": _marshaller(name, classes)}
    return made | {f"{home}/{each.name}.go": _class(name, each) for each in classes}


def _class(package: str, each: Class) -> str:
    lines = [f"package {package}", ""]
    kinds = [_type(field.kind) for field in each.fields]
    if any("time.Time" in kind for kind in kinds):
        lines += ['import "time"', ""]
    lines.append(f"type {each.name} struct {{")
    for field, kind in zip(each.fields, kinds, strict=True):
        tag = _quoted(f"json:{_quoted(f'{field.key},omitempty')}")
        lines.append(f"\t{field.name} {kind} {tag}")
    return "\n".join([*lines, "}", ""])


def _marshaller(package: str, classes: list[Class]) -> str:
    lines = [f"package {package}", ""]
    if classes:
        lines += ['import "encoding/json"', ""]
    for each in classes:
        lines += [
            f"func Unmarshal{each.name}(data []byte) ({each.name}, error) {{",
            f"\tvar value {each.name}",
            "\terr := json.Unmarshal(data, &value)",
            "\treturn value, err",
            "}",
            "",
            f"func (value *{each.name}) Marshal() ([]byte, error) {{",
            "\treturn json.Marshal(value)",
            "}",
            "",
        ]
    return "\n".join(lines)


def _type(kind: Kind) -> str:
    if kind.of is not None:
        return f"[]{_type(kind.of)}"
    if kind.name:
        return f"*{kind.name}"
    return _SIMPLE[kind.kind] if kind.kind in ("any", "time") else f"*{_SIMPLE[kind.kind]}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
