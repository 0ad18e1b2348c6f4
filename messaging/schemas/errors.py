"""EventBridge Schemas' documented errors: each has its code as a field of its own."""

from typing import Any

from messaging.kernel.errors import AwsError


class _Error(AwsError):
    def __init__(self, message: str = "", **fields: Any) -> None:
        super().__init__(message, **{"Code": self.code.removesuffix("Exception"), **fields})


class BadRequestException(_Error):
    code = "BadRequestException"


class ConflictException(_Error):
    code = "ConflictException"
    status = 409


class ForbiddenException(_Error):
    code = "ForbiddenException"
    status = 403


class NotFoundException(_Error):
    code = "NotFoundException"
    status = 404


class PreconditionFailedException(_Error):
    code = "PreconditionFailedException"
    status = 412
