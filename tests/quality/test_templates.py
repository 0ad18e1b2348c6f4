"""Pages load only our own files and run no inline code: what the Content-Security-Policy says."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.quality.sources import files, shown

ELSEWHERE = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
LOADING = {"script", "link", "img", "iframe", "source", "video", "audio", "object", "embed", "use"}
INLINE_SCRIPTS = {"importmap", "application/json"}
UNESCAPED = re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off|\|\s*safeseq\b")


class Page(HTMLParser):
    """Collects what a template would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            if name == "style" or re.match(r"on[a-z]+$", name):
                self.faults.append(f"<{tag} {name}=…>")
            if re.match(r"hx-on", name) or "javascript:" in value.lower():
                self.faults.append(f"<{tag} {name}={value!r}>")
            if tag in LOADING and name in ("src", "href", "data") and ELSEWHERE.match(value):
                self.faults.append(f"<{tag} {name}={value!r}>")
        if tag == "style":
            self.faults.append("<style>")
        if tag == "script" and "src" not in values and not self._is_data(values):
            self.faults.append(f"<script {values}>")

    @staticmethod
    def _is_data(values: dict[str, str]) -> bool:
        return values.get("type") in INLINE_SCRIPTS and "csp_nonce" in values.get("nonce", "")


def test_there_are_templates() -> None:
    assert files("templates", suffixes=(".html",))


@pytest.mark.parametrize("path", files("templates", suffixes=(".html",)), ids=shown)
def test_a_template_loads_and_runs_nothing_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert page.faults == []
    assert UNESCAPED.findall(text) == []


def test_styles_load_nothing_from_elsewhere() -> None:
    address = re.compile(r"(@import|url\()\s*['\"]?(https?:)?//")
    found = [shown(path) for path in files("static", suffixes=(".css",))
             if address.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert found == []


def test_browser_modules_import_only_our_own() -> None:
    address = re.compile(r"""(from|import|import\()\s*["'](https?:)?//""")
    found = [shown(path) for path in files("static", suffixes=(".js",))
             if address.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert found == []
