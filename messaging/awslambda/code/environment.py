"""What a handler finds around it: variables, and its context. Nothing of it is the server's own."""

import os
from typing import Final

from django.conf import settings

from messaging.awslambda.domain.names import LATEST
from messaging.awslambda.models import Function
from messaging.kernel import access
from messaging.kernel.models import AccessKey

_PATH: Final = "/usr/local/bin:/usr/bin:/bin"


def variables(function: Function) -> dict[str, str]:
    """Return a handler's variables: AWS's own, then the function's.

    The credentials are those of its account in its sandbox. Files in which somebody keeps keys of
    AWS itself are hidden.
    """
    configured = function.settings
    known = {
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{configured['Runtime']}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configured["MemorySize"]),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": LATEST,
        "AWS_LAMBDA_LOG_GROUP_NAME": _log_group(function),
        "AWS_LAMBDA_LOG_STREAM_NAME": LATEST,
        "AWS_REGION": function.region,
        "LANG": "C.UTF-8",
        "PATH": _PATH,
        "TZ": ":UTC",
        "_HANDLER": configured["Handler"],
        **_credentials(function),
    }
    own = configured.get("Environment", {}).get("Variables", {})
    hidden = {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    return {**known, **own, **hidden}


def context(function: Function, request: str) -> dict[str, str]:
    """Return the attributes of a handler's second argument."""
    return {
        "aws_request_id": request,
        "function_name": function.name,
        "function_version": LATEST,
        "invoked_function_arn": function.arn,
        "log_group_name": _log_group(function),
        "log_stream_name": LATEST,
        "memory_limit_in_mb": str(function.settings["MemorySize"]),
    }


def _credentials(function: Function) -> dict[str, str]:
    """Return where the function finds its own sandbox, and the key of its account there."""
    found = AccessKey.objects.filter(
        account__sandbox=function.sandbox, account__number=function.account, withdrawn_at=None
    )
    key = found.order_by("created_at").first()
    if key is None or not settings.OWN_URL:
        return {}
    return {
        "AWS_ACCESS_KEY_ID": key.key_id,
        "AWS_ENDPOINT_URL": settings.OWN_URL,
        "AWS_SECRET_ACCESS_KEY": access.secret_of(key.key_id),
    }


def _log_group(function: Function) -> str:
    return f"/aws/lambda/{function.name}"
