"""What the templates are given in the harness: made-up values in the shapes of the real views."""

from typing import Any

from django import forms

ENDPOINT = {
    "lines": [
        {"name": "AWS_ENDPOINT_URL", "value": "http://127.0.0.1:8000"},
        {"name": "AWS_ACCESS_KEY_ID", "value": "SBX7Q2M4KDLAMP01"},
        {"name": "AWS_SECRET_ACCESS_KEY", "value": "", "is_hidden": True},
        {"name": "AWS_DEFAULT_REGION", "value": "eu-central-1"},
    ],
    "secret_url": "/s/demo/secret/",
}
SANDBOX = {
    "slug": "demo",
    "name": "order-pipeline",
    "account": "123456789012",
    "region": "eu-central-1",
    "is_default": True,
}
OTHER = SANDBOX | {"slug": "trial", "name": "payments-trial", "is_default": False}
LIVE = {"slug": "demo", "name": "order-pipeline", "stream_url": "/stream/demo/"}
URL = "http://127.0.0.1:8000/123456789012/orders"
STATES = "fffvvvd"
MISCHIEF = "<b>\u202egnp.exe\u0007</b>"


class SendForm(forms.Form):
    """The fields of SendMessage that the panel offers."""

    body = forms.CharField(label="Body", widget=forms.Textarea(attrs={"rows": 3}), initial="{}")
    delay = forms.IntegerField(label="Delay", initial=0, max_value=900)


class SettingsForm(forms.Form):
    """Some attributes of a queue."""

    visibility = forms.IntegerField(label="Visibility timeout", initial=30)
    retention = forms.IntegerField(label="Retention", initial=345_600)


class CreateForm(SettingsForm):
    """A new queue."""

    name = forms.CharField(label="Name", help_text="A name that ends in .fifo makes a FIFO queue.")
    field_order = ("name",)


def home(query: dict[str, str]) -> dict[str, Any]:
    """Return what the start page is given; ``?blank=1`` is the very first start."""
    if "blank" in query:
        return {"sandboxes": [], "live": None, "endpoint": ENDPOINT}
    return {"sandboxes": [SANDBOX, OTHER], "live": LIVE, "endpoint": ENDPOINT}


def sandbox(query: dict[str, str]) -> dict[str, Any]:
    """Return what the page of a sandbox is given."""
    return {
        "sandbox": SANDBOX,
        "stream_url": LIVE["stream_url"],
        "endpoint": ENDPOINT,
        "clock": {"now": 0, "rate": 1, "paused": query.get("rate") == "0"},
    }


def actor(node_id: str) -> dict[str, Any]:
    """Return what the panel of an actor or client is given."""
    kind, _, label = node_id.partition(":")
    return {
        "sandbox": SANDBOX,
        "actor": {
            "key": label,
            "label": label,
            "kind": "client" if kind == "client" else "consumer",
            "meta": "2 of 4 busy",
            "state": "running",
            "settings": [("batch", "10"), ("work", "1.5 to 4.5 s")],
        },
    }


def queue(arn: str) -> dict[str, Any]:
    """Return what the panel of a queue is given."""
    return {
        "sandbox": SANDBOX,
        "queue": {
            "arn": arn,
            "name": arn.rpartition(":")[2],
            "url": URL,
            "kind": "fifo" if arn.endswith(".fifo") else "queue",
            "is_dlq": "dlq" in arn,
            "attributes": [("VisibilityTimeout", "30"), ("CreatedTimestamp", "1768485780")],
        },
        "counters": {"visible": 14, "in_flight": 6, "delayed": 2, "oldest_s": 41.2},
        "messages": [_message(at, state) for at, state in enumerate(STATES)],
        "more": 15,
        "calls": {
            "receive": {
                "cli": f"aws sqs receive-message \\\n  --queue-url {URL}",
                "boto3": "sqs.receive_message(QueueUrl=url)",
            }
        },
        "forms": {"send": SendForm(), "settings": SettingsForm()},
    }


def _message(at: int, state: str) -> dict[str, Any]:
    """Return a row of the list; one of them tries to misbehave."""
    return {
        "m": at,
        "short": f"02b{at}",
        "id": f"00000000-0000-0000-0000-00000000000{at}",
        "body": MISCHIEF if at == 2 else f'{{"order": 44{at:02}, "tier": "gold"}}',
        "state": state,
        "receives": 3 if at == 0 else at % 3,
        "until_ms": 0,
        "left_s": 3.6 + 5 * at,
        "age_s": 41,
        "group": None,
        "receipt_handle": "handle" if at == 1 else None,
    }
