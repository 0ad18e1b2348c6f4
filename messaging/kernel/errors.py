"""AWS's own error form: every error that a caller may see is one of these."""

from collections.abc import Mapping
from typing import Any, ClassVar


class AwsError(Exception):
    """An error that a caller sees: code, HTTP status and message as AWS writes them.

    ``code`` is the name of the error's shape in the service model where there is one; the older
    query code (``AWS.SimpleQueueService.NonExistentQueue``) is read from that model by the wire.
    """

    code: ClassVar[str] = "InternalFailure"
    status: ClassVar[int] = 400
    sender: ClassVar[bool] = True
    text: ClassVar[str] = ""

    def __init__(self, message: str = "", **fields: Any) -> None:
        self.message = message or self.text
        self.fields: Mapping[str, Any] = fields
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class AccessDenied(AwsError):
    code = "AccessDenied"
    status = 403


class AccessDeniedException(AwsError):
    """The form that JSON services use."""

    code = "AccessDeniedException"
    status = 403


class ExpiredToken(AwsError):
    code = "ExpiredToken"
    status = 403
    text = "The security token included in the request is expired"


class IncompleteSignature(AwsError):
    code = "IncompleteSignature"


class InternalFailure(AwsError):
    """Something broke on our side; the message never says what."""

    code = "InternalFailure"
    status = 500
    sender = False
    text = "The request processing has failed because of an unknown error, exception or failure."


class InvalidAction(AwsError):
    code = "InvalidAction"
    status = 400


class InvalidClientTokenId(AwsError):
    code = "InvalidClientTokenId"
    status = 403
    text = "The security token included in the request is invalid."


class InvalidParameterCombination(AwsError):
    code = "InvalidParameterCombination"


class InvalidParameterValue(AwsError):
    code = "InvalidParameterValue"


class LoopDetected(AwsError):
    """A chain of deliveries that comes back to itself. No error of AWS's: there it goes on."""

    code = "LoopDetected"

    def __init__(self, target: str) -> None:
        super().__init__(f"Not handed to {target}: it has come round in a circle.")


class MalformedQueryString(AwsError):
    code = "MalformedQueryString"
    status = 404


class MissingAuthenticationToken(AwsError):
    code = "MissingAuthenticationToken"
    status = 403
    text = "Request is missing Authentication Token"


class MissingParameter(AwsError):
    code = "MissingParameter"


class NotModelled(AwsError):
    """AWS has this operation; Signalbox does not model it yet, and says so."""

    code = "NotImplemented"
    status = 501
    sender = False

    @classmethod
    def operation(cls, service: str, operation: str) -> "NotModelled":
        return cls(f"Signalbox does not model {service}:{operation}. Nothing was changed.")


class OptInRequired(AwsError):
    code = "OptInRequired"
    status = 403


class RequestEntityTooLarge(AwsError):
    code = "RequestEntityTooLarge"
    status = 413
    text = "The request is larger than Signalbox accepts."


class RequestExpired(AwsError):
    code = "RequestExpired"
    status = 400


class SerializationException(AwsError):
    """A body that cannot be parsed, or that holds values of another type than the model says."""

    code = "SerializationException"


class ServiceUnavailable(AwsError):
    code = "ServiceUnavailable"
    status = 503
    sender = False
    text = "The request has failed due to a temporary failure of the server."


class SignatureDoesNotMatch(AwsError):
    code = "SignatureDoesNotMatch"
    status = 403
    text = (
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details."
    )


class Throttling(AwsError):
    """The backlog is full: the client may try again."""

    code = "ThrottlingException"
    status = 400
    text = "Rate exceeded"


class UnknownOperationException(AwsError):
    code = "UnknownOperationException"
    status = 404


class ValidationError(AwsError):
    code = "ValidationError"
