"""Names of registries, schemas and classes, and their ARNs. Pure."""

import re
from typing import Final

from messaging.kernel.arns import build_arn, parse_arn
from messaging.schemas.errors import BadRequestException
from messaging.schemas.limits import REGISTRY_CHARS_MAX, SCHEMA_CHARS_MAX

AWS_REGISTRY: Final = "aws.events"
DISCOVERED_REGISTRY: Final = "discovered-schemas"
EVENT_CLASS: Final = "AWSEvent"
_RESERVED: Final = "aws."
_NAME: Final = re.compile(r"[0-9A-Za-z_.@-]+")
_REFUSED: Final = re.compile(r"[^0-9A-Za-z_.-]")
_WORD: Final = re.compile(r"[0-9A-Za-z]+")
_BUS: Final = "event-bus/"


def check_registry(name: str) -> None:
    """Check the name of a new registry; raises BadRequestException."""
    _check("Registry", name, REGISTRY_CHARS_MAX)
    if name.startswith(_RESERVED) or name == DISCOVERED_REGISTRY:
        raise BadRequestException(f"Registry name {name} is reserved.")


def check_schema(name: str) -> None:
    """Check the name of a new schema; raises BadRequestException."""
    _check("Schema", name, SCHEMA_CHARS_MAX)


def registry_arn(account: str, region: str, name: str) -> str:
    return build_arn("schemas", region=region, account=account, resource=f"registry/{name}")


def schema_arn(account: str, region: str, registry: str, name: str) -> str:
    """Return a schema's ARN; those of AWS's own registry belong to no account."""
    owner = "" if registry == AWS_REGISTRY else account
    return build_arn("schemas", region=region, account=owner, resource=f"schema/{registry}/{name}")


def discoverer_arn(account: str, region: str, name: str) -> str:
    return build_arn("schemas", region=region, account=account, resource=f"discoverer/{name}")


def discoverer_name(source: str, *, account: str, region: str) -> str:
    """Return the id of the discoverer of a bus; raises BadRequestException for anything else."""
    try:
        bus = parse_arn(source)
    except ValueError:
        raise BadRequestException(f"SourceArn {source} is not an ARN.") from None
    if bus.service != "events" or not bus.resource.startswith(_BUS):
        raise BadRequestException(f"SourceArn {source} is not an event bus.")
    if (bus.account, bus.region) != (account, region):
        raise BadRequestException("The event bus must be in the same account and Region.")
    return f"events-event-bus-{bus.resource.removeprefix(_BUS).replace('/', '-')}"


def discovered_name(source: str, detail_type: str) -> str:
    """Return the name of the schema of a source's events of a type."""
    name = f"{_REFUSED.sub('-', source)}@{class_name(detail_type)}"
    return name[:SCHEMA_CHARS_MAX]


def class_name(text: str) -> str:
    """Return a text's words as one word, ``OrderPaid``; ``Event`` where it has none."""
    joined = "".join(word[0].upper() + word[1:] for word in _WORD.findall(text)) or "Event"
    return f"Type{joined}" if joined[0].isdigit() else joined


def unique(name: str, taken: set[str]) -> str:
    """Return a name that is not taken, whatever its case, and take it."""
    chosen, number = name, 1
    while chosen.lower() in taken:
        number += 1
        chosen = f"{name}{number}"
    taken.add(chosen.lower())
    return chosen


def _check(what: str, name: str, longest: int) -> None:
    if len(name) > longest or not _NAME.fullmatch(name):
        raise BadRequestException(
            f"{what} name must have 1 to {longest} characters: letters, digits, '.', '-', '_', '@'."
        )
