"""From a pattern to small events that match it, or fail at one leaf."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.patterns.matching import matches
from messaging.patterns.parsing import parse
from messaging.patterns.verdicts import explain
from messaging.patterns.witnesses import matching, missing

PATTERNS: list[Any] = [
    {"source": ["shop.orders"]},
    {"detail": {"total": [{"numeric": [">=", 100, "<", 200]}], "tier": [{"prefix": "go"}]}},
    {"detail": {"name": [{"suffix": ".png"}], "size": [{"exists": True}]}},
    {"detail": {"old": [{"exists": False}], "new": [1]}},
    {"detail": {"state": [{"anything-but": ["open", "closed"]}]}},
    {"detail": {"path": [{"wildcard": "a/*/z"}], "ip": [{"cidr": "10.0.0.0/24"}]}},
    {"$or": [{"a": [1]}, {"b": [{"equals-ignore-case": "Yes"}]}], "c": [None, True]},
    {"detail": {"name": [{"anything-but": {"prefix": "no"}}]}},
]  # fmt: skip


@pytest.mark.parametrize("wanted", PATTERNS)
def test_a_witness_matches_and_a_near_miss_fails_at_a_leaf(wanted: Any) -> None:
    pattern = parse(json.dumps(wanted))
    witness, miss = matching(pattern), missing(pattern)
    assert witness is not None
    assert matches(pattern, witness)
    assert miss is not None
    failure = explain(pattern, miss)
    assert failure is not None
    assert failure.path


def test_what_a_new_pattern_lets_through_that_the_old_did_not() -> None:
    old, new = parse('{"tier": ["gold"]}'), parse('{"tier": ["gold", "silver"]}')
    assert matching(new, but_not=old) == {"tier": "silver"}
    assert matching(old, but_not=new) is None


def test_no_witness_where_nothing_can_match() -> None:
    assert matching(parse('{"a": [{"numeric": [">", 5, "<", 6]}]}')) == {"a": 5.5}
    contrary = parse('{"a": ["x"], "$or": [{"b": [1]}, {"c": [1]}]}')
    assert matching(contrary, but_not=parse('{"a": [{"exists": true}]}')) is None


@given(
    st.recursive(
        st.lists(st.one_of(st.text(max_size=5), st.integers(-9, 9), st.booleans()), min_size=1),
        lambda inner: st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, min_size=1),
        max_leaves=5,
    ).filter(lambda value: isinstance(value, dict))
)
def test_exact_patterns_always_have_a_witness(wanted: Any) -> None:
    pattern = parse(json.dumps(wanted))
    witness = matching(pattern)
    assert witness is not None
    assert matches(pattern, witness)
