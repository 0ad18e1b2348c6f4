"""The query protocol of services whose model no longer describes it: Amazon SQS.

SDKs from before the end of 2023 post forms to SQS and read XML. The names that they use (flattened
lists, ``Attribute.1.Name``, ``AWS.SimpleQueueService.…`` codes) are added to botocore's model here,
so that the query protocol finds everything where it looks for it.
"""

from functools import cache
from typing import Any, Final

import botocore.loaders
from botocore.model import OperationModel, ServiceModel

from messaging.kernel.service import load_model

_NAMESPACE: Final = "http://queue.amazonaws.com/doc/2012-11-05/"

_LIST_ITEMS: Final = {
    "AWSAccountIdList": "AWSAccountId",
    "ActionNameList": "ActionName",
    "AttributeNameList": "AttributeName",
    "BatchResultErrorEntryList": "BatchResultErrorEntry",
    "BinaryList": "BinaryListValue",
    "ChangeMessageVisibilityBatchRequestEntryList": "ChangeMessageVisibilityBatchRequestEntry",
    "ChangeMessageVisibilityBatchResultEntryList": "ChangeMessageVisibilityBatchResultEntry",
    "DeleteMessageBatchRequestEntryList": "DeleteMessageBatchRequestEntry",
    "DeleteMessageBatchResultEntryList": "DeleteMessageBatchResultEntry",
    "ListMessageMoveTasksResultEntryList": "ListMessageMoveTasksResultEntry",
    "MessageAttributeNameList": "MessageAttributeName",
    "MessageList": "Message",
    "MessageSystemAttributeList": "MessageSystemAttributeName",
    "QueueUrlList": "QueueUrl",
    "SendMessageBatchRequestEntryList": "SendMessageBatchRequestEntry",
    "SendMessageBatchResultEntryList": "SendMessageBatchResultEntry",
    "StringList": "StringListValue",
    "TagKeyList": "TagKey",
}
_MAP_ENTRIES: Final = {
    "MessageBodyAttributeMap": ("Name", "Value"),
    "MessageBodySystemAttributeMap": ("Name", "Value"),
    "MessageSystemAttributeMap": ("Name", "Value"),
    "QueueAttributeMap": ("Name", "Value"),
    "TagMap": ("Key", "Value"),
}
_MEMBERS: Final = {
    "Attributes": "Attribute",
    "BinaryListValues": "BinaryListValue",
    "MessageAttributes": "MessageAttribute",
    "MessageSystemAttributes": "MessageSystemAttribute",
    "StringListValues": "StringListValue",
    "Tags": "Tag",
    "tags": "Tag",
}
_CODES: Final = {
    "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    "BatchRequestTooLong": "AWS.SimpleQueueService.BatchRequestTooLong",
    "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
    "InvalidBatchEntryId": "AWS.SimpleQueueService.InvalidBatchEntryId",
    "KmsAccessDenied": "KMS.AccessDeniedException",
    "KmsDisabled": "KMS.DisabledException",
    "KmsInvalidKeyUsage": "KMS.InvalidKeyUsageException",
    "KmsInvalidState": "KMS.InvalidStateException",
    "KmsNotFound": "KMS.NotFoundException",
    "KmsOptInRequired": "KMS.OptInRequired",
    "KmsThrottled": "KMS.ThrottlingException",
    "MessageNotInflight": "AWS.SimpleQueueService.MessageNotInflight",
    "PurgeQueueInProgress": "AWS.SimpleQueueService.PurgeQueueInProgress",
    "QueueDeletedRecently": "AWS.SimpleQueueService.QueueDeletedRecently",
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
}
_TEXTS: Final = {
    "The specified queue does not exist.": (
        "The specified queue does not exist for this wsdl version."
    ),
}


@cache
def query_model(service: str) -> ServiceModel:
    """Return the model of ``service`` as its query protocol sees it."""
    if service != "sqs":
        return load_model(service)
    raw = botocore.loaders.create_loader().load_service_model(service, "service-2")
    raw["metadata"].update(protocol="query", protocols=["query"], xmlNamespace=_NAMESPACE)
    for name, operation in raw["operations"].items():
        if "output" in operation:
            operation["output"]["resultWrapper"] = f"{name}Result"
    for name, shape in raw["shapes"].items():
        _add_names(name, shape)
    return ServiceModel(raw, service_name=service)


@cache
def query_operation(operation: OperationModel) -> OperationModel:
    """Return the same operation as the query protocol sees it."""
    return query_model(operation.service_model.service_name).operation_model(operation.name)


def query_text(service: str, message: str) -> str:
    """Return a message in the words that the query protocol has for it."""
    return _TEXTS.get(message, message) if service == "sqs" else message


def _add_names(name: str, shape: dict[str, Any]) -> None:
    if name in _LIST_ITEMS:
        shape["member"]["locationName"] = _LIST_ITEMS[name]
    elif name in _MAP_ENTRIES:
        shape["key"]["locationName"], shape["value"]["locationName"] = _MAP_ENTRIES[name]
    elif name in _CODES:
        shape["error"] = {"code": _CODES[name]}
    for member, reference in shape.get("members", {}).items():
        if member in _MEMBERS:
            reference["locationName"] = _MEMBERS[member]
