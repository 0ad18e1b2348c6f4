"""Names for ARNs: ``queue:orders`` in a document, the ARN in a sandbox. Pure.

A handle is the queue's name; where several queues have it, ``orders@eu-west-1`` or
``orders@402177851930/eu-west-1``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.scenarios.document import Queue

MARK: Final = "queue:"


def handles_of(queues: Sequence[Queue], numbers: Sequence[str]) -> list[str]:
    """Return a handle for each queue; ``numbers`` are those of the accounts."""
    names = Counter(queue.name for queue in queues)
    places = Counter((queue.name, queue.region) for queue in queues)
    return [
        queue.name
        if names[queue.name] == 1
        else f"{queue.name}@{queue.region}"
        if places[queue.name, queue.region] == 1
        else f"{queue.name}@{numbers[queue.account]}/{queue.region}"
        for queue in queues
    ]


def arns_of(queues: Sequence[Queue], numbers: Sequence[str]) -> dict[str, str]:
    """Return the ARN for each handle."""
    handles = handles_of(queues, numbers)
    return {
        handle: f"arn:aws:sqs:{queue.region}:{numbers[queue.account]}:{queue.name}"
        for handle, queue in zip(handles, queues, strict=True)
    }


def with_arns(value: Any, arns: Mapping[str, str]) -> Any:
    """Return a value with an ARN for each mark of a known queue."""
    return _replaced(value, {MARK + handle: arn for handle, arn in arns.items()})


def with_handles(value: Any, arns: Mapping[str, str]) -> Any:
    """Return a value with a mark for each ARN of a known queue."""
    return _replaced(value, {arn: MARK + handle for handle, arn in arns.items()})


def _replaced(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return words.get(value, value)
    if isinstance(value, Mapping):
        return {key: _replaced(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, words) for each in value]
    return value
