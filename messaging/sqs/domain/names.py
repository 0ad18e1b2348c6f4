"""Queue names and queue URLs (rule Q7)."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from messaging.sqs.errors import InvalidParameterValue

FIFO_SUFFIX = ".fifo"

_STANDARD = re.compile(r"[A-Za-z0-9_-]{1,80}")
_FIFO = re.compile(r"[A-Za-z0-9_-]{1,75}\.fifo")
_ACCOUNT = re.compile(r"\d{12}")
_REGION_IN_HOST = re.compile(r"(?:sqs\.([a-z0-9-]+)\.|([a-z0-9-]+)\.queue\.)")


class QueueAddress(NamedTuple):
    """What a queue URL says: account and region are None where the form carries none."""

    account: str | None
    region: str | None
    name: str


def check_queue_name(name: str, *, fifo: bool) -> None:
    """Check a new queue's name; raises InvalidParameterValue with AWS's text."""
    if not name:
        raise InvalidParameterValue("Queue name cannot be empty")
    if fifo:
        if not _FIFO.fullmatch(name):
            raise InvalidParameterValue(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or "
                "underscores, must end with .fifo suffix and be 1 to 80 in length."
            )
    elif not _STANDARD.fullmatch(name):
        raise InvalidParameterValue(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        )


def is_fifo_name(name: str) -> bool:
    """Tell whether a queue of that name can only be a FIFO queue."""
    return name.endswith(FIFO_SUFFIX)


def queue_url(host: str, account: str, name: str) -> str:
    """Return the URL under which clients find the queue; ``host`` has its scheme."""
    return f"{host}/{account}/{name}"


def parse_queue_url(url: str) -> QueueAddress | None:
    """Read any form of queue URL that AWS or other emulators give out, or a bare name.

    Understood are ``…/account/name``, ``…/queue/region/account/name``, ``…/queue/name``, and the
    region in hosts such as ``sqs.eu-central-1.localhost`` or ``eu-central-1.queue.amazonaws.com``.
    None where there is no queue name in it.
    """
    if "://" not in url and not url.startswith("/"):
        url = f"/{url}"
    try:
        split = urlsplit(url)
    except ValueError:
        return None
    host_region = _region_of_host(split.netloc)
    match [part for part in split.path.split("/") if part]:
        case [name] | ["queue", name]:
            return QueueAddress(None, host_region, name)
        case ["queue", region, account, name] if _ACCOUNT.fullmatch(account):
            return QueueAddress(account, region, name)
        case [account, name] if _ACCOUNT.fullmatch(account):
            return QueueAddress(account, host_region, name)
    return None


def _region_of_host(host: str) -> str | None:
    found = _REGION_IN_HOST.match(host)
    return found and (found[1] or found[2])
