"""EventBridge Scheduler's documented errors."""

from messaging.kernel.errors import AwsError


class ConflictException(AwsError):
    code = "ConflictException"
    status = 409


class ResourceNotFoundException(AwsError):
    code = "ResourceNotFoundException"
    status = 404


class ValidationException(AwsError):
    code = "ValidationException"
