"""Table of contents of the SNS package."""

from messaging.kernel.service import Service
from messaging.sns import accept, addressing, models, moving, signing, tick, topology, trying
from messaging.sns.operations import (
    permissions,
    phones,
    platforms,
    publishing,
    subscriptions,
    tags,
    topics,
)

SERVICE = Service(
    "sns",
    (permissions, phones, platforms, publishing, subscriptions, tags, topics),
    tick=tick,
    accept=accept.accept,
    settle=moving.settle,
    topology=topology,
    tables=(
        models.Topic,
        models.Subscription,
        models.Dedup,
        models.Held,
        models.Archived,
        models.InboxItem,
        models.PlatformApplication,
        models.PlatformEndpoint,
        models.PhoneBook,
    ),
    target_of=addressing.target_of,
    document=signing.certificate,
    matcher=trying,
)
