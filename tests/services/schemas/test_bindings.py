"""Code bindings: asked for, packed as a zip, and code that compiles."""

import importlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging.schemas.domain import documents
from messaging.schemas.domain.bindings import packing
from messaging.schemas.domain.inference import infer
from tests.services.schemas.conftest import refusal

NAMED = {"RegistryName": "shop", "SchemaName": "order"}
LANGUAGES = ("Go1", "Java8", "Python36", "TypeScript3")
DETAIL = {
    "id": "o-1", "class": "gold", "Class": 1, "2nd name": True, "paid at": "2026-01-01T00:00:00Z",
    "lines": [{"sku": "a", "count": 2, "deep": {"import": None, "of": [[1.5]]}}], "none": [],
    'say "hi"\\n`*/': "\n", "ä": 1, "any": {}, "object": {"string": "x", "List": [{"a": 1}]},
    "def": 1, "self": 2, "constructor": 3, "marshal": 4, "int": 5, "order paid": {"x": 1},
}  # fmt: skip
EVENT = {
    "version": "0", "id": "1", "detail-type": "Order Paid", "source": "shop", "account": "1",
    "time": "2026-01-01T00:00:00Z", "region": "r", "resources": ["a"], "detail": DETAIL,
}  # fmt: skip
NAMES = st.text(max_size=6) | st.sampled_from(["class", "Class", "class2", "a-b", "a_b", "\\u0041"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=3) | st.integers(-9, 9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
TEXT = r'"(?:[^"\\\n]|\\.)*"'


def document(detail: Any = DETAIL) -> dict[str, Any]:
    return documents.event_document(infer(detail), source="shop", detail_type="Order Paid")


def files(language: str, detail: Any = DETAIL) -> dict[str, str]:
    return packing.bindings(document(detail), name="shop@OrderPaid", language=language)


def write(folder: Path, made: dict[str, str]) -> list[Path]:
    paths = []
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def balanced(text: str) -> bool:
    """Tell whether every bracket of a source is closed, and every string."""
    rest = re.sub(TEXT, "", text)
    waiting = []
    for sign in re.findall(r"[\[\](){}\"]", rest):
        if sign in "[({":
            waiting.append("])}"["[({".index(sign)])
        elif not waiting or waiting.pop() != sign:
            return False
    return not waiting


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_binding_is_there_once_it_is_asked_for(shop: Any, language: str) -> None:
    asked = {**NAMED, "Language": language}
    gone = ("NotFoundException", 404)
    assert refusal(shop.describe_code_binding, **asked) == gone
    assert refusal(shop.get_code_binding_source, **asked) == gone
    made = shop.put_code_binding(**asked)
    assert (made["SchemaVersion"], made["Status"]) == ("1", "CREATE_IN_PROGRESS")
    shop.get_waiter("code_binding_exists").wait(**asked)
    bodies = [shop.get_code_binding_source(**asked)["Body"].read() for _ in range(2)]
    assert bodies[0] == bodies[1]
    with zipfile.ZipFile(io.BytesIO(bodies[0])) as archive:
        assert archive.testzip() is None
        assert any("Order" in name for name in archive.namelist())
    assert refusal(shop.put_code_binding, **asked, SchemaVersion="9") == gone


def test_a_language_that_there_is_none_for_is_refused(shop: Any) -> None:
    for call in (shop.put_code_binding, shop.describe_code_binding, shop.get_code_binding_source):
        assert refusal(call, **NAMED, Language="Cobol") == ("BadRequestException", 400)


def test_python_compiles_and_brings_an_event_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, files("Python36"))
    monkeypatch.syspath_prepend(str(tmp_path))
    package = importlib.import_module("schema.shop_orderpaid")
    try:
        event = package.Marshaller.unmarshall(EVENT, package.AWSEvent)
        assert event.detail.lines[0].deep.of == [[1.5]]
        assert event.time.year == 2026
        back = package.Marshaller.marshall(event)
        expected = json.loads(json.dumps(EVENT))
        del expected["detail"]["lines"][0]["deep"]["import"]
        assert back == expected
        assert package.Marshaller.unmarshall(back, "AWSEvent") == event
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "schema"]:
            del sys.modules[name]


@example({"False": {}, "None": {}, "CLASSES": {"a": 1}, "Marshal": {}})
@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_any_event_makes_sound_code(detail: Any) -> None:
    for name, text in files("Python36", detail).items():
        compile(text, name, "exec")
    for language in ("Go1", "Java8", "TypeScript3"):
        made = files(language, detail)
        assert all(balanced(text) for text in made.values())
        assert len({name.lower() for name in made}) == len(made)


@pytest.mark.needs("javac")
def test_java_compiles(tmp_path: Path) -> None:
    paths = write(tmp_path, files("Java8"))
    command = ["javac", "-encoding", "UTF-8", "-proc:none", "-d", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, *map(str, paths)], capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.needs("node")
def test_typescript_without_its_types_runs(tmp_path: Path) -> None:
    made = {name: _untyped(text) for name, text in files("TypeScript3").items()}
    write(tmp_path, {name.replace(".ts", ".mjs"): text for name, text in made.items()})
    script = f"""
import {{AWSEvent}} from './schema/shop_orderpaid/AWSEvent.mjs';
import {{Marshaller}} from './schema/shop_orderpaid/marshaller/Marshaller.mjs';
const event = {json.dumps(EVENT)};
const made = Marshaller.unmarshall(event, () => new AWSEvent());
if (!(made instanceof AWSEvent)) throw new Error('no AWSEvent');
if (made.detail.lines[0].deep.of[0][0] !== 1.5) throw new Error('not the same');
console.log(JSON.stringify(Marshaller.marshall(made)));
"""
    path = tmp_path / "main.mjs"
    path.write_text(script, encoding="utf-8")
    done = subprocess.run(
        ["node", str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EVENT


def test_go_has_a_struct_for_each_class() -> None:
    made = files("Go1")
    event = made["schema/shop_orderpaid/AWSEvent.go"]
    assert event.startswith("package shop_orderpaid_schema\n")
    assert 'import "time"' in event
    assert "\tDetail *OrderPaid" in event
    structs = "".join(made.values())
    assert len(re.findall(r"^type \w+ struct \{$", structs, re.M)) == len(made) - 1
    fields = [line for line in structs.splitlines() if '"json:' in line]
    shape = re.compile(rf"\t[A-Z]\w* [\[\]*]*(\w+(\.\w+)?|interface{{}}) {TEXT}")
    assert all(shape.fullmatch(line) for line in fields)


def _untyped(text: str) -> str:
    """Return TypeScript of our own making as JavaScript."""
    text = re.sub(rf"^(\s+{TEXT})\?: .*;$", r"\1;", text, flags=re.M)
    text = text.replace("public static attributes: Array<any> =", "static attributes =")
    text = re.sub(r"public static (\w+)\((.*)\): any \{", r"static \1(\2) {", text)
    text = text.replace("(value: any)", "(value)").replace(
        "data: any, make: () => any", "data, make"
    )
    text = re.sub(r"const (\w+): any =", r"const \1 =", text)
    return re.sub(r"from '(.*)';", r"from '\1.mjs';", text)
