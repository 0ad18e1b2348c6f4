"""What a Host header says: the address without its port, and an S3 bucket before it."""

import re
from dataclasses import dataclass
from typing import Final

_S3: Final = re.compile(
    r"(?:(?P<bucket>.+)\.)?s3(?:express-[a-z0-9-]+)?"
    r"(?:[.-][a-z]{2}(?:-[a-z]+)+-[0-9])?\.(?P<base>.+)"
)
_LOCAL: Final = ".localhost"


@dataclass(frozen=True, slots=True)
class Address:
    """A host name taken apart. ``named`` says that the name itself says S3."""

    base: str
    bucket: str | None = None
    named: bool = False


def without_port(host: str) -> str:
    """Return a host in lower case without its port: ``[::1]:8000`` → ``[::1]``."""
    host = host.lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].removesuffix(".")


def address(host: str) -> Address:
    """Take a Host header apart: ``shop.s3.localhost:8000``, ``shop.localhost``, ``127.0.0.1``."""
    name = without_port(host)
    found = _S3.fullmatch(name)
    if found is not None:
        return Address(found["base"], found["bucket"], named=True)
    if name.endswith(_LOCAL) and name != _LOCAL:
        return Address("localhost", name.removesuffix(_LOCAL))
    return Address(name)
