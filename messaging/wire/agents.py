"""Who is calling, read from the user agent: the name of the client's node on the topology."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# The first that fits names the client; order matters where one agent carries another's name.
_KNOWN: Final[tuple[tuple[str, str], ...]] = (
    ("terraform", "terraform"),
    ("pulumi", "pulumi"),
    ("aws-cli/", "aws-cli"),
    ("aiobotocore/", "aiobotocore · python"),
    # Celery's transport speaks to SQS through pycurl.
    ("pycurl", "celery · python"),
    ("boto3/", "boto3 · python"),
    ("botocore/", "botocore · python"),
    ("aws-sdk-nodejs/", "aws-sdk-js · node"),
    ("aws-sdk-cpp/", "aws-sdk-cpp"),
    ("aws-sdk-dotnet", "aws-sdk-net"),
    ("aws-sdk-go", "aws-sdk-go"),
    ("aws-sdk-java/", "aws-sdk-java"),
    ("aws-sdk-kotlin/", "aws-sdk-kotlin"),
    ("aws-sdk-net", "aws-sdk-net"),
    ("aws-sdk-php/", "aws-sdk-php"),
    ("aws-sdk-ruby", "aws-sdk-ruby"),
    ("aws-sdk-rust/", "aws-sdk-rust"),
    ("aws-sdk-swift/", "aws-sdk-swift"),
    ("mozilla/", "browser"),
)
_FIRST_TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Agent:
    """A client as the topology names it."""

    label: str
    actor: str


@lru_cache(maxsize=1024)
def agent(text: str) -> Agent:
    """Return the client behind a ``User-Agent`` header."""
    label = _label(text)
    slug = _NOT_SLUG.sub("-", label.lower()).strip("-")
    return Agent(label, f"client:{slug or 'unnamed'}")


def _label(text: str) -> str:
    lowered = text.lower()
    if "aws-sdk-js/" in lowered:
        return "aws-sdk-js · node" if "node" in lowered else "aws-sdk-js · browser"
    for mark, label in _KNOWN:
        if mark in lowered:
            return label
    found = _FIRST_TOKEN.match(text.strip().partition("/")[0])
    return found[0].strip() if found else "unnamed client"
