"""Tags of queues, and the one that means something here: the realism setting.

It is a tag so that any AWS client can set it and see it.

``signalbox:realism=lifelike`` switches on what labs use; ``partitions=8 sampled=4 duplicates=0.01
disorder=0.2`` says it in full. Without the tag a queue never samples, doubles or disorders.
"""

from collections.abc import Mapping
from typing import Final

from messaging.kernel.tags import find_problem
from messaging.sqs.domain.realism import LIFELIKE, Realism
from messaging.sqs.errors import InvalidParameterValue

REALISM_TAG: Final = "signalbox:realism"
OFF: Final = Realism()


def realism_of(tags: Mapping[str, str]) -> Realism:
    """Return what the queue's tags say."""
    text = tags.get(REALISM_TAG, "")
    try:
        return _parse(text)
    except (ValueError, TypeError):
        return OFF


def check_tags(tags: Mapping[str, str], existing: Mapping[str, str]) -> None:
    """Check tags that are added to ``existing`` ones; raises InvalidParameterValue."""
    problem = find_problem(tags, existing=existing)
    if problem is not None:
        raise InvalidParameterValue(problem.text)
    if REALISM_TAG in tags:
        check_realism(tags[REALISM_TAG])


def check_realism(text: str) -> None:
    """Check the tag's value; raises InvalidParameterValue."""
    try:
        _parse(text)
    except (ValueError, TypeError):
        raise InvalidParameterValue.of(
            REALISM_TAG,
            text,
            reason="Use off, lifelike, or partitions=8 sampled=4 duplicates=0.01 disorder=0.2.",
        ) from None


def _parse(text: str) -> Realism:
    if text in ("", "off"):
        return OFF
    if text == "lifelike":
        return LIFELIKE
    values: dict[str, float] = {}
    for part in text.split():
        name, _, value = part.partition("=")
        values[name] = int(value) if name in ("partitions", "sampled") else float(value)
    return Realism(**values)  # type: ignore[arg-type]
