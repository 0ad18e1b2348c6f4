"""Amazon Resource Names. Pure."""

import re
from typing import NamedTuple

_PARTITION_OF_PREFIX = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
)
_PARTITION = re.compile(r"aws(-[a-z0-9-]+)?")
_ACCOUNT = re.compile(r"(\d{12}|aws)?")
_PARTS = 6


class Arn(NamedTuple):
    """``arn:partition:service:region:account:resource``; the resource may hold colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return ":".join(("arn", *self))

    @property
    def name(self) -> str:
        """The resource without its type: ``queue`` of ``queue``, ``f`` of ``function:f``."""
        return re.split(r"[:/]", self.resource, maxsplit=1)[-1]


def build_arn(service: str, *, region: str, account: str, resource: str) -> str:
    """Return the ARN text of a resource; the partition follows from the region."""
    return f"arn:{partition_of(region)}:{service}:{region}:{account}:{resource}"


def is_arn(text: str) -> bool:
    """Tell whether ``text`` parses as an ARN."""
    try:
        parse_arn(text)
    except ValueError:
        return False
    return True


def parse_arn(text: str) -> Arn:
    """Split an ARN; raises ValueError with what is wrong."""
    parts = text.split(":", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != "arn":
        raise ValueError(f"{text!r} is not an ARN")
    _, partition, service, region, account, resource = parts
    if not _PARTITION.fullmatch(partition):
        raise ValueError(f"{text!r} has no AWS partition")
    if not service or not resource:
        raise ValueError(f"{text!r} names no service or no resource")
    if not _ACCOUNT.fullmatch(account):
        raise ValueError(f"{text!r} has no 12-digit account")
    return Arn(partition, service, region, account, resource)


def partition_of(region: str) -> str:
    """Return the partition that a region belongs to."""
    for prefix, partition in _PARTITION_OF_PREFIX:
        if region.startswith(prefix):
            return partition
    return "aws"
