"""EventBridge Pipes' documented errors."""

from messaging.kernel.errors import AwsError


class ConflictException(AwsError):
    code = "ConflictException"
    status = 409


class NotFoundException(AwsError):
    code = "NotFoundException"
    status = 404


class ValidationException(AwsError):
    code = "ValidationException"
