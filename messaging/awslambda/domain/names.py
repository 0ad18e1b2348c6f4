"""Function names in all their forms: a name, a part of an ARN, an ARN; with a qualifier. Pure."""

import re
from typing import Final, NamedTuple

from messaging.awslambda.errors import ValidationException

LATEST: Final = "$LATEST"
_FORM: Final = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?"
    r"(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
_READ: Final = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?P<region>[a-z]{2,4}(?:-[a-z]+)+-\d):)?"
    r"(?:(?P<account>\d{12}):)?(?:function:)?(?P<name>[a-zA-Z0-9-_]+)"
    r"(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?"
)
_NAME_CHARS_MAX: Final = 64
_TEXT_CHARS_MAX: Final = 140


class FunctionName(NamedTuple):
    """What a name says: account, region and qualifier are "" where it has none."""

    name: str
    account: str
    region: str
    qualifier: str


def read_name(text: str) -> FunctionName:
    """Take a function's name apart; raises ValidationException as AWS does."""
    found = _READ.fullmatch(text)
    if found is None or len(text) > _TEXT_CHARS_MAX:
        raise ValidationException(
            f"1 validation error detected: Value '{text}' at 'functionName' failed to satisfy"
            f" constraint: Member must satisfy regular expression pattern: {_FORM}"
        )
    if len(found["name"]) > _NAME_CHARS_MAX:
        raise ValidationException(
            f"1 validation error detected: Value '{found['name']}' at 'functionName' failed to"
            " satisfy constraint: Member must have length less than or equal to 64"
        )
    return FunctionName(
        found["name"], found["account"] or "", found["region"] or "", found["qualifier"] or ""
    )


def unqualified(arn: str) -> str:
    """Return a function's ARN without version or alias."""
    return ":".join(arn.split(":")[:7])
