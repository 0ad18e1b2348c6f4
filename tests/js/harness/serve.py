"""Serve the real templates and modules with a scripted stream.

Run ``python tests/js/harness/serve.py --port 18100`` and open / (start page), /s/demo/ (sandbox) or
/404/. What the stream plays is chosen in the address: see fake-socket.mjs.
"""

import argparse
import http.server
import json
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import contexts
import django
from django.conf import settings
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[3]
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
POLICY = "default-src 'self'; script-src 'self' 'nonce-harness'; img-src 'self' data:"
FIRST = '<script src="/static/shell/theme.js'
HOOK = '<script type="module" src="/tests/js/harness/fake-socket.mjs"></script>'
DONE = {"toast": {"text": "Done.", "kind": "ok"}}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Templates by path, files from the checkout."""

    def do_GET(self) -> None:
        """Answer with a rendered page or a file."""
        url = urllib.parse.urlsplit(self.path)
        if url.path in PAGES:
            self.reply(PAGES[url.path](dict(urllib.parse.parse_qsl(url.query))))
        else:
            super().do_GET()

    def do_POST(self) -> None:
        """Say that it was done."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.send_header("HX-Trigger", json.dumps(DONE))
        self.end_headers()

    def reply(self, text: str) -> None:
        """Send a page with a content security policy as strict as the server's."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(text.encode())

    def translate_path(self, path: str) -> str:
        """Find files in the checkout, wherever this was started."""
        name = urllib.parse.unquote(urllib.parse.urlsplit(path).path)
        return str(ROOT / name.lstrip("/"))

    def guess_type(self, path: Any) -> str:
        """Give modules the type without which they do not run."""
        return TYPES.get(Path(str(path)).suffix, super().guess_type(path))

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


def page(template: str, context: dict[str, Any]) -> str:
    """Render a whole page, with the scripted stream in front of its modules."""
    shell = {"request": SimpleNamespace(csp_nonce="harness"), "csrf_token": "token"}
    return render_to_string(template, shell | context).replace(FIRST, HOOK + FIRST, 1)


def node(query: dict[str, str]) -> str:
    """Render the panel of a node."""
    if query["id"].startswith("arn:"):
        return render_to_string("services/sqs/queue.html", contexts.queue(query["id"]))
    return render_to_string("partials/actor.html", contexts.actor(query["id"]))


def create(query: dict[str, str]) -> str:
    """Render the form for a new queue."""
    context = {"sandbox": contexts.SANDBOX, "form": contexts.CreateForm()}
    return render_to_string("services/sqs/create.html", context)


PAGES: dict[str, Callable[[dict[str, str]], str]] = {
    "/": lambda query: page("home.html", contexts.home(query)),
    "/404/": lambda query: page("404.html", {}),
    "/500/": lambda query: page("500.html", {}),
    "/s/demo/": lambda query: page("sandbox.html", contexts.sandbox(query)),
    "/s/demo/node/": node,
    "/s/demo/sqs/create/": create,
}


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Serve pages with a scripted stream.")
    parser.add_argument("--port", type=int, default=18100)
    port = parser.parse_args().port
    engine = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
    }
    settings.configure(
        TEMPLATES=[engine],
        STATIC_URL="/static/",
        INSTALLED_APPS=["django.contrib.staticfiles"],
    )
    django.setup()
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
