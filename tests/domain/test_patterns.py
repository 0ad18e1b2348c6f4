"""The one pattern matcher: rules E1–E6 of event patterns, N10 and N12 of filter policies."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.patterns.dialects import EVENT_BUS, PIPE, TOPIC, Dialect
from messaging.patterns.index import PatternIndex
from messaging.patterns.jackson import explain as explain_json
from messaging.patterns.matching import matches
from messaging.patterns.nodes import Malformed, read
from messaging.patterns.parsing import InvalidPattern, parse
from messaging.patterns.verdicts import explain


def holds(pattern: Any, event: Any, dialect: Dialect = EVENT_BUS) -> bool:
    return matches(parse(json.dumps(pattern), dialect), event)


def reason(pattern: Any, dialect: Dialect = EVENT_BUS) -> str:
    text = pattern if isinstance(pattern, str) else json.dumps(pattern)
    with pytest.raises(InvalidPattern) as refused:
        parse(text, dialect)
    return refused.value.reason


ORDER = {"source": "shop", "detail": {"state": "paid", "total": 120, "tags": ["new", "gift"]}}


@pytest.mark.parametrize(
    ("pattern", "event", "wanted"),
    [
        # E1: fields AND, values OR, what is not asked for is ignored, names are case-sensitive.
        ({"source": ["shop"], "detail": {"state": ["paid", "open"]}}, ORDER, True),
        ({"source": ["shop"], "detail": {"state": ["open"]}}, ORDER, False),
        ({"Source": ["shop"]}, ORDER, False),
        ({"source": ["Shop"]}, ORDER, False),
        # E2: arrays match when they share an element; objects in one and the same element.
        ({"detail": {"tags": ["gift", "old"]}}, ORDER, True),
        ({"a": {"b": ["x"], "c": ["y"]}}, {"a": [{"b": "x"}, {"c": "y"}]}, False),
        ({"a": {"b": ["x"], "c": ["y"]}}, {"a": [{"b": "x", "c": "y"}, {}]}, True),
        ({"a": [None]}, {"a": []}, False),
        ({"a": [{"exists": True}]}, {"a": []}, False),
        # E3: kinds are kept apart.
        ({"a": [1]}, {"a": 1.0}, True),
        ({"a": [1]}, {"a": "1"}, False),
        ({"a": [1]}, {"a": True}, False),
        ({"a": [""]}, {"a": ""}, True),
        ({"a": [None]}, {"a": None}, True),
        ({"a": [None]}, {}, False),
        ({"a": [{"prefix": "or"}]}, {"a": "order"}, True),
        ({"a": [{"prefix": {"equals-ignore-case": "OR"}}]}, {"a": "order"}, True),
        ({"a": [{"suffix": ".png"}]}, {"a": "x.PNG"}, False),
        ({"a": [{"suffix": {"equals-ignore-case": ".png"}}]}, {"a": "x.PNG"}, True),
        ({"a": [{"equals-ignore-case": "PAID"}]}, {"a": "paid"}, True),
        ({"a": [{"wildcard": "dir/*/x*.txt"}]}, {"a": "dir/a/b/x1.txt"}, True),
        ({"a": [{"wildcard": "1\\*2"}]}, {"a": "1*2"}, True),
        ({"a": [{"wildcard": "1\\*2"}]}, {"a": "132"}, False),
        ({"a": [{"numeric": [">", 100]}]}, {"a": 101.0}, True),
        ({"a": [{"numeric": [">", 0, "<=", 5]}]}, {"a": 5}, True),
        ({"a": [{"numeric": [">", 0, "<", 5]}]}, {"a": 5}, False),
        ({"a": [{"numeric": ["=", 5]}]}, {"a": "5"}, False),
        ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "10.0.0.255"}, True),
        ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "10.0.1.0"}, False),
        ({"a": [{"cidr": "2001:db8::/32"}]}, {"a": "2001:db8::1"}, True),
        ({"a": [{"exists": False}]}, {"a": {"b": 1}}, True),
        ({"a": [{"exists": True}]}, {"a": {"b": 1}}, False),
        ({"a": {"b": [{"exists": False}]}}, {}, True),
        # E4: anything-but wants the field to be there; null is there.
        ({"a": [{"anything-but": "x"}]}, {}, False),
        ({"a": [{"anything-but": "x"}]}, {"a": None}, True),
        ({"a": [{"anything-but": ["x", "y"]}]}, {"a": "y"}, False),
        ({"a": [{"anything-but": [1, 2]}]}, {"a": 3}, True),
        ({"a": [{"anything-but": {"prefix": ["a", "b"]}}]}, {"a": "bx"}, False),
        ({"a": [{"anything-but": {"wildcard": "*.log"}}]}, {"a": "x.txt"}, True),
        # N12: of an array one element outside the list is enough.
        ({"a": [{"anything-but": ["x"]}]}, {"a": ["x", "y"]}, True),
        # E5: dots are steps.
        ({"detail.state": ["paid"], "detail": {"total": [120]}}, ORDER, True),
        ({"detail": {"state": ["paid"]}}, {"detail.state": "paid"}, True),
        # $or, inside and beside other fields; with one member or reserved words it is a name.
        ({"source": ["shop"], "$or": [{"x": [1]}, {"detail": {"total": [120]}}]}, ORDER, True),
        ({"source": ["shop"], "$or": [{"x": [1]}, {"y": [2]}]}, ORDER, False),
        ({"$or": ["a"]}, {"$or": "a"}, True),
        ({"$or": [{"prefix": "a"}, {"prefix": "b"}]}, {"$or": "bc"}, True),
    ],
)
def test_patterns(pattern: Any, event: Any, wanted: bool) -> None:
    assert holds(pattern, event) is wanted
    failure = explain(parse(json.dumps(pattern)), event)
    assert (failure is None) is wanted


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ({"a": "x"}, '"a" must be an object or an array'),
        ({"a": []}, "Empty arrays are not allowed"),
        ({}, "Empty objects are not allowed"),
        ({"a": {}}, "Empty objects are not allowed"),
        ([], "Filter is not an object"),
        ({"a": [["x"]]}, "Match value must be String, number, true, false, or null"),
        ({"a": [{"like": "x"}]}, "Unrecognized match type like"),
        ({"a": [{}]}, "Match expression name not found"),
        ({"a": [{"prefix": "x", "suffix": "y"}]}, "Only one key allowed in match expression"),
        ({"a": [{"prefix": 1}]}, "prefix match pattern must be a string"),
        ({"a": [{"exists": "yes"}]}, "exists match pattern must be either true or false."),
        ({"a": [{"numeric": 5}]}, "Value of numeric must be an array."),
        ({"a": [{"numeric": [5]}]}, "Invalid member in numeric match: 5"),
        ({"a": [{"numeric": ["<>", 5]}]}, "Unrecognized numeric range operator: <>"),
        ({"a": [{"numeric": ["=", "5"]}]}, "Value of equals must be numeric"),
        ({"a": [{"numeric": [">", 1, "=", 2]}]}, "Bad numeric range operator: ="),
        ({"a": [{"numeric": [">", 1, 2]}]}, "Bad value in numeric range: 2"),
        ({"a": [{"numeric": [">", 1, "<", 2, "x"]}]}, "Too many terms in numeric range expression"),
        ({"a": [{"numeric": ["<", 1, ">", 2]}]}, "Too many elements in numeric expression"),
        ({"a": [{"numeric": [">", 5, "<", 5]}]}, "Bottom must be less than top"),
        (
            {"a": [{"anything-but": ["x", 1]}]},
            "Inside anything but list, either all values are number or string,"
            " mixed type is not supported",
        ),
        (
            {"a": [{"anything-but": [None]}]},
            "Inside anything but list, start|null|boolean is not supported.",
        ),
        ({"a": [{"anything-but": {"prefix": ""}}]}, "Null prefix/suffix not allowed"),
        ({"a": [{"anything-but": {"exists": True}}]}, "Unsupported anything-but pattern: exists"),
        ({"a": [{"wildcard": "a**b"}]}, "Consecutive wildcard characters at pos 1"),
        ({"a": [{"wildcard": "a\\b"}]}, "Invalid escape character at pos 1"),
        ({"a": [{"cidr": "10.0.0.0"}]}, "Malformed CIDR, one '/' required"),
        ('{"a": ["x"]', "Filter is not a valid JSON document"),
        ('{"a": ["x",]}', "Filter is not a valid JSON document"),
    ],
)
def test_what_is_no_pattern_is_refused_in_awss_words(pattern: Any, wanted: str) -> None:
    assert reason(pattern) == wanted


def test_dialects_differ() -> None:
    wildcard = {"a": [{"wildcard": "x*"}]}
    assert holds(wildcard, {"a": "xy"})
    assert reason(wildcard, PIPE) == "Unrecognized match type wildcard"
    assert reason(wildcard, TOPIC) == "Unrecognized match type wildcard"
    nested = {"a": [{"anything-but": {"suffix": "x"}}]}
    assert reason(nested, TOPIC) == "Unsupported anything-but pattern: suffix"
    assert holds({"a": [{"anything-but": {"prefix": "x"}}]}, {"a": "y"}, TOPIC)
    assert reason({"a": [{"anything-but": {"prefix": "x"}}]}, PIPE).startswith("Unsupported")


def test_a_refusal_says_where() -> None:
    text = '{"source": "shop"}'
    with pytest.raises(InvalidPattern) as refused:
        parse(text)
    assert refused.value.where == f'at [Source: (String)"{text}"; line: 1, column: 13]'


def test_the_first_leaf_that_fails_is_told_with_what_is_there() -> None:
    pattern = parse('{"source": ["shop"], "detail": {"state": ["open"], "total": [1]}}')
    failure = explain(pattern, ORDER)
    assert failure is not None
    assert (failure.path, failure.asked, failure.found) == (("detail", "state"), ("open",), "paid")
    missing = explain(parse('{"detail": {"customer": ["x"]}}'), ORDER)
    assert missing is not None
    assert missing.is_absent


def test_of_alternatives_and_elements_the_one_is_told_that_came_furthest() -> None:
    event = {"items": [{"kind": "a", "size": 1}, {"kind": "b", "size": 2}]}
    failure = explain(parse('{"items": {"kind": ["b"], "size": [3]}}'), event)
    assert failure is not None
    assert (failure.path, failure.found) == (("items", "size"), 2)
    either = explain(parse('{"$or": [{"x": [1]}, {"source": ["shop"], "y": [1]}]}'), ORDER)
    assert either is not None
    assert (either.path, either.alternatives) == (("y",), 2)


NAMES = st.sampled_from(["a", "b", "c"])
SCALARS = st.sampled_from(["x", "y", 1, 2.5, True, None, ""])
LEAVES = st.lists(
    SCALARS
    | st.builds(lambda text: {"prefix": text}, st.sampled_from(["x", ""]))
    | st.builds(lambda flag: {"exists": flag}, st.booleans())
    | st.builds(lambda text: {"anything-but": text}, st.sampled_from(["x", "y"])),
    min_size=1,
    max_size=3,
)
PATTERNS = st.recursive(
    st.dictionaries(NAMES, LEAVES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(NAMES, LEAVES | inner, min_size=1, max_size=3),
    max_leaves=6,
)
EVENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
).map(lambda value: value if isinstance(value, dict) else {"a": value})


@given(st.lists(PATTERNS, max_size=8), EVENTS)
def test_the_index_finds_exactly_what_matches(patterns: list[Any], event: Any) -> None:
    index: PatternIndex[int] = PatternIndex()
    parsed = [parse(json.dumps(pattern)) for pattern in patterns]
    for key, pattern in enumerate(parsed):
        index.put(key, pattern)
    wanted = [key for key, pattern in enumerate(parsed) if matches(pattern, event)]
    assert index.find(event) == wanted
    for key in range(0, len(parsed), 2):
        index.drop(key)
    assert index.find(event) == [key for key in wanted if key % 2]
    assert len(index) == len(parsed) // 2


@given(PATTERNS, EVENTS)
def test_an_explanation_is_there_if_and_only_if_nothing_matches(pattern: Any, event: Any) -> None:
    parsed = parse(json.dumps(pattern))
    assert (explain(parsed, event) is None) is matches(parsed, event)


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_is_read_as_python_reads_it(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False)):
        assert read(text).plain() == json.loads(text)


@given(st.text(max_size=30) | st.text('{}[]",:1ax \\', max_size=30))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        found = read(text).plain()
    except Malformed:
        with pytest.raises(InvalidPattern):
            parse(text)
        return
    assert found == json.loads(text)


@pytest.mark.parametrize(
    ("text", "said", "column"),
    [
        ("", "No content to map due to end-of-input", 0),
        ("nonsense here", "Unrecognized token 'nonsense': was expecting ", 8),
        ('{"a" ["x"]}', "Unexpected character ('[' (code 91)): was expecting a colon ", 5),
        ('{"a": ["x" "y"]}', "was expecting comma to separate Array entries", 11),
        ('{"a": ["x"] "b": ["y"]}', "was expecting comma to separate Object entries", 12),
        ('{"a": ["x"],}', "Unexpected character ('}' (code 125)): was expecting double-quote", 12),
        ('{"a": ["x",]}', "Unexpected character (']' (code 93)): expected a valid value ", 11),
        ('{"a": ["x"', "expected close marker for Array (start marker at [Source:", 10),
        ('{"a": ["x', "was expecting closing quote for a string value", 9),
    ],
)
def test_what_is_no_json_is_told_as_awss_parser_tells_it(text: str, said: str, column: int) -> None:
    with pytest.raises(Malformed) as broken:
        read(text)
    reason, place = explain_json(text, broken.value.place)
    assert said in reason
    assert place == column


@given(st.text(alphabet='{}[]":, ax1*\\', max_size=20))
def test_whatever_is_no_json_has_a_reason(text: str) -> None:
    try:
        read(text)
    except Malformed as broken:
        reason, place = explain_json(text, broken.place)
        assert reason
        assert 0 <= place <= len(text)
