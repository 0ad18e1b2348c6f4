"""What is wrong with a request's parameters, and how each service says so.

Readers raise a ``Flaw``; ``refusal`` turns it into the error that AWS answers. Only missing
required members and values of another type are found here: lengths, ranges and patterns have texts
of their own in every service.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from botocore.model import OperationModel

from messaging.kernel.errors import (
    AwsError,
    InvalidParameterValue,
    MissingParameter,
    SerializationException,
    ValidationError,
)


class Flaw(Exception):
    """A part of a request that does not fit its shape; ``path`` is filled from the inside out."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.path: list[str] = []

    @property
    def place(self) -> str:
        """The member's place as AWS writes it: ``entries.1.member.id``."""
        return ".".join(_lower_first(part) for part in reversed(self.path))


def read_items(items: Iterable[Any], reader: Callable[[Any], Any]) -> list[Any]:
    """Return a list's items as ``reader`` reads them; a flaw gets the place of its item."""
    result: list[Any] = []
    try:
        for item in items:
            result.append(reader(item))
    except Flaw as flaw:
        flaw.path += ("member", str(len(result) + 1))
        raise
    return result


class Missing(Flaw):
    """Required members that were not sent."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names


class WrongType(Flaw):
    """A value of another type than the model says."""


class BadRequestException(AwsError):
    code = "BadRequestException"


class InvalidInput(AwsError):
    code = "InvalidInput"


class InvalidArgument(AwsError):
    code = "InvalidArgument"


class InvalidParameter(AwsError):
    code = "InvalidParameter"


class MalformedInput(AwsError):
    code = "MalformedInput"


class MalformedXML(AwsError):
    code = "MalformedXML"
    text = (
        "The XML you provided was not well-formed or did not validate against our published schema"
    )


class ValidationException(AwsError):
    code = "ValidationException"


def refusal(flaw: Flaw, operation: OperationModel, protocol: str) -> AwsError:
    """Return the error that the operation's service answers to ``flaw``."""
    service = operation.service_model.service_name
    if isinstance(flaw, Missing):
        return _MISSING.get(service, _missing_by_protocol)(flaw, protocol)
    return malformed(flaw.text, service, protocol, place=flaw.place)


def malformed(text: str, service: str, protocol: str, *, place: str = "") -> AwsError:
    """Return the error for a body that cannot be read, or a value of another type."""
    if service == "s3":
        return MalformedXML()
    if protocol == "rest-xml":
        kind: type[AwsError] = InvalidInput if service == "route53" else InvalidArgument
        return kind(f"{text} ({place})" if place else text)
    if protocol != "query":
        return SerializationException(text)
    if service == "sqs":
        return InvalidParameterValue(
            f"Value for parameter {_upper_first(place)} is invalid. Reason: {text}"
        )
    return MalformedInput(f"{text} ({place})" if place else text)


def _missing_by_protocol(flaw: Missing, protocol: str) -> AwsError:
    places = _places(flaw)
    count = len(places)
    found = "; ".join(
        f"Value null at '{place}' failed to satisfy constraint: Member must not be null"
        for place in places
    )
    kind = ValidationError if protocol == "query" else ValidationException
    return kind(f"{count} validation error{'s' * (count > 1)} detected: {found}")


def _missing_parameter(flaw: Missing, protocol: str) -> AwsError:
    return MissingParameter(f"The request must contain the parameter {_first(flaw)}.")


def _parameter_is_required(flaw: Missing, protocol: str) -> AwsError:
    return MissingParameter(f"The parameter {_first(flaw)} is required.")


def _no_value(flaw: Missing, protocol: str) -> AwsError:
    return InvalidParameter(
        f"Invalid parameter: {_first(flaw)} Reason: no value for required parameter"
    )


def _bad_request(flaw: Missing, protocol: str) -> AwsError:
    return BadRequestException(f"The request must contain {_first(flaw)}.")


def _malformed_xml(flaw: Missing, protocol: str) -> AwsError:
    return MalformedXML()


def _invalid_input(flaw: Missing, protocol: str) -> AwsError:
    return InvalidInput(f"The request must contain {_first(flaw)}.")


def _invalid_argument(flaw: Missing, protocol: str) -> AwsError:
    return InvalidArgument(f"The request must contain {_first(flaw)}.")


# Services that do not answer in the common form of their protocol.
_MISSING: Final[dict[str, Callable[[Missing, str], AwsError]]] = {
    "cloudfront": _invalid_argument,
    "cloudwatch": _parameter_is_required,
    "mq": _bad_request,
    "route53": _invalid_input,
    "s3": _malformed_xml,
    "schemas": _bad_request,
    "sns": _no_value,
    "sqs": _missing_parameter,
}


def _places(flaw: Missing) -> list[str]:
    prefix = flaw.place
    return [f"{prefix}.{_lower_first(n)}" if prefix else _lower_first(n) for n in flaw.names]


def _first(flaw: Missing) -> str:
    return ".".join([*(part for part in reversed(flaw.path) if part != "member"), flaw.names[0]])


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
