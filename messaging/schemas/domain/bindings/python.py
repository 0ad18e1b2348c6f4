"""Code bindings for Python 3.6 and newer. Pure."""

import keyword
from typing import Final

from messaging.schemas.domain.bindings.classes import Class, Kind

RESERVED: Final = frozenset(word.lower() for word in keyword.kwlist) | {"self"}
_SIMPLE: Final = {
    "any": "Any", "boolean": "bool", "integer": "int", "number": "float", "string": "str",
    "time": "datetime",
}  # fmt: skip
_MARSHALLER: Final = '''"""Turn JSON into objects of this package, and back."""

from datetime import datetime


class Marshaller(object):
    """Reads and writes what json.loads and json.dumps take."""

    @classmethod
    def marshall(cls, value):
        if isinstance(value, list):
            return [cls.marshall(each) for each in value]
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        keys = getattr(value, "_keys", None)
        if keys is None:
            return value
        known = {key: getattr(value, name) for name, key in keys.items()}
        return {key: cls.marshall(each) for key, each in known.items() if each is not None}

    @classmethod
    def unmarshall(cls, data, kind):
        if data is None or kind in ("Any", "bool", "float", "int", "str"):
            return data
        if kind == "datetime":
            return datetime.strptime(data, "%Y-%m-%dT%H:%M:%SZ")
        if isinstance(kind, str) and kind.startswith("List["):
            return [cls.unmarshall(each, kind[5:-1]) for each in data]
        if isinstance(kind, str):
            from . import CLASSES

            kind = CLASSES[kind]
        values = {
            name: cls.unmarshall(data.get(key), kind._types[name])
            for name, key in kind._keys.items()
        }
        return kind(**values)
'''


def files(package: str, classes: list[Class]) -> dict[str, str]:
    """Return the text of each file by its path."""
    home = f"schema/{package}"
    names = [each.name for each in classes]
    lines = [f'"""{package}."""', "", "from .marshaller import Marshaller"]
    lines += [f"from .{name} import {name}" for name in names]
    lines += ["", f"CLASSES = {{{', '.join(f'{name!r}: {name}' for name in names)}}}"]
    made = {
        "schema/__init__.py": "",
        f"{home}/__init__.py": "\n".join(lines) + "\n",
        f"{home}/marshaller.py": _MARSHALLER,
    }
    return made | {f"{home}/{each.name}.py": _class(each) for each in classes}


def _class(each: Class) -> str:
    lines = [f"class {each.name}(object):", "", "    _types = {"]
    lines += [f"        {field.name!r}: {_type(field.kind)!r}," for field in each.fields]
    lines += ["    }", "", "    _keys = {"]
    lines += [f"        {field.name!r}: {field.key!r}," for field in each.fields]
    lines += ["    }", "", "    def __init__(self, **values):"]
    lines += ["        for name in self._keys:"]
    lines += ["            setattr(self, name, values.get(name))"]
    lines += ["", "    def __eq__(self, other):"]
    lines += ["        return type(self) is type(other) and self.__dict__ == other.__dict__"]
    return "\n".join(lines) + "\n"


def _type(kind: Kind) -> str:
    if kind.of is not None:
        return f"List[{_type(kind.of)}]"
    return kind.name or _SIMPLE[kind.kind]
