"""Receipt handles: derived, never stored (rules H1, H4)."""

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from hashlib import blake2b
from hmac import compare_digest
from struct import Struct

_BODY = Struct(">QI")
_TAG_BYTES = 12
_HANDLE_CHARS = 4 * (_BODY.size + _TAG_BYTES) // 3
_TO_URL = bytes.maketrans(b"+/", b"-_")
# the signs of the other alphabet become one that the strict decoder refuses
_FROM_URL = bytes.maketrans(b"-_+/", b"+/!!")


def encode_handle(message_id: int, receives: int, key: bytes) -> str:
    """Return the handle of one receive; ``key`` (up to 64 bytes) ties it to a queue.

    A message that is received again has another ``receives``, so its older handles match nothing.
    """
    body = _BODY.pack(message_id, receives)
    return b2a_base64(body + _tag(body, key), newline=False).translate(_TO_URL).decode()


def decode_handle(handle: str, key: bytes) -> tuple[int, int] | None:
    """Return (message id, receives), or None where the handle was not made with ``key``."""
    if len(handle) != _HANDLE_CHARS:
        return None
    try:
        raw = a2b_base64(handle.encode("ascii").translate(_FROM_URL), strict_mode=True)
    except (Base64Error, UnicodeEncodeError):
        return None
    body = raw[: _BODY.size]
    if not compare_digest(raw[_BODY.size :], _tag(body, key)):
        return None
    message_id, receives = _BODY.unpack(body)
    return message_id, receives


def _tag(body: bytes, key: bytes) -> bytes:
    return blake2b(body, digest_size=_TAG_BYTES, key=key).digest()
