"""HTTP endpoints: confirmation, real POSTs, retries: N1, N7, N8."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from messaging import calls
from messaging.courier import Courier
from messaging.executor import Executor
from messaging.kernel.models import Errand
from tests.fixtures.engine import Time
from tests.services.sns.conftest import Queue, Topic

Events = Callable[..., list[Any]]


@dataclass
class Program:
    """A program outside that takes POSTs; ``answers`` are what it says, the last one for ever."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Any]:
        return dict(json.loads(self.got[-1][1]))

    def answer(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def program() -> Iterator[Program]:
    """Return a program that listens on this machine."""
    made = Program()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            made.got.append(({name.lower(): v for name, v in self.headers.items()}, body))
            self.send_response(made.answer())
            self.send_header("location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/hook?a=b"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def courier(executor: Executor) -> Courier:
    return Courier(executor)


@pytest.fixture
def confirmed(topic: Topic, program: Program, courier: Courier) -> Callable[..., str]:
    """Return a function that subscribes the program and confirms it."""

    def subscribe(**attributes: Any) -> str:
        arn = topic.subscribe(program.url, "http", **attributes)
        courier.work()
        token = program.last["Token"]
        topic.api.confirm_subscription(TopicArn=topic.arn, Token=token)
        program.got.clear()
        return arn

    return subscribe


def test_N1_an_endpoint_is_asked_and_confirms_with_the_token(
    api: Any, topic: Topic, program: Program, courier: Courier
) -> None:
    answer = api.subscribe(TopicArn=topic.arn, Protocol="http", Endpoint=program.url)
    assert answer["SubscriptionArn"] == "pending confirmation"
    [listed] = api.list_subscriptions()["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    topic.publish("nobody agreed yet")
    assert courier.work() == 1
    [(headers, body)] = program.got
    asked = json.loads(body)
    assert headers["x-amz-sns-message-type"] == asked["Type"] == "SubscriptionConfirmation"
    assert headers["user-agent"] == "Amazon Simple Notification Service Agent"
    assert headers["content-type"] == "text/plain; charset=UTF-8"
    assert asked["Message"] == (
        f"You have chosen to subscribe to the topic {topic.arn}.\nTo confirm the subscription,"
        " visit the SubscribeURL included in this message."
    )
    query = dict(parse_qsl(urlsplit(asked["SubscribeURL"]).query))
    assert (query["Action"], query["Token"]) == ("ConfirmSubscription", asked["Token"])
    arn = api.confirm_subscription(TopicArn=topic.arn, Token=asked["Token"])["SubscriptionArn"]
    again = api.confirm_subscription(TopicArn=topic.arn, Token=asked["Token"])["SubscriptionArn"]
    assert arn == again
    topic.publish("now it does")
    courier.work()
    headers, _ = program.got[-1]
    assert program.last["Message"] == "now it does"
    assert headers["x-amz-sns-subscription-arn"] == arn
    assert headers["x-amz-sns-message-id"] == program.last["MessageId"]


def test_N1_a_request_to_confirm_is_good_for_two_days(
    api: Any, topic: Topic, program: Program, courier: Courier, clock: Time, events: Events
) -> None:
    topic.subscribe(program.url, "http")
    courier.work()
    token = program.last["Token"]
    clock.advance(2 * 86_400)
    assert api.list_subscriptions()["Subscriptions"] == []
    assert events("sns.Unsubscribed")[0]["why"] == "not confirmed"
    with pytest.raises(api.exceptions.InvalidParameterException, match="Invalid parameter: Token"):
        api.confirm_subscription(TopicArn=topic.arn, Token=token)


def test_N6_raw_delivery_is_the_body_and_a_header(
    topic: Topic, program: Program, courier: Courier, confirmed: Callable[..., str]
) -> None:
    confirmed(
        RawMessageDelivery=True, DeliveryPolicy={"requestPolicy": {"headerContentType": "text/csv"}}
    )
    topic.publish("a;b")
    courier.work()
    [(headers, body)] = program.got
    assert body == "a;b"
    assert headers["x-amz-sns-rawdelivery"] == "true"
    assert headers["content-type"] == "text/csv"


def test_N7_a_failing_endpoint_is_tried_four_times_in_a_minute(
    topic: Topic, program: Program, courier: Courier, confirmed: Callable[..., str], clock: Time,
    events: Events,
) -> None:  # fmt: skip
    confirmed()
    program.answers = [500]
    begun = clock.now
    topic.publish()
    for _ in range(10):
        courier.work()
        clock.advance(20)
    failed = events("sns.DeliveryFailed")
    assert [each["attempt"] for each in failed] == [1, 2, 3, 4]
    assert [each["at"] - begun for each in failed] == [0, 20_000, 40_000, 60_000]
    assert [each["code"] for each in failed] == ["EndpointFailed"] * 4
    assert failed[-1]["next"] is None
    assert len(program.got) == 4
    assert len(events("sns.Dropped")) == 1


def test_N7_a_retry_that_succeeds_is_the_last(
    topic: Topic, program: Program, courier: Courier, confirmed: Callable[..., str], clock: Time,
    events: Events,
) -> None:  # fmt: skip
    confirmed(DeliveryPolicy={"healthyRetryPolicy": {
        "numRetries": 5, "numNoDelayRetries": 1, "minDelayTarget": 3, "maxDelayTarget": 60,
        "numMinDelayRetries": 1,
    }})  # fmt: skip
    program.answers = [503, 500, 429, 200]
    begun = clock.now
    topic.publish("finally")
    for _ in range(5):
        courier.work()
        clock.advance(3)
    assert [each["at"] - begun for each in events("sns.DeliveryFailed")] == [0, 3000, 6000]
    assert len(events("sns.Delivered")) == 1
    assert len(program.got) == 4


def test_N8_a_client_error_is_final(
    topic: Topic, program: Program, courier: Courier, confirmed: Callable[..., str], events: Events,
    queue: Queue,
) -> None:  # fmt: skip
    confirmed(RedrivePolicy={"deadLetterTargetArn": queue.arn})
    program.answers = [400, 403, 404, 410]
    for n in range(4):
        topic.publish(f"lost and found {n}")
    courier.work()
    for failed in events("sns.DeliveryFailed"):
        assert (failed["code"], failed["next"]) == ("EndpointRefused", None)
    assert queue.texts() == [f"lost and found {n}" for n in range(4)]


def test_N8_a_redirect_is_not_followed(
    topic: Topic, program: Program, courier: Courier, confirmed: Callable[..., str], events: Events
) -> None:
    confirmed()
    program.answers = [301]
    topic.publish()
    courier.work()
    assert len(program.got) == 1
    assert events("sns.DeliveryFailed")[0]["next"] is not None


def test_N8_nobody_there_counts_as_a_failure(
    topic: Topic, courier: Courier, events: Events
) -> None:
    topic.subscribe("http://127.0.0.1:9/", "http")
    courier.work()
    [failed] = events("sns.ConfirmationFailed")
    assert (failed["code"], failed["attempt"]) == ("EndpointFailed", 1)
    assert failed["next"] is not None


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/", "http://8.8.8.8/"]
)
def test_addresses_of_other_machines_are_not_called(
    topic: Topic, courier: Courier, events: Events, url: str
) -> None:
    topic.subscribe(url, "http")
    courier.work()
    [failed] = events("sns.ConfirmationFailed")
    assert (failed["code"], failed["next"]) == ("EndpointRefused", None)


def test_a_class_rooms_server_does_not_call_itself(program: Program) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from config.settings import ENDPOINT_NETWORKS as n; print(n)"],
        cwd=Path(__file__).resolve().parents[3], capture_output=True, text=True, check=True,
        env={**os.environ, "SIGNALBOX_MODE": "classroom", "SIGNALBOX_SECRET_KEY": "x"},
    )  # fmt: skip
    assert told.stdout == "[]\n"
    with pytest.raises(ValueError, match="may not call 127"):
        calls.find_address(urlsplit(program.url), [])


def test_listed_networks_are_allowed_and_a_name_is_looked_up_once() -> None:
    parts = urlsplit("http://10.1.2.3/")
    networks = calls.allowed_networks(["10.0.0.0/8"])
    assert str(calls.find_address(parts, networks)) == "10.1.2.3"
    with pytest.raises(ValueError, match="may not call"):
        calls.find_address(parts, calls.allowed_networks([]))


def test_what_is_on_its_way_ends_with_the_subscription(
    api: Any, topic: Topic, program: Program, courier: Courier, confirmed: Callable[..., str]
) -> None:
    arn = confirmed()
    topic.publish("too late")
    assert Errand.objects.count() == 1
    api.unsubscribe(SubscriptionArn=arn)
    assert courier.work() == 0
    assert program.got == []


def test_maxReceivesPerSecond_spreads_what_comes_at_once(
    topic: Topic, program: Program, courier: Courier, confirmed: Callable[..., str], clock: Time
) -> None:
    confirmed(DeliveryPolicy={"throttlePolicy": {"maxReceivesPerSecond": 2}})
    for n in range(4):
        topic.publish(str(n))
    counts = []
    for _ in range(4):
        courier.work()
        counts.append(len(program.got))
        clock.advance(0.5)
    assert counts == [1, 2, 3, 4]


def test_an_unsubscribe_link_needs_no_key_and_can_be_taken_back(
    topic: Topic, program: Program, courier: Courier, confirmed: Callable[..., str],
    follow: Callable[[str], int],
) -> None:  # fmt: skip
    confirmed()
    topic.publish("here is the link")
    courier.work()
    assert follow(program.last["UnsubscribeURL"]) == 200
    topic.publish("not any more")
    courier.work()
    farewell = program.last
    assert farewell["Type"] == "UnsubscribeConfirmation"
    assert follow(farewell["SubscribeURL"]) == 200
    topic.publish("again")
    courier.work()
    assert program.last["Message"] == "again"


def test_a_link_is_good_for_its_own_operation_only(
    topic: Topic, program: Program, courier: Courier, follow: Callable[[str], int],
    confirmed: Callable[..., str],
) -> None:  # fmt: skip
    confirmed()
    topic.publish()
    courier.work()
    url = program.last["UnsubscribeURL"]
    assert follow(url.replace("Action=Unsubscribe", "Action=ListTopics")) == 403
    assert follow(url.replace("Sandbox=", "Sandbox=9")) == 403
