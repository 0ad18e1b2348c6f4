"""Static files on the way: compressed, and many in one."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import override_settings

from dashboard.assets import Assets
from dashboard.packs import NotPackable, pack
from tests.live.test_process import ask, http, inner
from tests.quality.sources import files, shown

GZIP = {"accept_encoding": "gzip, deflate, br"}


@pytest.fixture
def static(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "main.js").write_text(
        '/** What it is. */\nimport {one as first, two} from "./parts.js";\nimport "../b.js";\n\n'
        "globalThis.told.push(first, two(), `${first} /** kept */`);\n"
    )
    (tmp_path / "a" / "parts.js").write_text(
        "export const one = 1;\n\n/**\n * Two.\n */\nexport function two() {\n  return one + 1;\n}"
    )
    (tmp_path / "b.js").write_text('globalThis.told.push("b");\nexport class B {}\n')
    (tmp_path / "broken.js").write_text('throw new Error("this one fails");\n')
    (tmp_path / "one.css").write_text("body { margin: 0 }\n" * 40)
    (tmp_path / "two.css").write_text("p { margin: 0 }\n")
    with override_settings(STATICFILES_DIRS=[tmp_path], DEBUG=False):
        yield tmp_path


async def answer(path: str, **headers: str) -> tuple[int, dict[bytes, bytes], bytes]:
    address, _, query = path.partition("?")
    scope = {**http(address, **headers), "query_string": query.encode()}
    start, body = await ask(Assets(inner), scope)
    return start["status"], dict(start["headers"]), body["body"]


async def test_a_text_is_compressed_for_who_takes_it(static: Path) -> None:
    plain = (static / "one.css").read_bytes()
    status, headers, body = await answer("/static/one.css", **GZIP)
    assert (status, headers[b"content-encoding"]) == (200, b"gzip")
    assert (gzip.decompress(body), len(body)) == (plain, int(headers[b"content-length"]))
    assert headers[b"vary"] == b"Accept-Encoding"
    status, headers, body = await answer("/static/one.css")
    assert (status, body) == (200, plain)
    assert b"content-encoding" not in headers


async def test_the_tag_of_a_compressed_text_is_known_again(static: Path) -> None:
    _, plain, _ = await answer("/static/one.css")
    _, small, _ = await answer("/static/one.css", **GZIP)
    assert small[b"etag"] != plain[b"etag"]
    tag = small[b"etag"].decode()
    status, headers, body = await answer("/static/one.css", if_none_match=tag, **GZIP)
    assert (status, headers[b"etag"], body) == (304, small[b"etag"], b"")


async def test_a_part_of_a_file_is_a_part_of_what_it_is(static: Path) -> None:
    status, headers, body = await answer("/static/one.css", range="bytes=0-3", **GZIP)
    assert (status, body) == (206, b"body")
    assert b"content-encoding" not in headers


async def test_a_changed_file_is_compressed_anew(static: Path) -> None:
    assets = Assets(inner)
    await ask(assets, http("/static/two.css", **GZIP))
    (static / "two.css").write_text("p { margin: 12px }")
    _, body = await ask(assets, http("/static/two.css", **GZIP))
    assert gzip.decompress(body["body"]) == b"p { margin: 12px }"


async def test_a_pack_is_kept_for_ever_and_has_another_address_when_a_member_changes(
    static: Path,
) -> None:
    before = pack("one.css", "two.css").url
    status, headers, body = await answer(before)
    assert status == 200
    assert b"immutable" in headers[b"cache-control"]
    assert headers[b"content-type"].startswith(b"text/css")
    assert body.endswith(b"p { margin: 0 }\n")
    (static / "two.css").write_text("p { margin: 12px }")
    assert pack("one.css", "two.css").url != before
    assert await ask(Assets(inner), http(before.partition("?")[0])) == [{"type": "reached"}]


@pytest.mark.parametrize("of", ["", "../manage.py", "none.css", "one.css,../x.css", "/etc/x.css"])
async def test_what_is_no_pack_of_ours_is_handed_on(static: Path, of: str) -> None:
    scope = {**http("/static/pack/0123.css"), "query_string": f"of={of}".encode()}
    assert await ask(Assets(inner), scope) == [{"type": "reached"}]


@pytest.mark.needs("node")
def test_modules_in_a_pack_run_in_their_order_and_alone(static: Path) -> None:
    code = pack("broken.js", "a/main.js").body.decode()
    assert "What it is" not in code
    before = "globalThis.told = []; globalThis.reportError = (e) => told.push(e.message);\n"
    told = node(before + code + "console.log(JSON.stringify(told));")
    assert told.strip() == '["this one fails","b",1,2,"1 /** kept */"]'


def test_modules_that_import_each_other_are_not_packed(static: Path) -> None:
    (static / "b.js").write_text('import {one} from "./a/main.js";\nexport class B {}\n')
    with pytest.raises(NotPackable):
        pack("a/main.js")


def test_a_module_that_speaks_otherwise_is_not_packed(static: Path) -> None:
    (static / "b.js").write_text("export default 1;\n")
    with pytest.raises(NotPackable):
        pack("b.js")


@pytest.mark.needs("node")
def test_every_pack_of_the_sandbox_page_is_whole(settings: Any) -> None:
    source = Path(settings.BASE_DIR, "templates", "sandbox.html").read_text(encoding="utf-8")
    named = re.findall(r"{% modules ([^%]*) %}", source)
    assert len(named) == 2
    for names in named:
        node(pack(*re.findall(r'"([^"]+)"', names)).body.decode(), "--check")


def test_no_module_has_a_text_over_several_lines() -> None:
    """A pack takes the space before a line away."""
    odd = [shown(path) for path in files("static", suffixes=(".js",))
           for line in path.read_text(encoding="utf-8").splitlines()
           if line.count("`") % 2]  # fmt: skip
    assert odd == []


def test_while_debugging_each_module_is_loaded_by_itself(settings: Any) -> None:
    settings.DEBUG = True
    request = HttpRequest()
    page = render_to_string("404.html", request=request)
    assert "css/tokens.css" in page
    settings.DEBUG = False
    assert "/static/pack/" in render_to_string("404.html", request=request)


def node(code: str, *options: str) -> str:
    """Run a text as an ES module."""
    done = subprocess.run(
        ["node", "--input-type=module", *options, "-"],
        input=code, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
