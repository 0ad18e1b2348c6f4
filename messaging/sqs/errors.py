"""SQS's documented errors.

``code`` is the shape's name in the service model (two errors have none there). ``query_code`` is
what the query protocol has in ``<Code>``, what the JSON protocol repeats in
``x-amzn-query-error``, what boto3 shows and what a failed batch entry carries.
"""

from typing import ClassVar

from messaging.kernel.errors import AwsError


class SqsError(AwsError):
    """An error of SQS: one class, two names."""

    query_code: ClassVar[str] = "InternalError"


class BatchEntryIdsNotDistinct(SqsError):
    code = "BatchEntryIdsNotDistinct"
    query_code = "AWS.SimpleQueueService.BatchEntryIdsNotDistinct"


class BatchRequestTooLong(SqsError):
    code = "BatchRequestTooLong"
    query_code = "AWS.SimpleQueueService.BatchRequestTooLong"


class EmptyBatchRequest(SqsError):
    code = "EmptyBatchRequest"
    query_code = "AWS.SimpleQueueService.EmptyBatchRequest"


class InvalidAddress(SqsError):
    code = "InvalidAddress"
    query_code = "InvalidAddress"
    status = 404


class InvalidAttributeName(SqsError):
    code = "InvalidAttributeName"
    query_code = "InvalidAttributeName"

    @classmethod
    def unknown(cls, name: str) -> "InvalidAttributeName":
        return cls(f"Unknown Attribute {name}.")


class InvalidAttributeValue(SqsError):
    code = "InvalidAttributeValue"
    query_code = "InvalidAttributeValue"

    @classmethod
    def of(cls, name: str, *, reason: str = "") -> "InvalidAttributeValue":
        text = f"Invalid value for the parameter {name}."
        return cls(f"{text} Reason: {reason}" if reason else text)


class InvalidBatchEntryId(SqsError):
    code = "InvalidBatchEntryId"
    query_code = "AWS.SimpleQueueService.InvalidBatchEntryId"
    text = (
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
        "It can be at most 80 letters long."
    )


class InvalidIdFormat(SqsError):
    code = "InvalidIdFormat"
    query_code = "InvalidIdFormat"
    status = 404


class InvalidMessageContents(SqsError):
    code = "InvalidMessageContents"
    query_code = "InvalidMessageContents"


class InvalidParameterValue(SqsError):
    """A value outside its range: one of AWS's codes that no shape of the model has."""

    code = "InvalidParameterValue"
    query_code = "InvalidParameterValue"

    @classmethod
    def of(cls, parameter: str, value: object, *, reason: str) -> "InvalidParameterValue":
        return cls(f"Value {value} for parameter {parameter} is invalid. Reason: {reason}")


class InvalidSecurity(SqsError):
    code = "InvalidSecurity"
    query_code = "InvalidSecurity"
    status = 403


class KmsAccessDenied(SqsError):
    code = "KmsAccessDenied"
    query_code = "KMS.AccessDeniedException"


class KmsDisabled(SqsError):
    code = "KmsDisabled"
    query_code = "KMS.DisabledException"


class KmsInvalidKeyUsage(SqsError):
    code = "KmsInvalidKeyUsage"
    query_code = "KMS.InvalidKeyUsageException"


class KmsInvalidState(SqsError):
    code = "KmsInvalidState"
    query_code = "KMS.InvalidStateException"


class KmsNotFound(SqsError):
    code = "KmsNotFound"
    query_code = "KMS.NotFoundException"


class KmsOptInRequired(SqsError):
    code = "KmsOptInRequired"
    query_code = "KMS.OptInRequired"
    status = 403


class KmsThrottled(SqsError):
    code = "KmsThrottled"
    query_code = "KMS.ThrottlingException"


class MessageNotInflight(SqsError):
    code = "MessageNotInflight"
    query_code = "AWS.SimpleQueueService.MessageNotInflight"


class MissingParameter(SqsError):
    """A parameter that the model does not require and SQS does: no shape has this code either."""

    code = "MissingParameter"
    query_code = "MissingParameter"

    @classmethod
    def of(cls, parameter: str) -> "MissingParameter":
        return cls(f"The request must contain the parameter {parameter}.")


class OverLimit(SqsError):
    code = "OverLimit"
    query_code = "OverLimit"
    status = 403


class PurgeQueueInProgress(SqsError):
    code = "PurgeQueueInProgress"
    query_code = "AWS.SimpleQueueService.PurgeQueueInProgress"
    status = 403

    @classmethod
    def of(cls, queue_name: str) -> "PurgeQueueInProgress":
        return cls(f"Only one PurgeQueue operation on {queue_name} is allowed every 60 seconds.")


class QueueDeletedRecently(SqsError):
    code = "QueueDeletedRecently"
    query_code = "AWS.SimpleQueueService.QueueDeletedRecently"
    text = (
        "You must wait 60 seconds after deleting a queue before you can create another with the "
        "same name."
    )


class QueueDoesNotExist(SqsError):
    code = "QueueDoesNotExist"
    query_code = "AWS.SimpleQueueService.NonExistentQueue"
    text = "The specified queue does not exist."


class QueueNameExists(SqsError):
    code = "QueueNameExists"
    query_code = "QueueAlreadyExists"

    @classmethod
    def differs_in(cls, attribute: str) -> "QueueNameExists":
        return cls(
            "A queue already exists with the same name and a different value for "
            f"attribute {attribute}"
        )


class ReceiptHandleIsInvalid(SqsError):
    code = "ReceiptHandleIsInvalid"
    query_code = "ReceiptHandleIsInvalid"
    status = 404

    @classmethod
    def of(cls, handle: str) -> "ReceiptHandleIsInvalid":
        return cls(f'The input receipt handle "{handle}" is not a valid receipt handle.')


class RequestThrottled(SqsError):
    code = "RequestThrottled"
    query_code = "RequestThrottled"
    status = 403
    text = "The request was denied due to request throttling."


class ResourceNotFoundException(SqsError):
    code = "ResourceNotFoundException"
    query_code = "ResourceNotFoundException"
    status = 404

    @classmethod
    def of(cls, parameter: str) -> "ResourceNotFoundException":
        return cls(f"The resource that you specified for the {parameter} parameter doesn't exist.")


class TooManyEntriesInBatchRequest(SqsError):
    code = "TooManyEntriesInBatchRequest"
    query_code = "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"

    @classmethod
    def of(cls, count: int) -> "TooManyEntriesInBatchRequest":
        return cls(f"Maximum number of entries per request are 10. You have sent {count}.")


class UnsupportedOperation(SqsError):
    code = "UnsupportedOperation"
    query_code = "AWS.SimpleQueueService.UnsupportedOperation"
