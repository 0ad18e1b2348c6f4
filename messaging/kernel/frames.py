"""Python objects in frames over a stream between processes of one server.

They are pickled: nobody but a process that the server has started may hold the other end.
"""

import pickle
import struct
from typing import Any, Final

_HEAD: Final = struct.Struct("<I")


def pack(value: Any) -> bytes:
    """Return ``value`` as a frame."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _HEAD.pack(len(data)) + data


class Unpacker:
    """Takes bytes as they come and gives back what was packed."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def feed(self, data: bytes) -> list[Any]:
        """Return the values of all frames that ``data`` completes."""
        kept = self._kept
        kept += data
        values, at, end = [], 0, len(kept)
        with memoryview(kept) as view:
            while end - at >= _HEAD.size:
                start = at + _HEAD.size
                stop = start + _HEAD.unpack_from(view, at)[0]
                if stop > end:
                    break
                values.append(pickle.loads(view[start:stop]))
                at = stop
        del kept[:at]
        return values
