"""STS: who a key is."""

from collections.abc import Callable
from typing import Any

from messaging import sandboxes
from messaging.kernel.models import Sandbox
from tests.fixtures.engine import ACCOUNT, REGION
from tests.fixtures.refusals import refused


def test_a_caller_learns_its_account(aws: Callable[..., Any]) -> None:
    answer = aws("sts").get_caller_identity()
    assert answer["Account"] == ACCOUNT
    assert answer["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert answer["UserId"]


def test_each_account_has_its_own_key(aws: Callable[..., Any], sandbox: Sandbox) -> None:
    sandboxes.add_account(sandbox, "111122223333", regions=(REGION,))
    other = aws("sts", account="111122223333").get_caller_identity()
    assert other["Account"] == "111122223333"


def test_what_is_not_modelled_says_so(aws: Callable[..., Any]) -> None:
    with refused("NotImplemented", status=501):
        aws("sts").get_session_token()
