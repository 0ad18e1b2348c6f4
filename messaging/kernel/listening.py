"""Who listens to what passes through a resource: a service hears of another one's traffic.

Asked once per configuration, by whoever keeps the ways of a resource in memory: where nobody
listens it costs nothing. A listener never raises, and writes in the transaction of what it hears.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from messaging.kernel.context import Context

# Called with what passes and the number of the event that tells of it.
Listener = Callable[[Context, Mapping[str, Any], int], None]
# Each returns who listens to an ARN; services put theirs here when their app is ready.
FINDERS: Final[list[Callable[[Context, str], Listener | None]]] = []


def listeners(ctx: Context, arn: str) -> tuple[Listener, ...]:
    """Return who listens to a resource, until the configuration changes."""
    found = (find(ctx, arn) for find in FINDERS)
    return tuple(each for each in found if each is not None)
