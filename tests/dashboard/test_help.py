"""Words: a glossary that is true to the rules, cards on terms, and every text translated."""

import re
import struct
from pathlib import Path

import pytest
from django.test import override_settings

from dashboard.help.glossary import TERMS, in_order
from dashboard.templatetags.words import SLUGS, word
from tests.dashboard.conftest import Desk, text_of

ROOT = Path(__file__).resolve().parents[2]
TERM_MARK = re.compile(r'data-term="([a-z0-9-]+)"')


def test_the_glossary_has_forty_words_in_one_to_three_sentences() -> None:
    assert len(TERMS) >= 40
    for term in TERMS.values():
        sentences = re.findall(r"[.:;] |\.$", str(term.text).replace(".fifo", ""))
        assert 1 <= len(sentences) <= 5, term.slug
        assert len(str(term.text)) <= 260, term.slug
        assert not re.search(r"!|\bplease\b|\bsimply\b|\binvalid\b", str(term.text)), term.slug


def test_a_word_of_aws_names_its_rules_and_its_document() -> None:
    for term in TERMS.values():
        assert bool(term.rules) == bool(term.source), term.slug
        assert term.source.startswith("https://docs.aws.amazon.com/AWSSimpleQueueService/") or (
            not term.source
        )
        for rule in term.rules.split(", ") if term.rules else ():
            assert re.fullmatch(r"[SRFDHMBQL]\d{1,2}|Q-F\d", rule), term.slug


def test_the_page_lists_every_word_by_name(desk: Desk) -> None:
    page = desk.client.get("/help/")
    assert page.status_code == 200
    words = text_of(page)
    names = [str(term.name) for term in in_order()]
    assert names == sorted(names, key=str.casefold)
    for term in TERMS.values():
        assert " ".join(str(term.text).split()) in words
        assert f'id="{term.slug}"' in page.content.decode()


def test_a_card_says_one_word(desk: Desk) -> None:
    card = desk.client.get("/help/terms/visibility-timeout/")
    assert "hidden from other consumers" in text_of(card)
    assert "Rule S3, S4, Q4" in text_of(card)
    assert desk.client.get("/help/terms/blockchain/").status_code == 404


def test_every_marked_word_is_in_the_glossary() -> None:
    marked = [
        (path.name, slug)
        for path in (ROOT / "templates").rglob("*.html")
        for slug in TERM_MARK.findall(path.read_text(encoding="utf-8"))
    ]
    assert marked
    assert [mark for mark in marked if mark[1] not in TERMS] == []


def test_the_keys_that_the_map_binds_are_listed() -> None:
    source = (ROOT / "static" / "topology" / "main.js").read_text(encoding="utf-8")
    bound = source.partition("bindKeys({")[2].partition("});")[0]
    letters = set(re.findall(r'^  "?([a-z?/:])"?:', bound, re.MULTILINE))
    listed = (ROOT / "templates" / "help" / "keys.html").read_text(encoding="utf-8")
    assert letters
    assert [key for key in sorted(letters) if f"<kbd>{key.upper()}</kbd>" not in listed] == []


@pytest.fixture
def german_texts(tmp_path: Path) -> Path:
    """Return a folder with a language in which two texts are translated."""
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(
        compiled({"Start from a template": "Mit Vorlage beginnen", "Words": "Wörter"})
    )
    return tmp_path


def test_texts_are_translated(desk: Desk, german_texts: Path) -> None:
    languages = [("en", "English"), ("de", "Deutsch")]
    with override_settings(LOCALE_PATHS=[str(german_texts)], LANGUAGES=languages):
        german = {"HTTP_ACCEPT_LANGUAGE": "de"}
        assert "Mit Vorlage beginnen" in text_of(desk.client.get("/", **german))
        assert "Wörter" in text_of(desk.client.get("/help/", **german))
        assert "Start from a template" in text_of(desk.client.get("/"))


def compiled(texts: dict[str, str]) -> bytes:
    """Return a message catalogue in the form of GNU gettext."""
    entries = sorted({"": "Content-Type: text/plain; charset=UTF-8\n"} | texts)
    values = {"": "Content-Type: text/plain; charset=UTF-8\n"} | texts
    keys = [entry.encode() for entry in entries]
    words = [values[entry].encode() for entry in entries]
    start = 28 + 16 * len(keys)
    tables, blob = [b"", b""], b""
    for which, strings in enumerate((keys, words)):
        for string in strings:
            tables[which] += struct.pack("<2I", len(string), start + len(blob))
            blob += string + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return head + tables[0] + tables[1] + blob


def test_names_of_aws_carry_their_word(desk: Desk) -> None:
    assert [slug for slug in SLUGS.values() if slug not in TERMS] == []
    panel = desk.panel(desk.create())
    assert '<dfn data-term="visibility-timeout" tabindex="0">VisibilityTimeout</dfn>' in panel
    assert word("<b>") == "&lt;b&gt;"
