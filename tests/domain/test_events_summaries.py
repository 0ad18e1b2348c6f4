"""Event patterns in a few words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.events.domain.summaries import CHARS_MAX, summary


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ({"source": ["shop"]}, "source: shop"),
        ({"detail": {"state": ["paid", "open"]}}, "state: paid | open"),
        ({"detail": {"total": [{"numeric": [">", 100, "<=", 200]}]}}, "total: > 100 <= 200"),
        ({"detail": {"a": {"b": [{"prefix": "x"}]}}, "source": ["s"]}, "a.b: x… +1"),
        ({"detail": {"n": [{"anything-but": ["x", "y"]}]}}, "n: not x | y"),
        ({"detail": {"n": [{"anything-but": {"suffix": ".png"}}]}}, "n: not ….png"),
        ({"detail": {"n": [{"exists": False}, None]}}, "n: is missing | null"),
        ({"$or": [{"a": [1]}, {"b": [True]}]}, "a: 1 +1"),
        ({"detail": [{"exists": True}]}, "detail: is there"),
        ({"detail-type": ["EC2 Instance State-change Notification"]},
         "detail-type: EC2 Instance Sta…"),
    ],
)  # fmt: skip
def test_a_pattern_is_told_by_its_first_condition(pattern: Any, wanted: str) -> None:
    assert summary(json.dumps(pattern)) == wanted


@given(st.dictionaries(st.text(min_size=1), st.lists(st.text(), min_size=1), min_size=1))
def test_it_is_never_long(pattern: Any) -> None:
    assert len(summary(json.dumps(pattern))) <= CHARS_MAX
