"""What of an event a target gets: Input, InputPath, InputTransformer (P3, P4)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.events.domain import templates
from messaging.events.domain.entries import Event
from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.events.conftest import Queue, entry, said

Got = Callable[..., str]
DETAIL = {"command": "update", "payload": {"id": "0a-7", "list": [{"n": 1}, {"n": 2}]}, "on": True}


@pytest.fixture
def got(api: Any, queue: Queue, wire: Callable[..., str]) -> Got:
    """Return a function that says which body a target with this input gets."""

    def send(detail: Any = DETAIL, **config: Any) -> str:
        wire({"Id": "t", "Arn": queue.arn, **config})
        api.put_events(Entries=[entry(detail)])
        [body] = queue.bodies()
        return body

    return send


def transformer(template: str, **paths: str) -> dict[str, Any]:
    return {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}


def test_P3_input_is_a_constant(got: Got) -> None:
    assert got(Input='{"custom": 1}') == '{"custom": 1}'


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("$.detail.payload.id", '"0a-7"'),
        ("$.detail.on", "true"),
        ("$.detail.payload.list[1]", '{"n":2}'),
        ("$.detail.payload.list[*].n", "[1,2]"),
        ("$.detail.payload", '{"id":"0a-7","list":[{"n":1},{"n":2}]}'),
        ("$.detail-type", '"OrderPlaced"'),
        ("$.detail.nothing", "null"),
    ],
)
def test_P3_an_input_path_takes_a_part(got: Got, path: str, wanted: str) -> None:
    assert got(InputPath=path) == wanted


def test_P3_a_bare_dollar_is_the_whole_event(got: Got) -> None:
    assert json.loads(got(InputPath="$"))["detail"] == DETAIL


@pytest.mark.parametrize(
    ("template", "paths", "wanted"),
    [
        ('"Event of <type>, info <command>"', {"type": "$.detail-type", "command":
         "$.detail.command"}, '"Event of OrderPlaced, info update"'),
        ('"Event of <type>, info <command>"', {"type": "$.detail-type", "command": "$.detail.no"},
         '"Event of OrderPlaced, info "'),
        ('"{[/Check <type>"', {"type": "$.detail-type"}, '"{[/Check OrderPlaced"'),
        ('{"type": <type>,  "command": <command>}', {"type": "$.detail-type", "command":
         "$.detail.command"}, '{"type": "OrderPlaced",  "command": "update"}'),
        ('{"command": <command>}', {"command": "$.detail.no"}, '{"command": ""}'),
        ('{"payload": <p>, "on": <on>}', {"p": "$.detail.payload.list[0]", "on": "$.detail.on"},
         '{"payload": {"n":1}, "on": true}'),
        ('{"text": "<c> is <on> and <p>"}', {"c": "$.detail.command", "on": "$.detail.on",
         "p": "$.detail.payload.list[0]"}, '{"text": "update is true and {n:1}"}'),
        ('"first <c>"\n"second <c>"', {"c": "$.detail.command"},
         '"first update"\n"second update"'),
    ],
)  # fmt: skip
def test_P4_a_template_is_filled(got: Got, template: str, paths: Any, wanted: str) -> None:
    assert got(**transformer(template, **paths)) == wanted


def test_P4_texts_stay_json_whatever_is_in_them(got: Got) -> None:
    filled = got({"command": 'a "quoted"\n\\ line'}, **transformer(
        '{"alone": <c>, "inside": "<c>!"}', c="$.detail.command"
    ))  # fmt: skip
    text = 'a "quoted"\n\\ line'
    assert json.loads(filled) == {"alone": text, "inside": text + "!"}


def test_P4_reserved_variables(got: Got) -> None:
    rule = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/orders"
    text = '"<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>"'
    arn, name, time = json.loads(got(**transformer(text))).split(" ")
    assert (arn, name, time[-1]) == (rule, "orders", "Z")
    both = '{"original": <aws.events.event>, "whole": <aws.events.event.json>}'
    filled = json.loads(got(**transformer(both)))
    whole = filled["whole"]
    assert whole["detail"] == DETAIL
    assert filled["original"] == {
        "detailType": "OrderPlaced",
        **{name: whole[name] for name in whole if name not in ("detail", "detail-type")},
    }


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"InputPath": "$.detail", **transformer('"x"')},
         "Only one of Input, InputPath, or InputTransformer must be provided for target t."),
        (transformer('"of <type> and <other>"', type="$.detail-type"),
         "InputTemplate for target t contains invalid placeholder other."),
        (transformer('"<aws.events.event.json>"'), "InputTemplate for target t contains placeholder"
         " aws.events.event.json valid only for JSON template."),
        (transformer("[<aws.events.event.json>]"), "InputTemplate for target t contains placeholder"
         " aws.events.event.json valid only for JSON template."),
        (transformer("plain <a>", a="$.id"), "Invalid InputTemplate for target t : [Source:"
         ' (String)"plain <a>"; line: 1, column: 1].'),
        ({"InputPath": "detail"}, "InputPath for target t is invalid."),
        ({"InputPath": "$.detail['key']"}, "InputPath for target t is invalid."),
        (transformer('"<a>"', a="id"), "InputPath for target t is invalid."),
    ],
)  # fmt: skip
def test_P4_bad_inputs_are_refused_in_awss_words(
    api: Any, queue: Queue, wire: Callable[..., str], config: Any, message: str
) -> None:
    wire()
    target = {"Id": "t", "Arn": queue.arn, **config}
    assert said(api.put_targets, Rule="orders", Targets=[target]) == (
        "ValidationException", message,
    )  # fmt: skip


def test_P4_a_hundred_paths_and_8192_characters_are_the_most(
    api: Any, queue: Queue, wire: Callable[..., str]
) -> None:
    wire()
    paths = {f"k{n}": "$.id" for n in range(101)}
    for config, most in (
        (transformer('"x"', **paths), "100"),
        (transformer(f'"{"x" * 8191}"'), "8192"),
        (transformer('"<aws.events.rule-name>"', **{"aws.events.rule-name": "$.id"}), None),
    ):
        target = {"Id": "t", "Arn": queue.arn, **config}
        code, message = said(api.put_targets, Rule="orders", Targets=[target])
        assert code == "ValidationException"
        assert message.startswith("1 validation error detected: Value ")
        assert most is None or message.endswith(f"less than or equal to {most}")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(VALUES)
def test_P4_a_value_outside_of_quotes_is_the_value(value: Any) -> None:
    data = {"time": "2026-01-01T00:00:00Z", "detail": {"v": value}}
    fill = templates.compose('{"v": <v>}', {"v": "$.detail.v"}, rule="r", name="n")
    assert json.loads(fill(Event(1, 0, data))) == {"v": value}


@given(st.text(st.characters(codec="utf-8")))
def test_P4_a_text_inside_of_quotes_is_the_text(value: str) -> None:
    data = {"time": "2026-01-01T00:00:00Z", "detail": {"v": value}}
    fill = templates.compose('{"v": "<<v>>"}', {"v": "$.detail.v"}, rule="r", name="n")
    assert json.loads(fill(Event(1, 0, data))) == {"v": f"<{value}>"}
