"""SNS's documented errors; ``code`` is what the query protocol has in ``<Code>``."""

from messaging.kernel.errors import AwsError


class SnsError(AwsError):
    """An error of SNS."""


class AuthorizationError(SnsError):
    code = "AuthorizationError"
    status = 403


class BatchEntryIdsNotDistinct(SnsError):
    code = "BatchEntryIdsNotDistinct"
    text = "Two or more batch entries in the request have the same Id."


class BatchRequestTooLong(SnsError):
    code = "BatchRequestTooLong"
    text = "The length of all the messages put together is more than the limit."


class EmptyBatchRequest(SnsError):
    code = "EmptyBatchRequest"
    text = "The batch request doesn't contain any entries."


class EndpointDisabled(SnsError):
    code = "EndpointDisabled"
    text = "Endpoint is disabled"


class FilterPolicyLimitExceeded(SnsError):
    code = "FilterPolicyLimitExceeded"
    status = 403
    text = "Filter policy limit exceeded for topic"


class InvalidBatchEntryId(SnsError):
    code = "InvalidBatchEntryId"
    text = "The Id of a batch entry in a batch request doesn't abide by the specification."


class InvalidParameter(SnsError):
    """Most of what SNS refuses."""

    code = "InvalidParameter"

    @classmethod
    def of(cls, what: str, *, reason: str = "") -> "InvalidParameter":
        text = f"Invalid parameter: {what}"
        return cls(f"{text} Reason: {reason}" if reason else text)


class InvalidParameterValue(SnsError):
    """A message attribute that is wrong."""

    code = "ParameterValueInvalid"


class NotFound(SnsError):
    code = "NotFound"
    status = 404

    @classmethod
    def of(cls, what: str) -> "NotFound":
        return cls(f"{what} does not exist")


class OptedOut(SnsError):
    code = "OptedOut"
    text = "The phone number has opted out of receiving messages."


class PlatformApplicationDisabled(SnsError):
    code = "PlatformApplicationDisabled"
    text = "Platform application is disabled"


class ResourceNotFound(SnsError):
    code = "ResourceNotFound"
    status = 404
    text = "Resource does not exist"


class SubscriptionLimitExceeded(SnsError):
    code = "SubscriptionLimitExceeded"
    status = 403
    text = "Subscription limit exceeded for topic"


class TagLimitExceeded(SnsError):
    code = "TagLimitExceeded"
    text = "Could not complete request: tag quota of per resource exceeded"


class TooManyEntriesInBatchRequest(SnsError):
    code = "TooManyEntriesInBatchRequest"
    text = "The batch request contains more entries than permissible."


class VerificationFailed(SnsError):
    code = "VerificationException"
    text = "The one-time password (OTP) is not valid."
