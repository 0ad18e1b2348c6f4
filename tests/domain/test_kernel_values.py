"""ARNs, next tokens and tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.kernel.arns import Arn, build_arn, is_arn, parse_arn, partition_of
from messaging.kernel.paging import BadToken, decode_token, encode_token, page
from messaging.kernel.tags import find_problem, merge_tags, remove_tags

WORDS = st.text(alphabet="abcdefghij-", min_size=1, max_size=9)


@given(WORDS, WORDS, st.text(min_size=1))
def test_arn_round_trip(service: str, region: str, resource: str) -> None:
    text = build_arn(service, region=region, account="123456789012", resource=resource)
    assert str(parse_arn(text)) == text
    assert parse_arn(text).resource == resource


@pytest.mark.parametrize(
    "text", ["", "dummy", "arn:aws:sqs", "arn:aws:sqs:r:12:q", "arn:aws:sqs:r:123456789012:"]
)
def test_arn_refused(text: str) -> None:
    assert not is_arn(text)


@pytest.mark.parametrize(
    ("resource", "name"), [("queue", "queue"), ("function:f", "f"), ("user/path/al", "path/al")]
)
def test_arn_name(resource: str, name: str) -> None:
    assert Arn("aws", "x", "r", "123456789012", resource).name == name


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_partition_of_region(region: str, partition: str) -> None:
    assert partition_of(region) == partition


@given(st.sets(st.text(min_size=1, max_size=4), max_size=30), st.integers(1, 7))
def test_pages_show_all_once(names: set[str], limit: int) -> None:
    items = sorted(names)
    seen: list[str] = []
    token = None
    while True:
        chosen, token = page(items, token, limit, key=lambda name: name, scope="queues")
        seen += chosen
        assert len(chosen) <= limit
        if token is None:
            break
    assert seen == items


def test_page_goes_on_after_a_deletion() -> None:
    _, token = page(["a", "b", "c"], None, 2, key=str, scope="s")
    assert page(["a", "c", "d"], token, 2, key=str, scope="s") == (["c", "d"], None)


def test_a_full_last_page_has_no_token() -> None:
    assert page(["a", "b"], None, 2, key=str, scope="s") == (["a", "b"], None)


@given(st.text())
def test_foreign_tokens_are_refused(token: str) -> None:
    with pytest.raises(BadToken):
        decode_token(token, scope="queues")


def test_a_token_belongs_to_its_listing() -> None:
    token = encode_token("b", scope="queues in eu-central-1")
    assert decode_token(token, scope="queues in eu-central-1") == "b"
    with pytest.raises(BadToken):
        decode_token(token, scope="queues in us-east-1")


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"": "x"}, "key-length"),
        ({"k" * 129: "x"}, "key-length"),
        ({"k": "v" * 257}, "value-length"),
        ({"aws:k": "x"}, "reserved"),
        ({"AWS:k": "x"}, "reserved"),
        ({"k": "a*b"}, "characters"),
        ({f"k{n}": "" for n in range(51)}, "count"),
    ],
)
def test_tag_problems(tags: dict[str, str], kind: str) -> None:
    problem = find_problem(tags)
    assert problem is not None
    assert problem.kind == kind


def test_tags_count_with_those_there() -> None:
    there = {f"k{n}": "" for n in range(50)}
    assert find_problem({"k1": "new"}, existing=there) is None
    assert find_problem({"other": ""}, existing=there) is not None


def test_tags_merge_and_remove() -> None:
    merged = merge_tags({"a": "1", "b": "2"}, {"b": "3"})
    assert merged == {"a": "1", "b": "3"}
    assert remove_tags(merged, ["a", "missing"]) == {"b": "3"}
    assert find_problem({"Straße 1": "ü_.:/=+-@"}) is None
