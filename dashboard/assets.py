"""Static files over ASGI, from the same port as the pages and without blocking the event loop."""

import asyncio
import re
from typing import Any

from django.conf import settings
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from dashboard.asgi import Application, Receive, Scope, Send

# A vendored file carries its version in its path (vendor/htmx@2.0.11/…), so it never changes.
NEVER_CHANGES = re.compile(r"/vendor/[^/]+@[^/]+/")


class Assets:
    """An ASGI application that answers ``/static/…`` and hands everything else on.

    WhiteNoise finds the file and decides on ETag, ranges, compression and caching; its own
    middleware is not used, since it reads files in Django's one request thread. Files are looked up
    anew each time: a checkout that is updated under a running server keeps its pages whole.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
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
        file = self._find(scope)
        if file is None:
            await self.application(scope, receive, send)
        else:
            await _serve(file, scope, send)

    def _find(self, scope: Scope) -> StaticFile | None:
        if scope["type"] != "http" or not scope["path"].startswith(settings.STATIC_URL):
            return None
        found = self.files.find_file(scope["path"])
        return found if isinstance(found, StaticFile) else None


async def _serve(file: StaticFile, scope: Scope, send: Send) -> None:
    asked = {
        "HTTP_" + name.decode("latin-1").upper().replace("-", "_"): value.decode("latin-1")
        for name, value in scope["headers"]
    }
    answer = await asyncio.to_thread(file.get_response, scope["method"], asked)
    body = await asyncio.to_thread(_read, answer.file) if answer.file else b""
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers
    ]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _read(file: Any) -> bytes:
    with file:
        return bytes(file.read())


def _add_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
