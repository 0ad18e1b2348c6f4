"""Which archives are kept: those of functions whose code may run, and none where code does not."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from messaging.awslambda.code import unpacking
from messaging.awslambda.errors import InvalidParameterValueException
from messaging.awslambda.models import Code, Function


def check_archive(archive: bytes) -> None:
    """Raise InvalidParameterValueException for what is no archive, or none that may be run."""
    try:
        if not archive.startswith(b"PK"):
            raise ValueError("It is no zip file.")
        if settings.RUN_CODE:
            unpacking.check(archive)
    except ValueError as error:
        raise InvalidParameterValueException(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
            + (f" {error}" if settings.RUN_CODE else "")
        ) from None


def keep_code(function: Function, code: Mapping[str, Any]) -> None:
    """Keep the code that a function has from now on; what it had before is forgotten."""
    Code.objects.filter(pk=function.pk).delete()
    if settings.RUN_CODE and code.get("ZipFile") is not None:
        Code.objects.create(id=function.pk, sandbox=function.sandbox, archive=code["ZipFile"])
