"""Event patterns as people try them: what they look at in a call, and whether a text is one."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from messaging.events.domain.entries import entry_error, envelope, read_detail
from messaging.events.domain.names import bus_arn, read_bus
from messaging.events.domain.rules import read_pattern
from messaging.events.samples import samples as catalogue
from messaging.patterns.tree import Pattern

WHOLE: Final = "event"
SCOPES: Final = (WHOLE,)
TITLE_CHARS: Final = 80


def read(text: str, scope: str) -> Pattern:
    """Return an event pattern; raises InvalidEventPatternException with EventBridge's words."""
    return read_pattern(text)


def seen(
    operation: str, params: Mapping[str, Any], *, account: str, region: str, at: int
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield bus, title and the event, of each entry that a PutEvents call brings."""
    for entry in params.get("Entries", ()) if operation == "PutEvents" else ():
        detail = read_detail(entry.get("Detail"))
        if entry_error(entry, detail) is not None:
            continue
        bus = bus_arn(*read_bus(entry.get("EventBusName"), account=account, region=region))
        event = envelope(entry, detail, event_id="", account=account, region=region, now_ms=at)
        title = f"{entry['Source']} · {entry['DetailType']} · {entry['Detail'][:TITLE_CHARS]}"
        yield bus, title, {WHOLE: event}


def samples(*, account: str, region: str, at: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield title and event of what AWS's own services would send."""
    for entry in catalogue(account=account, region=region, now_ms=at):
        event = envelope(
            entry, entry["Detail"], event_id="", account=account, region=region, now_ms=at
        )
        yield f"{entry['Source']} · {entry['DetailType']}", {WHOLE: event}
