"""The table of protocols."""

from typing import Any, Final, Protocol

from botocore.model import OperationModel

from messaging.kernel.errors import AwsError
from messaging.wire import aws_json, aws_query, json_cbor, rest_json, rest_xml, rpc_cbor
from messaging.wire.request import Request, Response


class WireProtocol(Protocol):
    """What a protocol module offers."""

    NAME: str

    def parse(self, request: Request, operation: OperationModel) -> dict[str, Any]: ...

    def serialise(
        self, result: dict[str, Any], operation: OperationModel, request_id: str
    ) -> Response: ...

    def serialise_error(
        self, error: AwsError, operation: OperationModel | None, service: str, request_id: str
    ) -> Response: ...


PROTOCOLS: Final[dict[str, WireProtocol]] = {
    module.NAME: module
    for module in (aws_json, aws_query, json_cbor, rest_json, rest_xml, rpc_cbor)
}
