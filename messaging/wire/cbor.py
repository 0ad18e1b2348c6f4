"""CBOR as AWS uses it: plain data and timestamps (tag 1), nothing else."""

from dataclasses import dataclass
from typing import Any, Final, NoReturn

import cbor2

from messaging.wire import scalars

MAX_DEPTH: Final = 64
_TIMESTAMP: Final = 1


@dataclass(frozen=True, slots=True)
class Stamp:
    """A number that the sender marked as a timestamp; its unit depends on the protocol."""

    value: Any


def loads(body: bytes) -> Any:
    """Decode one item; raises ValueError for anything that is not plain data.

    Tags that build other objects (big numbers, references, patterns) are refused: some of them cost
    a decoder far more work than they cost their sender.
    """
    try:
        value = cbor2.loads(
            body,
            tag_hook=_refuse_tag,
            semantic_decoders=_DECODERS,
            max_depth=MAX_DEPTH,
            strict_hashable_types=True,
        )
    except cbor2.CBORError as error:
        raise ValueError(str(error)) from error
    return value


def dumps(value: Any) -> bytes:
    return cbor2.dumps(value)


def stamp_seconds(milliseconds: int) -> cbor2.CBORTag:
    """Mark a timestamp for rpc-v2-cbor: seconds since 1970."""
    return cbor2.CBORTag(_TIMESTAMP, scalars.seconds(milliseconds))


def stamp_millis(milliseconds: int) -> cbor2.CBORTag:
    """Mark a timestamp for the older CBOR protocol: milliseconds since 1970."""
    return cbor2.CBORTag(_TIMESTAMP, milliseconds)


def _refuse_tag(*given: Any) -> NoReturn:
    raise cbor2.CBORDecodeError("a tag other than 1 (timestamp)")


def _read_stamp(value: Any, *rest: Any) -> Stamp:
    return Stamp(value)


# Every tag that the decoder knows by itself.
_DECODERS: Final[dict[int, Any]] = {
    **dict.fromkeys(
        (
            0,
            2,
            3,
            4,
            5,
            25,
            28,
            29,
            30,
            35,
            36,
            37,
            43,
            52,
            54,
            100,
            256,
            258,
            260,
            261,
            1004,
            43000,
            55799,
        ),
        _refuse_tag,
    ),
    _TIMESTAMP: _read_stamp,
}
