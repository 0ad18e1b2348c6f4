"""One term of the glossary."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

GUIDE: Final = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
API: Final = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_"


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means.

    ``rules`` are the ids of the behaviour rules behind the text, ``source`` AWS's document about
    it; a word of our own has neither.
    """

    slug: str
    name: Promise
    text: Promise
    rules: str = ""
    source: str = ""
