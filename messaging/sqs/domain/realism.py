"""Our model of what AWS does not publish: sampled polls, duplicates, disorder (rules R3, R5).

Every number here is a modelling choice and must be labelled so where a person sees its effect. Dice
come in as numbers in [0, 1); the same dice give the same outcome.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")

LABEL = "Signalbox's model: AWS does not publish how often this happens."


@dataclass(frozen=True, slots=True)
class Realism:
    """A queue's realism setting; the defaults switch everything off.

    ``partitions`` are the servers that a queue is spread over and ``sampled`` how many of them a
    short poll asks; ``duplicates`` and ``disorder`` are probabilities per message.
    """

    partitions: int = 1
    sampled: int = 1
    duplicates: float = 0.0
    disorder: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.sampled <= self.partitions:
            raise ValueError("a short poll asks at least one partition and at most all")
        if not (0 <= self.duplicates <= 1 and 0 <= self.disorder <= 1):
            raise ValueError("probabilities are between 0 and 1")


LIFELIKE = Realism(partitions=8, sampled=4, duplicates=0.01, disorder=0.2)
"""What labs switch on to show that a consumer must expect all of this."""


def partition_of(message_number: int, realism: Realism) -> int:
    """Return the partition that a message lives on."""
    return message_number % realism.partitions


def sample_partitions(realism: Realism, dice: Sequence[float]) -> frozenset[int]:
    """Return which partitions a short poll asks (R3); needs ``realism.sampled`` dice."""
    left = list(range(realism.partitions))
    return frozenset(left.pop(int(dice[i] * len(left))) for i in range(realism.sampled))


def pick_duplicates(items: Sequence[Item], realism: Realism, dice: Sequence[float]) -> list[Item]:
    """Return which messages are handed out although they are in flight (R5); a die each."""
    return [item for item, die in zip(items, dice, strict=True) if die < realism.duplicates]


def disorder(items: Sequence[Item], realism: Realism, dice: Sequence[float]) -> list[Item]:
    """Return the messages with some out of place, mostly oldest first (R5); a die each."""
    mixed = list(items)
    for at, die in enumerate(dice[: len(mixed)]):
        if die < realism.disorder and at + 1 < len(mixed):
            mixed[at], mixed[at + 1] = mixed[at + 1], mixed[at]
    return mixed
