"""Two windows at the settings of one queue: neither undoes unseen what the other has saved."""

import html
import re
from typing import Any

import pytest

from dashboard.console.desk import QueueDesk
from tests.dashboard.conftest import Desk, text_of

CARRIED = re.compile(r'<input type="hidden" name="(base|known)"(?: value="([^"]*)")?')
ERROR = re.compile(r"Changed meanwhile by somebody else: (\S+)\. Save again to replace it\.")


@pytest.fixture
def arn(desk: Desk) -> str:
    return desk.create("shared", VisibilityTimeout="30", DelaySeconds="0")


def carried(page: str) -> dict[str, str]:
    """Return what the form of the settings carries along unseen."""
    form = page[page.index('data-page="settings"') : page.index('data-page="calls"')]
    return {name: html.unescape(value) for name, value in CARRIED.findall(form)}


def panel(desk: Desk, arn: str) -> dict[str, str]:
    return carried(desk.panel(arn))


def settings(desk: Desk, name: str) -> dict[str, str]:
    found = desk.call("GetQueueAttributes", QueueUrl=desk.url(name), AttributeNames=["All"])
    return {key: found["Attributes"][key] for key in ("VisibilityTimeout", "DelaySeconds")}


def test_each_saves_what_it_changed_only(desk: Desk, arn: str) -> None:
    left = right = panel(desk, arn)
    desk.post("sqs/attributes/", arn=arn, VisibilityTimeout="45", DelaySeconds="0", **left)
    desk.post("sqs/attributes/", arn=arn, VisibilityTimeout="30", DelaySeconds="7", **right)
    assert settings(desk, "shared") == {"VisibilityTimeout": "45", "DelaySeconds": "7"}


def test_the_same_setting_is_replaced_only_by_one_who_knows(desk: Desk, arn: str) -> None:
    left = right = panel(desk, arn)
    desk.post("sqs/attributes/", arn=arn, VisibilityTimeout="45", **left)
    asked = desk.post("sqs/attributes/", arn=arn, VisibilityTimeout="60", **right)
    page = html.unescape(asked.content.decode())
    assert ERROR.findall(page) == ["45"]
    assert settings(desk, "shared")["VisibilityTimeout"] == "45"
    again = carried(asked.content.decode())
    assert again["base"] == right["base"]
    desk.post("sqs/attributes/", arn=arn, VisibilityTimeout="60", **again)
    assert settings(desk, "shared")["VisibilityTimeout"] == "60"


def test_a_third_change_is_told_too(desk: Desk, arn: str) -> None:
    form = panel(desk, arn)
    desk.call(
        "SetQueueAttributes", QueueUrl=desk.url("shared"), Attributes={"VisibilityTimeout": "45"}
    )
    asked = desk.post("sqs/attributes/", arn=arn, VisibilityTimeout="60", **form)
    desk.call(
        "SetQueueAttributes", QueueUrl=desk.url("shared"), Attributes={"VisibilityTimeout": "50"}
    )
    again = carried(asked.content.decode())
    told = desk.post("sqs/attributes/", arn=arn, VisibilityTimeout="60", **again)
    assert ERROR.findall(html.unescape(told.content.decode())) == ["50"]


@pytest.mark.parametrize(
    "base", ["", "[]", "{", '{"VisibilityTimeout": 30}', "[" * 5_000, "x" * 30_000]
)
def test_what_cannot_be_read_counts_as_nothing_carried(desk: Desk, arn: str, base: str) -> None:
    desk.post("sqs/attributes/", arn=arn, VisibilityTimeout="45", base=base, known=base)
    assert settings(desk, "shared")["VisibilityTimeout"] == "45"


@pytest.mark.parametrize("action", ["attributes", "receive", "purge"])
def test_a_queue_that_goes_while_its_panel_is_made_is_gone(
    desk: Desk, arn: str, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = QueueDesk.open

    def open_and_lose(*args: Any) -> QueueDesk | None:
        found = opened(*args)
        desk.call("DeleteQueue", QueueUrl=desk.url("shared"))
        return found

    monkeypatch.setattr(QueueDesk, "open", open_and_lose)
    answer = desk.post(f"sqs/{action}/", arn=arn, VisibilityTimeout="45")
    assert answer.status_code == 200
    assert "shared was deleted." in " ".join(text_of(answer).split())
