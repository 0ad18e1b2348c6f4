"""What people read can be translated: no text of a template or of a browser's module is bare.

Heuristics, on purpose: a sentence is two words, or one with a capital letter where a text is shown.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from tests.fixtures import pseudo
from tests.quality.sources import files, program_files, shown

SCRIPT: Final = re.compile(
    r"/\*.*?\*/|//[^\n]*|`(?P<many>(?:[^`\\]|\\.)*)`|\"(?P<one>(?:[^\"\\\n]|\\.)*)\"", re.DOTALL
)
SENTENCE: Final = re.compile(
    r"[A-Za-z]{2,}[,:;]? [a-z]{2,}|§ [a-z]{4,}|[a-z]{3,} §|^[A-Z][a-z]{2,}$|[a-z]{2}\.$"
)
# Selectors, paths, media, fonts and names of keys: they are for the browser.
NO_TEXT: Final = re.compile(
    r"^[#.\[:(]|[\[\]<>={}]|\w\(|px|/\w|^M|sans|^§ § receive$|^node §$"
    r"|^(Escape|Enter|Tab|Home|End|Shift"
    r"|Delete|Backspace|Arrow\w+|Space|Infinity)$"
)
# What stands before a text that nobody is shown: a class, an error for programs, a key.
NOT_SHOWN: Final = re.compile(
    r"(class(Name)?\"?( =|[:,])\s*|Error\(|case |=== |!== "
    r"|\.(key|code) === |headers: \{[^}]*|font = )$"
)
STRING: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`")
# Measures a browser on a page of its own, for whoever runs the benchmark.
TOOLS: Final = ("static/bench/",)
MODULES: Final = [
    path for path in files("static", suffixes=(".js",)) if not shown(path).startswith(TOOLS)
]

TAG: Final = re.compile(
    r"\{% comment %\}.*?\{% endcomment %\}|\{% blocktranslate.*?\{% endblocktranslate %\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}",
    re.DOTALL,
)
SHOWN: Final = ("alt", "aria-label", "aria-description", "placeholder", "title")
NAMES: Final = re.compile(
    r"\b(Signalbox|AWS|CLI|boto3|JavaScript|SQS|UTC|Ctrl|Esc|Shift|Space|Home|End|Enter|Tab|Alt|Del"
    r"|payments-trial|PNG|SVG|FIFO|[A-Z]\w*[a-z]\w*[A-Z]\w*)\b|&\w+;"
)
WORD: Final = re.compile(r"[A-Za-z]{3,}")
# Errors that people read, with how many arguments stand before the text.
COMPLAINTS: Final = {
    "OutOfRange": 0,
    "PolicyError": 0,
    "ScenarioError": 1,
    "Sentence": 0,
    "SettingsError": 1,
}


class Texts(HTMLParser):
    """Collects what a template shows outside of ``translate``."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "pre", "code", "kbd"):
            self.silent += 1
        self.found += [
            value for name, value in attrs if name in SHOWN and value and _is_bare(value)
        ]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "pre", "code", "kbd"):
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent and _is_bare(data):
            self.found.append(data.strip())


@pytest.mark.parametrize("path", files("templates", suffixes=(".html",)), ids=shown)
def test_no_text_of_a_template_is_bare(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # Values of blocks that are no text: classes of the body, attributes of a link.
    text = re.sub(r"\{% block (body_class|nav_sandbox) %\}.*?\{% endblock %\}", "", text)
    texts = Texts()
    texts.feed(TAG.sub("", text))
    assert texts.found == []


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_no_sentence_of_a_module_is_bare(path: Path) -> None:
    assert bare_literals(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('say("Nothing to undo.");', ["Nothing to undo."]),
        ("say(`${name} is gone.`);", ["§ is gone."]),
        ('say(gettext("Nothing to undo."));', []),
        ('ngettext("one thing", "many things", 2)', []),
        ('make("p", {textContent: "no such thing"});', ["no such thing"]),
        ('make("p", {className: "q2 sp num"});', []),
        ('// "Nothing to undo."', []),
    ],
)
def test_the_search_finds_what_it_is_for(code: str, found: list[str]) -> None:
    assert bare_literals(code) == found


@pytest.mark.needs("gettext")
def test_makemessages_collects_every_call(tmp_path: Path) -> None:
    place = pseudo.make(tmp_path) / pseudo.LOCALE / "LC_MESSAGES"
    collected = (place / "djangojs.po").read_text(encoding="utf-8")
    asked = {
        text
        for path in MODULES
        for text in re.findall(r'gettext\(\s*"((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 100
    assert [text for text in sorted(asked) if f'"{text}"' not in collected] == []
    pages = (place / "django.po").read_text(encoding="utf-8")
    for text in (
        "Skip to the content",
        "Key %(key)s is issued.",
        "Stop waiting",
        # Of a pure module and of the engine.
        "must be text of at most %(most)s characters",
        "must be at least %(least)s, the smallest number of workers",
    ):
        assert f'msgid "{text}"' in pages


def test_no_complaint_is_bare() -> None:
    found = {shown(path): list(bare_complaints(path.read_text())) for path in program_files()}
    assert {path: texts for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise SettingsError("rate", "must be a number")', ["must be a number"]),
        ('raise ScenarioError(path, f"has {count} entries")', ["has § entries"]),
        ('raise SettingsError("rate", _("must be a number"))', []),
        ('raise ScenarioError(path, "%(said)s", said=text)', []),
    ],
)
def test_a_bare_complaint_is_found(code: str, found: list[str]) -> None:
    assert list(bare_complaints(code)) == found


def bare_complaints(code: str) -> Iterator[str]:
    """Yield the texts of errors for people that no translator would see."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            before = COMPLAINTS.get(node.func.id, len(node.args))
            texts = map(_written, node.args[before:])
            yield from (text for text in texts if _is_bare(re.sub(r"%\(\w+\)s", "", text)))


def bare_literals(code: str) -> list[str]:
    """Return the sentences of a module that are not arguments of gettext."""
    found = []
    for match in SCRIPT.finditer(code):
        text = match["one"] if match["one"] is not None else match["many"]
        if text is None:
            continue
        text = re.sub(r"\$\{[^}]*\}", "§", text)
        before = code[max(0, match.start() - 300) : match.start()]
        is_shown = SENTENCE.search(text) and not NO_TEXT.search(text)
        if is_shown and not _is_translated(before) and not NOT_SHOWN.search(before):
            found.append(text)
    return found


def _is_translated(before: str) -> bool:
    """Tell whether what comes next stands between the brackets of a gettext call."""
    _head, call, inside = before.rpartition("gettext(")
    depth = 0
    for sign in re.findall(r"[()]", STRING.sub("", inside)):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            return False
    return bool(call)


def _is_bare(text: str) -> bool:
    return bool(WORD.search(NAMES.sub("", text)))


def _written(argument: ast.expr) -> str:
    """Return a text that stands in the code as it is, with a sign for each value."""
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "§"
        for part in parts
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )
