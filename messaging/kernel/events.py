"""The event log: what happened in a sandbox, in order, each with its cause."""

from typing import Any, Final

import orjson

from messaging.kernel.tables import Table

EVENT: Final = Table(
    "kernel_event",
    {
        "id": "bigint",
        "at": "bigint",
        "kind": "text",
        "arn": "text",
        "cause": "bigint",
        "data": "text",
    },
)

VISIBLE: Final = "v"
IN_FLIGHT: Final = "f"
DELAYED: Final = "d"
# What the log keeps of a body.
PREVIEW_CHARS: Final = 96


def encode(data: dict[str, Any]) -> str:
    """Return event data as the text that is stored."""
    return orjson.dumps(data).decode()


def preview(body: str, *, length: int = PREVIEW_CHARS) -> str:
    """Return the beginning of a message body as JSON text, for the log."""
    return orjson.dumps(body[:length]).decode()
