"""Names and ARNs of buses, rules, archives and replays."""

import re
from typing import Final

from messaging.kernel.arns import build_arn

DEFAULT_BUS: Final = "default"
_BUS_ARN: Final = re.compile(r"arn:aws[\w-]*:events:([\w-]+):(\d{12}):event-bus/(.+)")
_RULE_ARN: Final = re.compile(r"(arn:aws[\w-]*:events:[\w-]+:\d{12}:)rule/(?:(.+)/)?([^/]+)")


def read_bus(name_or_arn: str | None, *, account: str, region: str) -> tuple[str, str, str]:
    """Return account, Region and name of the bus that a request names; none is the default bus."""
    found = _BUS_ARN.fullmatch(name_or_arn or DEFAULT_BUS)
    if found is None:
        return account, region, name_or_arn or DEFAULT_BUS
    return found[2], found[1], found[3]


def bus_arn(account: str, region: str, name: str) -> str:
    return build_arn("events", region=region, account=account, resource=f"event-bus/{name}")


def rule_arn(bus: str, name: str) -> str:
    """Return the ARN of a rule of the bus with this ARN; the default bus is not named in it."""
    head, _, bus_name = bus.partition("event-bus/")
    return f"{head}rule/{name}" if bus_name == DEFAULT_BUS else f"{head}rule/{bus_name}/{name}"


def bus_of_rule(arn: str) -> str | None:
    """Return the ARN of the bus that a rule with this ARN is of; None where it is no rule's."""
    found = _RULE_ARN.fullmatch(arn)
    return None if found is None else f"{found[1]}event-bus/{found[2] or DEFAULT_BUS}"


def bus_name(arn: str) -> str:
    """Return the name in a bus's ARN."""
    return arn.partition("event-bus/")[2]


def last_name(arn: str) -> str:
    """Return the last part of an ARN's path: the name of an archive, a replay or a rule."""
    return arn.rpartition("/")[2]
