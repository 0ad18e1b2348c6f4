"""Static files over ASGI, from the same port as the pages and without blocking the event loop."""

import asyncio
import gzip
import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qs

from django.conf import settings
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from dashboard import packs
from dashboard.asgi import Application, Receive, Scope, Send

# A vendored file carries its version in its path (vendor/htmx@2.0.11/…), so it never changes.
NEVER_CHANGES = re.compile(r"/vendor/[^/]+@[^/]+/")
COMPRESSED_TYPES: Final = re.compile(r"text/|image/svg|application/(?:json|javascript)")
LEVEL: Final = 9
KEPT_MOST: Final = 512
# Ends the tag of a compressed answer, which is another one than the file's.
MARK: Final = '-gz"'
OK: Final = 200
FOR_EVER: Final = "max-age=315360000, public, immutable"

Headers = list[tuple[str, str]]


class Assets:
    """An ASGI application that answers ``/static/…`` and hands everything else on.

    WhiteNoise finds the file and decides on ETag, ranges and caching; its own middleware is not
    used, since it reads files in Django's one request thread. Files are looked up anew each time: a
    checkout that is updated under a running server keeps its pages whole. Texts are compressed the
    first time that they are asked for, and kept.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.small: dict[str, tuple[str, bytes]] = {}
        self.files = WhiteNoise(
            None,
            autorefresh=True,
            max_age=0,
            allow_all_origins=False,
            immutable_file_test=NEVER_CHANGES.pattern,
            add_headers_function=_add_headers,
        )
        for folder in settings.STATICFILES_DIRS:
            self.files.add_files(str(folder), prefix=settings.STATIC_URL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(settings.STATIC_URL):
            await self.application(scope, receive, send)
            return
        answer = await asyncio.to_thread(self._answer, scope)
        if answer is None:
            await self.application(scope, receive, send)
            return
        status, headers, body = answer
        await send({"type": "http.response.start", "status": status, "headers": _raw(headers)})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, scope: Scope) -> tuple[int, Headers, bytes] | None:
        path = scope["path"]
        if path.startswith(settings.STATIC_URL + packs.PREFIX) and scope["method"] in _LOOKS:
            return self._packed(scope)
        file = self.files.find_file(path)
        if not isinstance(file, StaticFile):
            return None
        asked = _asked(scope)
        packed = _takes_gzip(asked)
        if packed:
            # A tag that we marked is the file's own, marked.
            tag = asked.get("HTTP_IF_NONE_MATCH", "")
            asked["HTTP_IF_NONE_MATCH"] = tag.replace(MARK, '"')
        answer = file.get_response(scope["method"], asked)
        body = _read(answer.file) if answer.file else b""
        headers: Headers = list(answer.headers)
        if packed and _is_text(headers):
            headers, body = self._compressed(path, int(answer.status), headers, body)
        return int(answer.status), headers, body

    def _packed(self, scope: Scope) -> tuple[int, Headers, bytes] | None:
        members = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("of", [""])[0]
        made = packs.asked(scope["path"], members)
        if made is None:
            return None
        headers: Headers = [
            ("Content-Type", f'{made.type}; charset="utf-8"'),
            ("Cache-Control", FOR_EVER),
            ("Content-Length", str(len(made.body))),
            ("Vary", "Accept-Encoding"),
            *SAFE,
        ]
        body = made.body
        if _takes_gzip(_asked(scope)):
            headers, body = self._compressed(made.url, OK, headers, body)
        return OK, headers, b"" if scope["method"] == "HEAD" else body

    def _compressed(
        self, path: str, status: int, headers: Headers, body: bytes
    ) -> tuple[Headers, bytes]:
        """Return the answer compressed; one without a body only gets the tag."""
        known = dict(headers)
        tag = known.get("ETag", "")
        if tag.endswith('"'):
            known["ETag"] = tag[:-1] + MARK
        if status != OK or not body:
            known.pop("Content-Length", None)
            return list(known.items()), body
        kept = self.small.get(path)
        if kept is None or kept[0] != tag:
            if len(self.small) >= KEPT_MOST:
                # Anybody can ask for packs of other members than a page does.
                self.small.clear()
            kept = self.small[path] = (tag, gzip.compress(body, LEVEL, mtime=0))
        known["Content-Encoding"] = "gzip"
        known["Content-Length"] = str(len(kept[1]))
        return list(known.items()), kept[1]


_LOOKS: Final = ("GET", "HEAD")
SAFE: Final[Sequence[tuple[str, str]]] = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


def _asked(scope: Scope) -> dict[str, str]:
    return {
        "HTTP_" + name.decode("latin-1").upper().replace("-", "_"): value.decode("latin-1")
        for name, value in scope["headers"]
    }


def _takes_gzip(asked: dict[str, str]) -> bool:
    """A part of a file is a part of the file as it is."""
    return "gzip" in asked.get("HTTP_ACCEPT_ENCODING", "") and "HTTP_RANGE" not in asked


def _is_text(headers: Headers) -> bool:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    return COMPRESSED_TYPES.match(kind) is not None or not kind


def _raw(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _read(file: Any) -> bytes:
    with file:
        return bytes(file.read())


def _add_headers(headers: Any, path: str, url: str) -> None:
    for name, value in SAFE:
        headers[name] = value
    if COMPRESSED_TYPES.match(headers.get("Content-Type", "")):
        headers["Vary"] = "Accept-Encoding"
