"""Code bindings for TypeScript 3. Pure."""

import json
from typing import Final

from messaging.schemas.domain.bindings.classes import Class, Kind

RESERVED: Final = frozenset({"constructor", "prototype", "__proto__"})
_SIMPLE: Final = {
    "any": "any", "boolean": "boolean", "integer": "number", "number": "number",
    "string": "string", "time": "string",
}  # fmt: skip
_MARSHALLER: Final = """export class Marshaller {
    public static marshall(value: any): any {
        if (Array.isArray(value)) {
            return value.map(each => Marshaller.marshall(each));
        }
        const attributes = value ? value.constructor.attributes : undefined;
        if (!attributes) {
            return value;
        }
        const found: any = {};
        for (const attribute of attributes) {
            if (value[attribute.name] !== undefined) {
                found[attribute.key] = Marshaller.marshall(value[attribute.name]);
            }
        }
        return found;
    }

    public static unmarshall(data: any, make: () => any): any {
        if (data === null || data === undefined) {
            return data;
        }
        if (Array.isArray(data)) {
            return data.map(each => Marshaller.unmarshall(each, make));
        }
        const made: any = make();
        if (made === undefined) {
            return data;
        }
        for (const attribute of made.constructor.attributes) {
            if (attribute.key in data) {
                made[attribute.name] = Marshaller.unmarshall(data[attribute.key], attribute.make);
            }
        }
        return made;
    }
}
"""


def files(package: str, classes: list[Class]) -> dict[str, str]:
    """Return the text of each file by its path."""
    home = f"schema/{package}"
    made = {f"{home}/marshaller/Marshaller.ts": _MARSHALLER}
    return made | {f"{home}/{each.name}.ts": _class(each) for each in classes}


def _class(each: Class) -> str:
    used = sorted({_root(field.kind).name for field in each.fields} - {"", each.name})
    lines = [f"import {{{name}}} from './{name}';" for name in used]
    lines += ["", f"export class {each.name} {{"]
    lines += [f"    {json.dumps(field.name)}?: {_type(field.kind)};" for field in each.fields]
    lines += ["", "    public static attributes: Array<any> = ["]
    for field in each.fields:
        name = _root(field.kind).name
        make = f"() => new {name}()" if name else "() => undefined"
        name, key = json.dumps(field.name), json.dumps(field.key)
        lines.append(f"        {{name: {name}, key: {key}, make: {make}}},")
    return "\n".join([*lines, "    ];", "}", ""])


def _root(kind: Kind) -> Kind:
    return kind if kind.of is None else _root(kind.of)


def _type(kind: Kind) -> str:
    if kind.of is not None:
        return f"Array<{_type(kind.of)}>"
    return kind.name or _SIMPLE[kind.kind]
