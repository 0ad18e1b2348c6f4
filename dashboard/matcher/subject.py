"""What is tried: the policy of a subscription, the pattern of a rule, or one of nowhere yet."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from dashboard.resources import buses
from dashboard.resources.desk import Desk
from dashboard.resources.telling import document
from messaging import registry
from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox

FIRST: Final = {
    "sns": '{\n  "tier": ["gold"]\n}',
    "events": '{\n  "source": ["shop.orders"]\n}',
}


@dataclass(frozen=True)
class Subject:
    """A pattern with its place: ``of`` is a subscription or a rule, "" for a new pattern.

    ``resource`` is the topic or bus whose traffic it sees ("": any of its service), ``saved`` the
    text that is in force.
    """

    desk: Desk
    service: str
    of: str
    resource: str
    scope: str
    saved: str

    @property
    def name(self) -> str:
        return self.of.rpartition("/" if self.service == "events" else ":")[2]

    @property
    def text(self) -> str:
        """What the editor shows first."""
        return document(self.saved) if self.saved else FIRST[self.service]

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(matcher_of(self.service).SCOPES)

    def save(self, text: str, scope: str) -> None:
        """Put a text in force; raises AwsError."""
        if self.service == "events":
            named = {"Name": buses.rule_of(self.desk), "EventBusName": buses.bus_of(self.desk)}
            self.desk.act("PutRule", {**named, "EventPattern": text})
            return
        for name, value in (("FilterPolicyScope", scope), ("FilterPolicy", text)):
            self.desk.act(
                "SetSubscriptionAttributes",
                {"SubscriptionArn": self.of, "AttributeName": name, "AttributeValue": value},
            )


def matcher_of(service: str) -> Any:
    """Return how a service reads patterns; raises LookupError where it has none."""
    found = registry.service_named(service)
    if found is None or found.matcher is None:
        raise LookupError(service)
    return found.matcher


def open_subject(request: HttpRequest, sandbox: Sandbox, given: Any) -> Subject | None:
    """Return what a request is about; None where there is no such thing."""
    of = given.get("of", "")
    service = parse_arn(of).service if is_arn(of) else given.get("service", "")
    try:
        matcher = matcher_of(service)
    except LookupError:
        return None
    desk = Desk.at(request, sandbox, service, of)
    scope = given.get("scope", "")
    scope = scope if scope in matcher.SCOPES else matcher.SCOPES[0]
    if not is_arn(of):
        return Subject(desk, service, "", given.get("resource", ""), scope, "")
    try:
        return _rule(desk) if service == "events" else _subscription(desk, given.get("scope", ""))
    except AwsError:
        return None


def _rule(desk: Desk) -> Subject:
    named = {"Name": buses.rule_of(desk), "EventBusName": buses.bus_of(desk)}
    found = desk.look("DescribeRule", named)
    head = desk.arn.partition(":rule/")[0]
    bus = f"{head}:event-bus/{named['EventBusName']}"
    saved = found.get("EventPattern", "")
    return Subject(desk, "events", desk.arn, bus, matcher_of("events").SCOPES[0], saved)


def _subscription(desk: Desk, scope: str) -> Subject:
    found = desk.look("GetSubscriptionAttributes", {"SubscriptionArn": desk.arn})["Attributes"]
    scopes = matcher_of("sns").SCOPES
    in_force = found.get("FilterPolicyScope", scopes[0])
    return Subject(
        desk, "sns", desk.arn, found["TopicArn"], scope if scope in scopes else in_force,
        found.get("FilterPolicy", ""),
    )  # fmt: skip
