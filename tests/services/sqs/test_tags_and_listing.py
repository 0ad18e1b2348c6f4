"""Tags, names and listings: Q7."""

from collections.abc import Callable
from typing import Any

import pytest

from messaging.sqs import limits
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue

HOST = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "name", ["a" * 80, "A-b_9", f"{'f' * 75}.fifo"], ids=["longest", "signs", "longest-fifo"]
)
def test_Q7_names_that_are_legal(make: Callable[..., Queue], name: str) -> None:
    queue = make(name)
    assert queue.api.get_queue_url(QueueName=name)["QueueUrl"] == queue.url


@pytest.mark.parametrize("name", ["", "a" * 81, "a b", "a.b", "ä", "a.fifo"])
def test_Q7_names_of_standard_queues_have_a_form(api: Any, name: str) -> None:
    text = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
    with refused("InvalidParameterValue", text if name else "Queue name cannot be empty"):
        api.create_queue(QueueName=name)


@pytest.mark.parametrize("name", ["a", "a.fif", f"{'a' * 76}.fifo", ".fifo"])
def test_Q7_names_of_fifo_queues_have_a_form(api: Any, name: str) -> None:
    with refused(
        "InvalidParameterValue",
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or"
        " underscores, must end with .fifo suffix and be 1 to 80 in length.",
    ):
        api.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})


def test_Q7_names_are_case_sensitive(make: Callable[..., Queue]) -> None:
    lower, upper = make("work"), make("WORK")
    lower.send("lower")
    assert upper.bodies() == []
    listed = lower.api.list_queues(QueueNamePrefix="w")["QueueUrls"]
    assert listed == [lower.url]


def test_Q7_queues_are_listed_by_name_and_prefix(make: Callable[..., Queue], api: Any) -> None:
    assert "QueueUrls" not in api.list_queues()
    urls = [make(name).url for name in ("a", "b_1", "bx1", "c")]
    assert api.list_queues()["QueueUrls"] == urls
    assert api.list_queues(QueueNamePrefix="b_")["QueueUrls"] == urls[1:2]
    assert "QueueUrls" not in api.list_queues(QueueNamePrefix="z")


def test_Q7_pages_go_on_where_the_last_one_ended(make: Callable[..., Queue], api: Any) -> None:
    urls = [make(f"q{n}").url for n in range(7)]
    pages = api.get_paginator("list_queues").paginate(PaginationConfig={"PageSize": 3})
    assert [page["QueueUrls"] for page in pages] == [urls[:3], urls[3:6], urls[6:]]
    token = api.list_queues(MaxResults=3)["NextToken"]
    with refused("InvalidParameterValue", "Invalid or expired next token."):
        api.list_queues(MaxResults=3, QueueNamePrefix="q", NextToken=token)
    for wrong in (0, 1001):
        with refused("InvalidParameterValue"):
            api.list_queues(MaxResults=wrong)


def test_Q7_without_a_page_size_a_thousand_are_listed(
    make: Callable[..., Queue], api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LIST_QUEUES_MAX", 2)
    for name in "abc":
        make(name)
    listed = api.list_queues()
    assert len(listed["QueueUrls"]) == 2
    assert "NextToken" not in listed


def test_Q7_regions_and_accounts_have_their_own_queues(
    queue: Queue, aws: Callable[..., Any]
) -> None:
    elsewhere = aws("sqs", region="us-west-2")
    assert "QueueUrls" not in elsewhere.list_queues()
    elsewhere.create_queue(QueueName="work")
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        elsewhere.get_queue_url(QueueName="other")
    assert queue.counts == (0, 0, 0)


@pytest.mark.parametrize(
    "url",
    [
        "work",
        "{host}/{account}/work",
        "{host}/queue/eu-central-1/{account}/work",
        "{host}/queue/work",
        "http://localhost:4566/{account}/work",
        "https://sqs.eu-central-1.amazonaws.com/{account}/work",
    ],
)
def test_Q7_urls_of_other_forms_are_understood(queue: Queue, url: str) -> None:
    account = queue.arn.split(":")[4]
    queue.api.send_message(QueueUrl=url.format(host=HOST, account=account), MessageBody="a")
    assert queue.counts == (1, 0, 0)


def test_Q7_tags_are_added_replaced_and_removed(queue: Queue, api: Any) -> None:
    def tags() -> dict[str, str]:
        return dict(api.list_queue_tags(QueueUrl=queue.url).get("Tags", {}))

    assert tags() == {}
    api.tag_queue(QueueUrl=queue.url, Tags={"team": "a", "Team": "b", "empty": ""})
    assert tags() == {"team": "a", "Team": "b", "empty": ""}
    api.tag_queue(QueueUrl=queue.url, Tags={"team": "c"})
    api.untag_queue(QueueUrl=queue.url, TagKeys=["Team", "not there"])
    assert tags() == {"team": "c", "empty": ""}


def test_Q7_tags_of_a_new_queue(api: Any) -> None:
    url = api.create_queue(QueueName="work", tags={"team": "a"})["QueueUrl"]
    assert api.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "a"}


def test_Q7_fifty_tags_at_most(queue: Queue, api: Any) -> None:
    many = {f"t{n}": "v" for n in range(51)}
    with refused("InvalidParameterValue"):
        api.tag_queue(QueueUrl=queue.url, Tags=many)
    with refused("InvalidParameterValue"):
        api.create_queue(QueueName="other", tags=many)
    many.popitem()
    api.tag_queue(QueueUrl=queue.url, Tags=many)
    with refused("InvalidParameterValue"):
        api.tag_queue(QueueUrl=queue.url, Tags={"one more": "v"})


@pytest.mark.parametrize("tags", [{"aws:x": "v"}, {"k" * 129: "v"}, {"k": "v" * 257}, {"": "v"}])
def test_Q7_tags_have_a_form(queue: Queue, tags: dict[str, str]) -> None:
    with refused("InvalidParameterValue"):
        queue.api.tag_queue(QueueUrl=queue.url, Tags=tags)
