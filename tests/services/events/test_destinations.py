"""Connections and API destinations: real calls of a program on this machine (P10)."""

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from messaging.courier import Courier
from messaging.executor import Executor
from messaging.kernel import recent
from messaging.kernel.models import Errand
from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.services.events.conftest import Queue, entry, said

Events = Callable[..., list[Any]]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/events"
KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "opens-sesame"}}
BASIC = {"BasicAuthParameters": {"Username": "me", "Password": "hidden-word"}}


@dataclass
class Program:
    """A program outside; ``answers`` are the codes that it gives, the last one for ever."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    got: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)


@pytest.fixture
def program() -> Iterator[Program]:
    made = Program()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.got.append((self.command, self.path, headers, body))
            self.send_response(made.answers.pop(0) if len(made.answers) > 1 else made.answers[0])
            self.end_headers()

        do_PUT = do_POST

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def courier(executor: Executor) -> Courier:
    return Courier(executor)


@pytest.fixture
def connection(api: Any) -> str:
    made = api.create_connection(Name="crm", AuthorizationType="API_KEY", AuthParameters=KEY)
    return str(made["ConnectionArn"])


@pytest.fixture
def destination(api: Any, connection: str, program: Program) -> Callable[..., dict[str, Any]]:
    """Return a function that makes the target which calls the program."""

    def make(path: str = "/hook", **more: Any) -> dict[str, Any]:
        made = api.create_api_destination(
            Name="crm", ConnectionArn=connection, InvocationEndpoint=program.url + path,
            **{"HttpMethod": "POST", **more},
        )  # fmt: skip
        return {"Id": "t", "Arn": made["ApiDestinationArn"], "RoleArn": ROLE}

    return make


def test_P10_a_connection_never_shows_its_secrets(
    api: Any, connection: str, events: Events
) -> None:
    shown = api.describe_connection(Name="crm")
    assert shown["AuthParameters"] == {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key"}}
    assert (shown["ConnectionState"], shown["AuthorizationType"]) == ("AUTHORIZED", "API_KEY")
    assert shown["SecretArn"].startswith(
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:events!connection/crm/"
    )
    common = {
        "HeaderParameters": [
            {"Key": "a", "Value": "seen", "IsValueSecret": False},
            {"Key": "b", "Value": "unseen", "IsValueSecret": True},
        ]
    }
    auth = {**BASIC, "InvocationHttpParameters": common}
    api.update_connection(Name="crm", AuthorizationType="BASIC", AuthParameters=auth)
    shown = api.describe_connection(Name="crm")["AuthParameters"]
    assert shown["BasicAuthParameters"] == {"Username": "me"}
    headers = shown["InvocationHttpParameters"]["HeaderParameters"]
    assert [each.get("Value") for each in headers] == ["seen", None]
    told = json.dumps([events(), *map(str, recent._kept.values())])
    assert not any(word in told for word in ("opens-sesame", "hidden-word", "unseen"))


def test_P10_connections_are_listed_and_deleted(api: Any, connection: str) -> None:
    [listed] = api.list_connections(NamePrefix="c", ConnectionState="AUTHORIZED")["Connections"]
    assert listed["ConnectionArn"] == connection
    assert api.deauthorize_connection(Name="crm")["ConnectionState"] == "DEAUTHORIZED"
    assert api.delete_connection(Name="crm")["ConnectionState"] == "DELETING"
    assert said(api.describe_connection, Name="crm") == (
        "ResourceNotFoundException",
        "Failed to describe the connection(s). Connection 'crm' does not exist.",
    )


def test_P10_a_connection_into_a_private_network_is_not_modelled(api: Any) -> None:
    arn = f"arn:aws:vpc-lattice:{REGION}:{ACCOUNT}:resourceconfiguration/rcfg-{'0' * 17}"
    private = {"ResourceParameters": {"ResourceConfigurationArn": arn}}
    more = {"InvocationConnectivityParameters": private, "KmsKeyIdentifier": "alias/mine"}
    asked = {"Name": "p", "AuthorizationType": "API_KEY", "AuthParameters": KEY}
    assert "does not model private connections" in said(api.create_connection, **asked, **more)[1]
    api.create_connection(**asked, KmsKeyIdentifier="alias/mine")
    assert api.describe_connection(Name="p")["KmsKeyIdentifier"] == "alias/mine"


def test_P10_what_is_wrong_with_a_connection_is_said_in_awss_words(
    api: Any, connection: str
) -> None:
    name = "This should fail with two errors 123467890123412341234123412341234"
    create = api.create_connection
    assert said(create, Name=name, AuthorizationType="INVALID", AuthParameters=KEY) == (
        "ValidationException",
        f"3 validation errors detected: Value '{name}' at 'name' failed to satisfy constraint:"
        f" Member must have length less than or equal to 64; Value '{name}' at 'name' failed to"
        r" satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+;"
        " Value 'INVALID' at 'authorizationType' failed to satisfy constraint: Member must satisfy"
        " enum value set: [BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY]",
    )
    assert said(create, Name="x", AuthorizationType="BASIC", AuthParameters=KEY)[1] == (
        "Parameter BasicAuthParameters is not valid. Reason: Missing required field(s)."
    )
    assert said(create, Name="crm", AuthorizationType="BASIC", AuthParameters=BASIC) == (
        "ResourceAlreadyExistsException", "Connection crm already exists.",
    )  # fmt: skip


def test_P10_a_destination_is_described_and_changed(
    api: Any, connection: str, destination: Callable[..., dict[str, Any]], program: Program
) -> None:
    arn = destination()["Arn"]
    shown = api.describe_api_destination(Name="crm")
    assert (shown["ApiDestinationArn"], shown["ApiDestinationState"]) == (arn, "ACTIVE")
    assert (shown["InvocationRateLimitPerSecond"], shown["HttpMethod"]) == (300, "POST")
    api.update_api_destination(Name="crm", HttpMethod="PUT", InvocationEndpoint="https://a.example")
    api.deauthorize_connection(Name="crm")
    [listed] = api.list_api_destinations(ConnectionArn=connection)["ApiDestinations"]
    assert (listed["HttpMethod"], listed["ApiDestinationState"]) == ("PUT", "INACTIVE")
    api.delete_api_destination(Name="crm")
    assert said(api.describe_api_destination, Name="crm") == (
        "ResourceNotFoundException",
        "Failed to describe the api-destination(s). An api-destination 'crm' does not exist.",
    )


def test_P10_outside_of_this_machine_an_address_has_to_be_https(api: Any, connection: str) -> None:
    wrong = {"InvocationEndpoint": "http://example.com", "HttpMethod": "POST"}
    assert said(api.create_api_destination, Name="x", ConnectionArn=connection, **wrong) == (
        "ValidationException", "Parameter InvocationEndpoint is not valid.",
    )  # fmt: skip


def test_P10_an_oauth_connection_waits_and_its_destinations_are_inactive(api: Any) -> None:
    oauth = {
        "OAuthParameters": {
            "ClientParameters": {"ClientID": "id", "ClientSecret": "unsaid"},
            "AuthorizationEndpoint": "https://example.com/oauth",
            "HttpMethod": "POST",
        }
    }
    made = api.create_connection(
        Name="o", AuthorizationType="OAUTH_CLIENT_CREDENTIALS", AuthParameters=oauth
    )
    assert made["ConnectionState"] == "AUTHORIZING"
    shown = api.describe_connection(Name="o")["AuthParameters"]["OAuthParameters"]
    assert shown["ClientParameters"] == {"ClientID": "id"}
    made = api.create_api_destination(
        Name="d", ConnectionArn=made["ConnectionArn"], HttpMethod="GET",
        InvocationEndpoint="https://example.com",
    )  # fmt: skip
    assert made["ApiDestinationState"] == "INACTIVE"


def test_P10_an_event_is_posted_with_the_key_of_the_connection(
    api: Any, wire: Callable[..., str], destination: Callable[..., dict[str, Any]],
    program: Program, courier: Courier, events: Events,
) -> None:  # fmt: skip
    target = destination() | {
        "InputPath": "$.detail",
        "HttpParameters": {
            "HeaderParameters": {"X-More": "1"},
            "QueryStringParameters": {"q": "ä"},
        },
    }
    wire(target)
    api.put_events(Entries=[entry({"n": 1})])
    assert events("events.Delivered") == []
    assert courier.work() == 1
    [(method, path, headers, body)] = program.got
    assert (method, path, body) == ("POST", "/hook?q=%C3%A4", '{"n":1}')
    assert (headers["x-key"], headers["x-more"]) == ("opens-sesame", "1")
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["user-agent"] == "Amazon/EventBridge/ApiDestinations"
    [delivered] = events("events.Delivered")
    assert delivered["to"] == target["Arn"]


def test_P10_paths_basic_authorisation_and_parameters_of_the_connection(
    api: Any, wire: Callable[..., str], destination: Callable[..., dict[str, Any]],
    program: Program, courier: Courier,
) -> None:  # fmt: skip
    common = {
        "BodyParameters": [{"Key": "tenant", "Value": "t1"}],
        "QueryStringParameters": [{"Key": "v", "Value": "2"}],
    }
    auth = {**BASIC, "InvocationHttpParameters": common}
    api.update_connection(Name="crm", AuthorizationType="BASIC", AuthParameters=auth)
    target = destination("/users/*/notes/*", HttpMethod="PUT")
    wire(target | {
        "InputPath": "$.detail", "HttpParameters": {"PathParameterValues": ["7", "new"]},
    })  # fmt: skip
    api.put_events(Entries=[entry({"n": 1})])
    courier.work()
    [(method, path, headers, body)] = program.got
    assert (method, path) == ("PUT", "/users/7/notes/new?v=2")
    assert json.loads(body) == {"n": 1, "tenant": "t1"}
    assert headers["authorization"] == f"Basic {b64encode(b'me:hidden-word').decode()}"


def test_P10_a_failing_program_is_called_again_and_a_refusing_one_is_not(
    api: Any, wire: Callable[..., str], destination: Callable[..., dict[str, Any]], *,
    program: Program, courier: Courier, clock: Time, queue: Queue, events: Events,
) -> None:  # fmt: skip
    target = destination()
    wire(target | {"DeadLetterConfig": {"Arn": queue.arn}})
    program.answers[:] = [500, 429, 409, 404]
    api.put_events(Entries=[entry({"n": 1})])
    for _ in range(5):
        courier.work()
        clock.advance(10)
    codes = [failed["code"] for failed in events("events.DeliveryFailed")]
    assert codes == ["ERROR_FROM_TARGET", "THROTTLING", "ERROR_FROM_TARGET", "INVALID_PARAMETER"]
    assert len(program.got) == 4
    [letter] = queue.take()
    told = {name: each["StringValue"] for name, each in letter["MessageAttributes"].items()}
    assert (told["TARGET_ARN"], told["RETRY_ATTEMPTS"]) == (target["Arn"], "3")
    assert told["ERROR_MESSAGE"] == "HTTP 404"


def test_P10_an_address_that_is_not_allowed_is_never_called(
    api: Any, wire: Callable[..., str], connection: str, courier: Courier, queue: Queue
) -> None:
    made = api.create_api_destination(
        Name="far", ConnectionArn=connection, HttpMethod="POST",
        InvocationEndpoint="https://192.0.2.1/hook",
    )  # fmt: skip
    wire({
        "Id": "t", "Arn": made["ApiDestinationArn"], "RoleArn": ROLE,
        "DeadLetterConfig": {"Arn": queue.arn},
    })  # fmt: skip
    api.put_events(Entries=[entry()])
    courier.work()
    [letter] = queue.take()
    assert "may not call 192.0.2.1" in letter["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]


def test_P10_calls_beyond_the_rate_wait(
    api: Any, wire: Callable[..., str], destination: Callable[..., dict[str, Any]],
    program: Program, courier: Courier, clock: Time,
) -> None:  # fmt: skip
    wire(destination(InvocationRateLimitPerSecond=1))
    api.put_events(Entries=[entry({"n": n}) for n in range(5)])
    counts = []
    for _ in range(5):
        courier.work()
        counts.append(len(program.got))
        clock.advance(1)
    assert counts == [2, 3, 4, 5, 5]


def test_P10_with_its_rule_the_calls_that_wait_are_gone(
    api: Any, wire: Callable[..., str], destination: Callable[..., dict[str, Any]]
) -> None:
    wire(destination())
    api.put_events(Entries=[entry()])
    assert Errand.objects.count() == 1
    api.remove_targets(Rule="orders", Ids=["t"])
    api.delete_rule(Name="orders")
    assert not Errand.objects.exists()
