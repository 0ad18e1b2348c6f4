"""What a client does before it sends and after it received: AWS's own checks and words.

The AWS CLI and boto3 check parameters against the service model with botocore's validator, and say
an error in one form. Whoever takes calls as a client does says the same.
"""

from collections.abc import Mapping
from typing import Any

from botocore.validate import ParamValidator

from messaging.kernel.errors import AwsError
from messaging.kernel.service import operation_model
from messaging.wire.errors import form_of


def complaint(service: str, operation: str, params: Mapping[str, Any]) -> str:
    """Return what is wrong with parameters as a client says it before it sends, or nothing."""
    shape = operation_model(service, operation).input_shape
    if shape is None:
        return "Parameter validation failed: the operation takes no input" if params else ""
    report = ParamValidator().validate(params, shape)
    found: str = report.generate_report()
    return f"Parameter validation failed:\n{found}" if report.has_errors() else ""


def refusal_text(error: AwsError, service: str, operation: str) -> str:
    """Return an error as a client shows it, with the code that clients of the service know."""
    code = form_of(service, error.code).query_code
    return f"An error occurred ({code}) when calling the {operation} operation: {error.message}"
