"""A catalogue of events as AWS's services send them, to send them here.

AWS's own sources are closed to PutEvents: deliver one to a bus as a packet from nobody
(``ctx.deliver(Packet(bus_arn, entry))``), which is how the services of a sandbox send theirs.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

_FILE: Final = Path(__file__).with_name("samples.json")


@cache
def samples() -> tuple[dict[str, Any], ...]:
    """Return the samples: title, Source, DetailType, Resources and Detail (an object)."""
    return tuple(orjson.loads(_FILE.read_bytes()))
