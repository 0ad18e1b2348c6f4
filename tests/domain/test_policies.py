"""IAM resource-policy evaluation: cases as data, and laws that hold for every policy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.kernel.policies import PolicyRequest, evaluate, parse_policy
from messaging.kernel.policy_patterns import glob

CASES = json.loads((Path(__file__).parents[1] / "cases/policies.json").read_text())

CONTEXT: Mapping[str, list[str] | None] = {
    "aws:CurrentTime": ["2026-11-21T12:00:00Z"],
    "aws:PrincipalOrgID": None,
    "aws:SecureTransport": ["false"],
    "aws:SourceAccount": ["111111111111"],
    "aws:SourceArn": ["arn:aws:sns:eu-west-1:111111111111:news"],
    "aws:SourceIp": ["203.0.113.7"],
    "aws:TagKeys": ["env", "team"],
    "aws:username": ["alice"],
    "x:Count": ["10"],
    "x:Key": ["AAE="],
    "x:Owner": ["alice"],
    "x:Path": ["home/alice/file"],
    "x:Star": ["*"],
}
ALICE = "arn:aws:iam::222222222222:user/alice"


def request(principal: str = ALICE) -> PolicyRequest:
    return PolicyRequest(
        principal=principal,
        account="222222222222",
        action="sqs:SendMessage",
        resource="arn:aws:sqs:eu-west-1:111111111111:orders",
        context=CONTEXT,
    )


def policy_of(case: dict[str, Any]) -> dict[str, Any]:
    statement = case.get("statement") or {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": case["condition"],
    }
    version = case.get("version", "2012-10-17")
    return parse_policy(json.dumps({"Version": version, "Statement": statement}))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_case(case: dict[str, Any]) -> None:
    decision = evaluate(policy_of(case), request(case.get("principal", ALICE)))
    assert decision.effect == case["effect"]
    if "sid" in case:
        assert decision.sid == case["sid"]
    if "explicit" in case:
        assert decision.explicit is case["explicit"]


def test_no_policy_allows_nothing() -> None:
    decision = evaluate(None, request())
    assert (decision.effect, decision.explicit) == ("deny", False)


def test_the_deciding_statement_is_named() -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Other", "Effect": "Allow", "Principal": "*", "Action": "sns:*"},
            {"Sid": "Send", "Effect": "Allow", "Principal": "*", "Action": "sqs:Send*"},
        ],
    }
    decision = evaluate(policy, request())
    assert (decision.sid, decision.statement_index) == ("Send", 1)
    assert decision.reason == "Allowed by statement 1 (Send)."


def test_a_variable_in_a_resource() -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "*",
            "Resource": "arn:aws:sqs:*:*:${aws:username}-*",
        },
    }
    mine = PolicyRequest(ALICE, "222222222222", "sqs:A", "arn:aws:sqs:r:1:alice-in", CONTEXT)
    other = PolicyRequest(ALICE, "222222222222", "sqs:A", "arn:aws:sqs:r:1:bob-in", CONTEXT)
    assert evaluate(policy, mine).effect == "allow"
    assert evaluate(policy, other).effect == "deny"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "no Statement"),
        ('{"Statement": []}', "no Statement"),
        ('{"Version": "1999-01-01", "Statement": []}', "Version"),
        ('{"Extra": 1, "Statement": []}', "unknown element Extra"),
        ("[" * 100_000, "too deeply"),
    ],
)
def test_bad_documents_say_what_is_wrong(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        parse_policy(text)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"Effect": "Maybe"}, "Effect"),
        ({"Action": None}, "Action"),
        ({"Action": []}, "Action"),
        ({"NotAction": "*"}, "both Action and NotAction"),
        ({"Principal": "alice"}, "Principal"),
        ({"Principal": {"Dog": "*"}}, "Principal"),
        ({"Resource": 7}, "Resource"),
        ({"Sid": 7}, "Sid"),
        ({"Colour": "red"}, "Colour"),
        ({"Condition": []}, "Condition"),
        ({"Condition": {"StringSame": {}}}, "StringSame"),
        ({"Condition": {"ForSomeValue:StringEquals": {}}}, "ForSomeValue"),
        ({"Condition": {"StringEquals": "x"}}, "StringEquals"),
        ({"Condition": {"StringEquals": {"a": {}}}}, "value of a"),
    ],
)
def test_bad_statements_say_what_is_wrong(change: dict[str, Any], wrong: str) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"} | change
    with pytest.raises(ValueError, match=wrong):
        parse_policy(json.dumps({"Statement": [statement]}))


def test_sids_are_unique() -> None:
    statement = {"Sid": "One", "Effect": "Allow", "Principal": "*", "Action": "*"}
    with pytest.raises(ValueError, match="two statements have the Sid One"):
        parse_policy(json.dumps({"Statement": [statement, statement]}))


def test_an_identity_policy_needs_no_principal() -> None:
    text = json.dumps({"Statement": {"Effect": "Allow", "Action": "*"}})
    assert parse_policy(text, needs_principal=False)["Statement"]["Action"] == "*"
    with pytest.raises(ValueError, match="no Principal"):
        parse_policy(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Principal": st.just("*")},
    optional={
        "Action": st.sampled_from(["sqs:SendMessage", "sqs:*", "sns:*"]),
        "Resource": st.sampled_from(["*", "arn:aws:sqs:*:*:orders", "arn:aws:sqs:*:*:x"]),
        "Condition": st.sampled_from(
            [
                {"StringEquals": {"aws:username": "alice"}},
                {"StringEquals": {"aws:username": "bob"}},
                {"StringEquals": {"kms:ViaService": "x"}},
            ]
        ),
    },
).map(lambda statement: {"Action": "*"} | statement)


@given(JSON)
def test_reading_never_fails_otherwise_than_with_ValueError(document: Any) -> None:
    try:
        parse_policy(json.dumps(document))
    except ValueError as error:
        assert str(error)


@given(st.lists(STATEMENTS, min_size=1, max_size=5), st.randoms())
def test_order_of_statements_does_not_matter(statements: list[Any], dice: Any) -> None:
    mixed = list(statements)
    dice.shuffle(mixed)
    first = evaluate({"Version": "2012-10-17", "Statement": statements}, request())
    second = evaluate({"Version": "2012-10-17", "Statement": mixed}, request())
    assert (first.effect, first.explicit) == (second.effect, second.explicit)


@given(st.lists(STATEMENTS, min_size=1, max_size=5))
def test_an_explicit_deny_is_final(statements: list[Any]) -> None:
    deny = {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    decision = evaluate({"Statement": [*statements, deny]}, request())
    assert decision.effect == "deny"
    assert decision.explicit


@given(st.text(alphabet="ab*?", max_size=12), st.text(alphabet="ab", max_size=12))
def test_glob_means_what_a_slow_definition_says(pattern: str, text: str) -> None:
    def slow(at: int, here: int) -> bool:
        if at == len(pattern):
            return here == len(text)
        if pattern[at] == "*":
            return slow(at + 1, here) or (here < len(text) and slow(at, here + 1))
        return here < len(text) and pattern[at] in ("?", text[here]) and slow(at + 1, here + 1)

    assert glob(pattern, text) == slow(0, 0)


def test_a_hostile_pattern_is_not_slow() -> None:
    assert not glob("*a" * 200 + "b", "a" * 2_000)
