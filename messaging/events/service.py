"""Table of contents of the EventBridge package."""

from messaging.events import accept, addressing, models, sending, tick, topology, trying
from messaging.events.operations import (
    archives,
    buses,
    connections,
    destinations,
    entries,
    replays,
    rules,
    tags,
    targets,
)
from messaging.events.operations import sources as event_sources
from messaging.kernel.service import Service

SERVICE = Service(
    "events",
    (
        archives,
        buses,
        connections,
        destinations,
        entries,
        event_sources,
        replays,
        rules,
        tags,
        targets,
    ),
    tick=tick,
    accept=accept.accept,
    settle=sending.settle,
    topology=topology,
    tables=(
        models.EventBus,
        models.Rule,
        models.Target,
        models.Archive,
        models.ArchivedEvent,
        models.Replay,
        models.LogLine,
        models.PartnerSource,
        models.Connection,
        models.ApiDestination,
    ),
    target_of=addressing.target_of,
    matcher=trying,
)
