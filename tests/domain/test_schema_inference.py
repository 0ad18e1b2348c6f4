"""Shapes of JSON: what was seen fits, and is nothing new the second time (P12)."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.schemas.domain import content, documents, exporting
from messaging.schemas.domain.inference import infer, join, levels

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.just("2026-01-01T00:00:00Z")
)
NAMES = st.sampled_from(["a", "A", "order id", "$ref", "type", "properties", "ä", ""]) | st.text(
    max_size=4
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
DETAILS = st.dictionaries(NAMES, VALUES, max_size=4)
TYPES = {
    "array": list, "boolean": bool, "integer": int, "null": type(None), "number": int | float,
    "object": dict, "string": str,
}  # fmt: skip


def fits(value: Any, node: Any, document: Any) -> bool:
    """Tell whether a value is valid, by the words that inferred schemas have."""
    if "$ref" in node:
        return fits(value, content.resolve(document, node["$ref"]), document)
    some = node.get("anyOf")
    if value is None and node.get("nullable"):
        return True
    fitting = [fits(value, each, document) for each in some or ()]
    if (some and not any(fitting)) or not all(
        fits(value, each, document) for each in node.get("allOf", ())
    ):
        return False
    named = node.get("type", list(TYPES))
    named = [named] if isinstance(named, str) else named
    if not any(_is_a(value, each) for each in named):
        return False
    if isinstance(value, str):
        return "format" not in node or re.match(r"\d{4}-\d\d-\d\dT", value) is not None
    if isinstance(value, list):
        return all(fits(each, node.get("items", {}), document) for each in value)
    if isinstance(value, dict):
        known = node.get("properties", {})
        inner = all(fits(each, known.get(key, {}), document) for key, each in value.items())
        return inner and set(node.get("required", ())) <= value.keys()
    return True


def _is_a(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])


@given(VALUES, VALUES, VALUES)
def test_P12_joining_is_idempotent_commutative_and_associative(a: Any, b: Any, c: Any) -> None:
    one, two, three = infer(a), infer(b), infer(c)
    assert join(one, one) == one
    assert join(one, two) == join(two, one)
    assert join(join(one, two), three) == join(one, join(two, three))
    both = join(one, two)
    assert join(both, one) == both


@given(st.lists(DETAILS, min_size=1, max_size=3))
def test_P12_every_event_that_was_seen_is_valid(details: list[Any]) -> None:
    shape: Any = {}
    for detail in details:
        shape = join(shape, infer(detail))
    document = documents.event_document(shape, source="shop", detail_type="Order Paid")
    assert content.read(content.OPENAPI, documents.write(document)) == document
    exported = exporting.to_draft4(document)
    content.read(content.DRAFT4, documents.write(exported))
    texts = dict.fromkeys(("account", "detail-type", "id", "region", "source", "version"), "x")
    for detail in details:
        event = {**texts, "time": "2026-01-01T00:00:00Z", "resources": ["a"], "detail": detail}
        assert fits(event, document["components"]["schemas"]["AWSEvent"], document)
        assert fits(event, exported, exported)


@given(VALUES)
def test_P12_any_json_has_a_schema(value: Any) -> None:
    document = documents.plain_document(infer(value))
    content.read(content.OPENAPI, documents.write(document))
    assert fits(value, document["components"]["schemas"]["Event"], document)
    exported = exporting.to_draft4(document)
    content.read(content.DRAFT4, documents.write(exported))
    assert fits(value, exported, exported)


@given(DETAILS)
def test_P12_the_order_of_properties_makes_no_difference(detail: Any) -> None:
    turned = dict(reversed(list(detail.items())))
    one, other = (
        documents.write(documents.event_document(infer(each), source="s", detail_type="t"))
        for each in (detail, turned)
    )
    assert one == other


@pytest.mark.parametrize(
    ("values", "node"),
    [
        ([1, 2], {"type": "integer"}),
        ([1, 2.5], {"type": "number"}),
        ([True, 1], {"anyOf": [{"type": "boolean"}, {"type": "integer"}]}),
        (["a", None], {"type": "string", "nullable": True}),
        (["2026-01-01T00:00:00Z"], {"type": "string", "format": "date-time"}),
        (["2026-01-01T00:00:00Z", "soon"], {"type": "string"}),
        ([[], [1]], {"type": "array", "items": {"type": "integer"}}),
        ([{"a": 1}, {}], {"type": "object", "properties": {"a": {"type": "integer"}}}),
        ([None], {"nullable": True}),
    ],
)
def test_P12_what_values_have_in_common(values: list[Any], node: Any) -> None:
    shape: Any = {}
    for value in values:
        shape = join(shape, infer(value))
    assert documents.plain_document(shape)["components"]["schemas"]["Event"] == node


def test_levels_are_counted() -> None:
    assert [levels(each) for each in (1, [], [1], {"a": [1]})] == [1, 1, 2, 3]
    assert levels(json.loads("[" * 500 + "]" * 500)) == 500
