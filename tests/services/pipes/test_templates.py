"""Input templates of pipes: paths into the event, inside and outside of quotes (PI1)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.pipes.domain.events import fill

EVENT = {
    "messageId": "m-1",
    "body": '{"order": {"id": 7, "items": ["a", "b"]}, "by": "Ann \\"A\\""}',
}
NAMES = {"aws.pipes.pipe-name": "flow"}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ('{"id": <$.body.order.id>}', '{"id": 7}'),
        ('{"text": "<$.body.order.id> by <$.body.by>"}', '{"text": "7 by Ann \\"A\\""}'),
        ('{"first": <$.body.order.items[0]>, "all": <$.body.order.items>}',
         '{"first": "a", "all": ["a", "b"]}'),
        ("<$.messageId>", '"m-1"'),
        ('{"pipe": "<aws.pipes.pipe-name>"}', '{"pipe": "flow"}'),
        ('{"gone": <$.body.nothing.here>}', '{"gone": ""}'),
        ("no place", "no place"),
    ],
)  # fmt: skip
def test_places_are_filled(template: str, filled: str) -> None:
    assert fill(template, EVENT, NAMES) == filled


def test_a_body_that_is_no_json_is_text() -> None:
    assert fill('{"body": <$.body>}', {"body": "plain"}, {}) == '{"body": "plain"}'


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=4))
def test_whatever_is_filled_in_the_template_stays_json(value: object) -> None:
    event = {"body": {"value": value}}
    inside = json.loads(fill('{"a": "x <$.body.value> y"}', event, {}))
    outside = json.loads(fill('{"a": <$.body.value>}', event, {}))
    assert inside["a"].startswith("x ")
    assert outside["a"] == value
