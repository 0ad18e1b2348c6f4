"""AWS Lambda's documented errors."""

from messaging.kernel.errors import AwsError


class InvalidParameterValueException(AwsError):
    code = "InvalidParameterValueException"


class InvalidRequestContentException(AwsError):
    code = "InvalidRequestContentException"


class PolicyLengthExceededException(AwsError):
    code = "PolicyLengthExceededException"
    text = "The final policy size is bigger than the limit (20480)."


class PreconditionFailedException(AwsError):
    code = "PreconditionFailedException"
    status = 412
    text = (
        "The RevisionId provided does not match the latest RevisionId. Call the"
        " GetFunction/GetAlias API to retrieve the latest RevisionId"
    )


class RequestTooLargeException(AwsError):
    code = "RequestTooLargeException"
    status = 413


class ResourceConflictException(AwsError):
    code = "ResourceConflictException"
    status = 409


class ResourceInUseException(AwsError):
    """A mapping that is still changing its state."""

    code = "ResourceInUseException"


class ResourceNotFoundException(AwsError):
    code = "ResourceNotFoundException"
    status = 404


class TooManyRequestsException(AwsError):
    """A function has no concurrency left; who brings an event tries again later."""

    code = "TooManyRequestsException"
    status = 429
    text = "Rate Exceeded."


class ValidationException(AwsError):
    code = "ValidationException"
