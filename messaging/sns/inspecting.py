"""What lies in the inbox of a sandbox: plain data, read without side effects."""

from typing import Any

from messaging.sns.models import InboxItem


def inbox(sandbox: int, limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
    """Return what people and devices got, newest first."""
    rows = InboxItem.objects.filter(sandbox=sandbox).order_by("-id")[offset : offset + limit]
    return [
        {
            "at": row.at,
            "protocol": row.protocol,
            "address": row.address,
            "source": row.source,
            "subject": row.subject,
            "body": row.body,
            "m": row.message,
        }
        for row in rows
    ]
