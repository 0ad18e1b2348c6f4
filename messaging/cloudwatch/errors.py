"""CloudWatch's documented errors, by the codes of the query protocol."""

from messaging.kernel.errors import (
    AwsError,
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
    NotModelled,
    ValidationError,
)

__all__ = (
    "InvalidFormat",
    "InvalidNextToken",
    "InvalidParameterCombination",
    "InvalidParameterValue",
    "MissingParameter",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "ValidationError",
    "not_modelled",
)


class InvalidFormat(AwsError):
    code = "InvalidFormatFault"


class InvalidNextToken(AwsError):
    code = "InvalidNextToken"


class ResourceNotFound(AwsError):
    code = "ResourceNotFound"
    status = 404


class ResourceNotFoundException(AwsError):
    code = "ResourceNotFoundException"
    status = 404


def not_modelled(what: str) -> NotModelled:
    """Return the error that names a part of CloudWatch that is not here."""
    return NotModelled(f"Signalbox does not model {what} of CloudWatch. Nothing was changed.")
