"""Several modules or styles of a page in one file, put together when asked for; no build step.

The files stay what they are: with ``DEBUG=1`` each is loaded by itself. A pack's address carries a
digest of what is in it, so a browser keeps it for good, and names its members, so that any server
process can make it.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Final
from urllib.parse import urlencode

from django.conf import settings

PREFIX: Final = "pack/"
TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
# The import map may name another file in its place: the words of another language.
OUTSIDE: Final = frozenset({"shell/catalog.js"})
MEMBER: Final = re.compile(r"[a-z0-9@.-]+(?:/[a-zA-Z0-9@._-]+)*\.(?:js|css)")
IMPORT: Final = re.compile(r'^import\s*(?:\{([^}]*)\}\s*from\s*)?"([^"]+)";\n', re.MULTILINE)
LATER: Final = re.compile(r'\bimport\("(\.[^"]+)"\)')
EXPORT: Final = re.compile(
    r"^export (?P<what>(?:async )?function|class|const) (?P<name>[A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
# What a browser does not need: remarks with lines of their own, types, the space before a line.
REMARK: Final = re.compile(r"^[ \t]*(?:/\*\*.*?\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
TYPED: Final = re.compile(r"/\*\* @[^*\n]*\*/ ?")
INDENT: Final = re.compile(r"^[ \t]+", re.MULTILINE)


class NotPackable(Exception):
    """The members cannot be put together; the text says why."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What a pack is: its address, its type and its bytes."""

    url: str
    type: str
    body: bytes


def pack(*members: str) -> Pack:
    """Return the pack of some files of ``static/``; raises NotPackable and OSError."""
    return _packed(members, _stamp(members))


def asked(path: str, members: str) -> Pack | None:
    """Return the pack that an address asks for; None when there is none like it."""
    names = tuple(members.split(","))
    if not all(MEMBER.fullmatch(name) and ".." not in name for name in names):
        return None
    try:
        made = pack(*names)
    except (NotPackable, OSError):
        return None
    return made if made.url.startswith(f"{path}?") else None


@lru_cache(maxsize=64)
def _packed(members: tuple[str, ...], _: tuple[int, ...]) -> Pack:
    suffix = PurePosixPath(members[0]).suffix
    text = _modules(members) if suffix == ".js" else _styles(members)
    body = text.encode()
    digest = hashlib.sha256(body).hexdigest()[:16]
    query = urlencode({"of": ",".join(members)}, safe=",/@")
    address = f"{settings.STATIC_URL}{PREFIX}{digest}{suffix}?{query}"
    return Pack(address, TYPES[suffix], body)


def _stamp(members: tuple[str, ...]) -> tuple[int, ...]:
    """Return when the files were changed, imported ones with them."""
    names = _in_order(members) if members[0].endswith(".js") else list(members)
    return tuple(_path(name).stat().st_mtime_ns for name in names)


def _styles(members: tuple[str, ...]) -> str:
    """A pack lies as deep as the styles do, so their relative addresses hold."""
    return "\n".join(_path(name).read_text(encoding="utf-8") for name in members)


def _modules(entries: tuple[str, ...]) -> str:
    """Each module becomes a function that gives what it exports, in the order of ES modules."""
    order = _in_order(entries)
    numbers = {name: number for number, name in enumerate(order)}
    used = {wanted for name in order for wanted in _imports(name)}
    parts = [_module(name, numbers, alone=name not in used) for name in order]
    # Imports first, as in any module.
    return "".join(sorted(parts, key=lambda part: not part.startswith("import")))


def _module(name: str, numbers: dict[str, int], *, alone: bool) -> str:
    own = f"m{numbers[name]}"
    if name in OUTSIDE:
        return f'import * as {own} from "{settings.STATIC_URL}{name}";\n'
    text = _path(name).read_text(encoding="utf-8")
    for needless in (REMARK, TYPED, INDENT):
        text = needless.sub("", text)

    def taken(found: re.Match[str]) -> str:
        if found[1] is None:
            return ""
        wanted = " ".join(found[1].split()).replace(" as ", ": ")
        return f"const {{{wanted}}} = m{numbers[_beside(name, found[2])]};\n"

    text = IMPORT.sub(taken, text)
    text = LATER.sub(lambda m: f'import("{settings.STATIC_URL}{_beside(name, m[1])}")', text)
    given = [match["name"] for match in EXPORT.finditer(text)]
    text = EXPORT.sub(lambda match: f"{match['what']} {match['name']}", text)
    if re.search(r"^(?:import\b(?!\()|export\b)", text, re.MULTILINE):
        raise NotPackable(f"{name} imports or exports in a way that a pack does not know.")
    if alone:
        # What goes wrong in one of the page's own modules leaves the others running.
        return f"try {{ (() => {{\n{text}}})(); }} catch (error) {{ reportError(error); }}\n"
    return f"const {own} = (() => {{\n{text}return {{{', '.join(given)}}};\n}})();\n"


def _in_order(entries: tuple[str, ...]) -> list[str]:
    """Return the modules that some entries need, each after what it imports."""
    order: list[str] = []
    above: list[str] = []

    def visit(name: str) -> None:
        if name in above:
            raise NotPackable(f"{name} is imported by what it imports.")
        if name in order:
            return
        above.append(name)
        for wanted in () if name in OUTSIDE else _imports(name):
            visit(wanted)
        above.pop()
        order.append(name)

    for entry in entries:
        visit(entry)
    return order


def _imports(name: str) -> list[str]:
    path = _path(name)
    return list(_read_imports(name, path, path.stat().st_mtime_ns))


@lru_cache(maxsize=512)
def _read_imports(name: str, path: Path, _: int) -> tuple[str, ...]:
    text = path.read_text(encoding="utf-8")
    return tuple(_beside(name, found[1]) for found in IMPORT.findall(text))


def _beside(name: str, wanted: str) -> str:
    """Return the place in ``static/`` of what a module calls by a relative address."""
    return normpath(str(PurePosixPath(name).parent / wanted))


def _path(name: str) -> Path:
    for folder in settings.STATICFILES_DIRS:
        path = Path(folder) / name
        if path.is_file():
            return path
    raise FileNotFoundError(name)
