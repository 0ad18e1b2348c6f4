"""A catalogue of events as AWS's services send them, to send them here.

AWS's own sources are closed to PutEvents: hand one to a bus as a packet from nobody
(``dispatch.hand_over``), which is how the services of a sandbox send theirs.
"""

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, Final

import orjson

_FILE: Final = Path(__file__).with_name("samples.json")
_MINUTE_MS: Final = 60_000
# Times that AWS writes as numbers: in the file they are texts, or it would be no JSON.
_NUMBERS: Final = ("epoch_before", "epoch")


def samples(*, account: str, region: str, now_ms: int) -> list[dict[str, Any]]:
    """Return the samples as entries of PutEvents, by source; Detail is an object, not yet a text.

    They tell of this account and Region, and of what ended at ``now_ms`` after a minute.
    """
    now, before = _moment(now_ms), _moment(now_ms - _MINUTE_MS)
    values = {
        "account": account, "region": region, "date": format_datetime(now, usegmt=True),
        "moment": f"{now:%Y-%m-%dT%H:%M:%S}", "before": f"{before:%Y-%m-%dT%H:%M:%S}",
        "epoch": str(now_ms), "epoch_before": str(now_ms - _MINUTE_MS),
    }  # fmt: skip
    return list(orjson.loads(_template().substitute(values)))


@cache
def _template() -> Template:
    text = _FILE.read_text(encoding="utf-8")
    for name in _NUMBERS:
        text = text.replace(f'"${{{name}}}"', f"${{{name}}}")
    return Template(text)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at // 1_000, UTC)
