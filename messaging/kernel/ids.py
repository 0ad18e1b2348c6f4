"""Ids: composed row ids, and everything that looks random but is seeded by the sandbox."""

import random
from hashlib import blake2b

SEQUENCE_BITS = 40
SEQUENCE_MASK = (1 << SEQUENCE_BITS) - 1


def compose(sandbox: int, number: int) -> int:
    """Return the row id of ``number`` in ``sandbox``: a range of ids is a sandbox."""
    return sandbox << SEQUENCE_BITS | number


def sandbox_of(row_id: int) -> int:
    return row_id >> SEQUENCE_BITS


def number_of(row_id: int) -> int:
    return row_id & SEQUENCE_MASK


def row_range(sandbox: int) -> tuple[int, int]:
    """Return the first and last row id that a sandbox can have."""
    return sandbox << SEQUENCE_BITS, (sandbox + 1 << SEQUENCE_BITS) - 1


def secret_for(seed: int, generation: int) -> bytes:
    """Return the sandbox's own key, from which its ids and handles are derived."""
    return blake2b(
        f"{seed}/{generation}".encode(), digest_size=32, person=b"signalbox-world"
    ).digest()


def seeded_uuid(key: bytes, number: int) -> str:
    """Return a UUID of version 4's shape, derived from ``number``."""
    text = blake2b(number.to_bytes(8, "big"), digest_size=16, key=key).hexdigest()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


def dice(key: bytes, number: int) -> random.Random:
    """Return a seeded source of randomness for one command."""
    return random.Random(blake2b(number.to_bytes(8, "big"), digest_size=8, key=key).digest())
