"""Networks of a ``cidr`` match expression, with AWS's words for what is none (rule E3)."""

from ipaddress import ip_address, ip_network

from messaging.patterns.clauses import Cidr


class BadNetwork(ValueError):
    """What is wrong; AWS says no place with it."""


def read_network(text: str) -> Cidr:
    """Return the clause of ``10.0.0.0/24``; raises BadNetwork."""
    address, slash, bits = text.partition("/")
    if not slash:
        raise BadNetwork("Malformed CIDR, one '/' required")
    try:
        version = ip_address(address).version
    except ValueError:
        raise BadNetwork(f"Nonstandard IP address: {address}") from None
    if not bits.removeprefix("-").isdecimal():
        raise BadNetwork("Malformed CIDR, mask bits must be an integer")
    if bits.startswith("-"):
        raise BadNetwork("Malformed CIDR, mask bits must not be negative")
    try:
        ip_network(text, strict=False)
    except ValueError:
        most = 32 if version == 4 else 128  # noqa: PLR2004
        raise BadNetwork(f"IPv{version} mask bits must be < {most + 1}") from None
    return Cidr(text)
