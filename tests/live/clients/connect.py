"""How clients of the outside reach a server process, and how a test looks at what they left."""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TypeVar

import boto3.session
import orjson
from botocore.config import Config
from websockets.sync.client import connect

from tests.fixtures.server import RunningServer

PLAYGROUND = "playground"
ACCOUNT = "123456789012"
REGION = "us-east-1"
PATIENCE_SECONDS = 15

Found = TypeVar("Found")

# A session reads a service's model once; making clients of one session is not for many threads.
_session = functools.cache(boto3.session.Session)
_making = threading.Lock()


@contextmanager
def client(
    url: str,
    service: str = "sqs",
    *,
    key: str = "test",
    secret: str = "test",
    region: str = REGION,
    **settings: Any,
) -> Iterator[Any]:
    """Return a boto3 client as a person writes it; it closes its connections."""
    with _making:
        made: Any = _session().client(
            service,
            endpoint_url=url,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(retries={"max_attempts": 0}, **settings),
        )
    try:
        yield made
    finally:
        made.close()


def environment(running: RunningServer) -> dict[str, str]:
    """Return the four variables for a program that uses ``test``/``test``."""
    return {
        "AWS_ENDPOINT_URL": running.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }


def eventually(look: Callable[[], Found], *, seconds: float = PATIENCE_SECONDS) -> Found:
    """Look until something truthy is seen, and return it; fail when it is not there in time."""
    ends = perf_counter() + seconds
    while not (found := look()):
        assert perf_counter() < ends, f"not seen within {seconds} s: {look}"
        time.sleep(0.02)
    return found


def bodies(sqs: Any, url: str, *, wait: int = 0, **params: Any) -> list[str]:
    """Receive once and return the bodies in order."""
    found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait, **params)
    return [message["Body"] for message in found.get("Messages", [])]


def counters(sqs: Any, url: str) -> tuple[int, int, int]:
    """Return how many messages are visible, in flight and delayed."""
    names = ("", "NotVisible", "Delayed")
    asked = [f"ApproximateNumberOfMessages{name}" for name in names]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
    visible, in_flight, delayed = (int(told[name]) for name in asked)
    return visible, in_flight, delayed


def snapshot(running: RunningServer, slug: str = PLAYGROUND) -> dict[str, Any]:
    """Return a sandbox as a browser gets it that opens the page now."""
    address = f"{running.url.replace('http', 'ws', 1)}/stream/{slug}/"
    frame: dict[str, Any] = {"t": "reset"}
    with connect(address) as socket:
        # A hub that learns only now that its sandbox was emptied asks to be greeted again.
        while frame["t"] == "reset":
            socket.send('{"t":"hello","v":1}')
            frame = orjson.loads(socket.recv(timeout=PATIENCE_SECONDS))
    assert frame["t"] == "snap"
    return frame


def flows(running: RunningServer, slug: str = PLAYGROUND) -> set[tuple[str, str, str]]:
    """Return the edges of the map as (from, verb, to), by the labels that a person reads."""
    frame = snapshot(running, slug)
    labels = {i: label for i, _, _, label, *_ in frame["nodes"]}
    return {(labels[s], verb, labels[t]) for _, s, t, verb, _ in frame["edges"]}
