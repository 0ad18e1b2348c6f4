"""SNS as people use it: a program on this machine confirms itself and gets signed POSTs."""

import json
import shutil
import signal
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.fixtures.server import RunningServer, drop_database, launch
from tests.live.clients.connect import ACCOUNT, REGION, client, environment, eventually

Message = dict[str, Any]


class Hook(ThreadingHTTPServer):
    """A program that takes POSTs, and visits the address in a request to confirm."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.got: list[Message] = []
        self.is_asleep = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def messages(self) -> list[Message]:
        return [each for each in self.got if each["Type"] == "Notification"]


class _Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.server.is_asleep:
            self.server.got.append(message)
            threading.Event().wait()
        self.send_response(200)
        self.end_headers()
        if message["Type"] != "Notification":
            with urlopen(message["SubscribeURL"]) as answer:
                assert b"SubscriptionArn" in answer.read()
        self.server.got.append(message)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def hook(port: int = 0) -> Iterator[Hook]:
    with Hook(port) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def check_signature(message: Message) -> None:
    """Check a signature with the certificate that the server shows."""
    with urlopen(message["SigningCertURL"]) as answer:
        key = x509.load_pem_x509_certificate(answer.read()).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    names = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
    text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    signature = b64decode(message["Signature"])
    key.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA1())


@pytest.mark.parametrize(
    "live_server_process", ["uvicorn", "daphne"], indirect=True, scope="session"
)
def test_a_program_confirms_itself_and_gets_signed_messages(
    live_server_process: RunningServer,
) -> None:
    with client(live_server_process.url, "sns") as sns, hook() as program:
        topic = sns.create_topic(Name="orders")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=program.url)
        eventually(lambda: len(program.got) == 1)
        sns.publish(TopicArn=topic, Message="hello", Subject="greetings")
        [message] = eventually(program.messages)
        assert (message["Message"], message["Subject"]) == ("hello", "greetings")
        check_signature(message)
        with urlopen(message["UnsubscribeURL"]) as answer:
            assert answer.status == 200
        eventually(lambda: program.got[-1]["Type"] == "UnsubscribeConfirmation")
        sns.delete_topic(TopicArn=topic)


@pytest.mark.needs("aws-cli")
def test_the_cli_fans_an_order_out(live_server_process: RunningServer) -> None:
    surroundings = {**environment(live_server_process), "PATH": str(Path(sys.executable).parent)}
    aws = shutil.which("aws", path=surroundings["PATH"]) or "aws"
    endpoint = ("--endpoint-url", live_server_process.url)

    def run(*command: str) -> Any:
        done = subprocess.run(
            [aws, *endpoint, *command, "--output", "json"], env=surroundings, text=True,
            capture_output=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "{}")

    topic = run("sns", "create-topic", "--name", "cli")["TopicArn"]
    url = run("sqs", "create-queue", "--queue-name", "cli")["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:cli"
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
             "Action": "sqs:SendMessage", "Resource": queue}  # fmt: skip
    policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})}
    run("sqs", "set-queue-attributes", "--queue-url", url, "--attributes", json.dumps(policy))
    rules = {"FilterPolicy": '{"kind":["paid"]}', "RawMessageDelivery": "true"}
    run("sns", "subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint",
        queue, "--attributes", json.dumps(rules))  # fmt: skip
    for kind in ("open", "paid"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        run("sns", "publish", "--topic-arn", topic, "--message", kind, "--message-attributes",
            json.dumps(attributes))  # fmt: skip
    received = run("sqs", "receive-message", "--queue-url", url, "--max-number-of-messages", "10")
    assert [message["Body"] for message in received["Messages"]] == ["paid"]


@pytest.mark.needs("sqlite")
def test_what_waits_for_a_program_survives_kill_9(tmp_path: Path) -> None:
    """The message is a row in the transaction of its publish: the next start brings it."""
    home = tmp_path / "home"
    first = launch(home, "--no-demo")
    try:
        first.wait_until_ready()
        with client(first.url, "sns") as sns, hook() as program:
            topic = sns.create_topic(Name="orders")["TopicArn"]
            sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=program.url)
            eventually(lambda: len(program.got) == 1)
            program.is_asleep = True
            sns.publish(TopicArn=topic, Message="acknowledged")
            eventually(program.messages)
            first.process.send_signal(signal.SIGKILL)
            first.process.wait()
            port = program.server_port
        with hook(port) as program:
            again = launch(home, "--no-demo")
            try:
                again.wait_until_ready()
                messages = eventually(program.messages, seconds=90)
                assert messages[0]["Message"] == "acknowledged"
            finally:
                again.end()
    finally:
        first.end()
        drop_database(home)
