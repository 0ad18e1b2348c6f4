"""EventBridge's documented errors, with the texts that AWS was recorded to say."""

from messaging.kernel.errors import AwsError


class AccessDeniedException(AwsError):
    code = "AccessDeniedException"


class ConcurrentModificationException(AwsError):
    code = "ConcurrentModificationException"


class IllegalStatusException(AwsError):
    code = "IllegalStatusException"


class InternalException(AwsError):
    code = "InternalException"
    status = 500
    sender = False
    text = "Service encountered unexpected problem. Please try again."


class InvalidEventPatternException(AwsError):
    code = "InvalidEventPatternException"

    @classmethod
    def because(cls, reason: str) -> "InvalidEventPatternException":
        return cls(f"Event pattern is not valid. Reason: {reason}")


class InvalidStateException(AwsError):
    code = "InvalidStateException"


class LimitExceededException(AwsError):
    code = "LimitExceededException"
    text = "The requested resource exceeds the maximum number allowed."


class PolicyLengthExceededException(AwsError):
    code = "PolicyLengthExceededException"
    text = "The event bus policy exceeds the maximum length of 10240."


class ResourceAlreadyExistsException(AwsError):
    code = "ResourceAlreadyExistsException"

    @classmethod
    def of(cls, kind: str, name: str) -> "ResourceAlreadyExistsException":
        return cls(f"{kind} {name} already exists.")


class ResourceNotFoundException(AwsError):
    code = "ResourceNotFoundException"

    @classmethod
    def of(cls, kind: str, name: str) -> "ResourceNotFoundException":
        return cls(f"{kind} {name} does not exist.")

    @classmethod
    def bus(cls, name: str) -> "ResourceNotFoundException":
        return cls.of("Event bus", name)

    @classmethod
    def rule(cls, name: str, bus: str) -> "ResourceNotFoundException":
        return cls(f"Rule {name} does not exist on EventBus {bus}.")


class ValidationException(AwsError):
    """A value that the model or the service refuses; no shape of the model has this code."""

    code = "ValidationException"

    @classmethod
    def of(cls, parameter: str, *, reason: str = "") -> "ValidationException":
        text = f"Parameter {parameter} is not valid."
        return cls(f"{text} Reason: {reason}" if reason else text)
