"""Mobile apps and devices: names, attributes, ARNs. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from messaging.sns.domain.names import read_arn
from messaging.sns.errors import InvalidParameter

PLATFORMS: Final = (
    "ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "GCM", "MACOS",
    "MACOS_SANDBOX", "MPNS", "WNS",
)  # fmt: skip
# Credentials are taken and never shown.
SECRET: Final = frozenset({"PlatformCredential", "PlatformPrincipal"})
APPLICATION: Final = frozenset({
    "ApplePlatformBundleID", "ApplePlatformTeamID", "Enabled", "EventDeliveryFailure",
    "EventEndpointCreated", "EventEndpointDeleted", "EventEndpointUpdated",
    "FailureFeedbackRoleArn", "PlatformCredential", "PlatformPrincipal", "SuccessFeedbackRoleArn",
    "SuccessFeedbackSampleRate",
})  # fmt: skip
DEVICE: Final = frozenset({"CustomUserData", "Enabled", "Token"})
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,256}")
_USER_DATA_BYTES: Final = 2048


def check_application(name: str, platform: str, attributes: Mapping[str, str]) -> None:
    """Check a new application; raises InvalidParameter."""
    if not _NAME.fullmatch(name):
        raise InvalidParameter.of(
            f"{name} Reason: must be at most 256 characters long and made up of only uppercase and"
            " lowercase ASCII letters, numbers, underscores, hyphens, and periods"
        )
    if platform not in PLATFORMS:
        raise InvalidParameter.of("Platform", reason=f"{platform} is not supported")
    check_application_attributes(attributes)
    if not attributes.get("PlatformCredential"):
        raise InvalidParameter.of("Attributes", reason="PlatformCredential attribute is required")


def check_application_attributes(attributes: Mapping[str, str]) -> None:
    """Check an application's attributes; raises InvalidParameter."""
    _check_known(attributes, APPLICATION)


def check_device_attributes(attributes: Mapping[str, str]) -> None:
    """Check a device's attributes; raises InvalidParameter."""
    _check_known(attributes, DEVICE)
    enabled = attributes.get("Enabled", "true")
    if enabled.lower() not in ("true", "false"):
        raise InvalidParameter.of("Attributes", reason="Invalid value for attribute: Enabled")
    if len(attributes.get("CustomUserData", "").encode()) > _USER_DATA_BYTES:
        raise InvalidParameter.of(
            "Attributes", reason="Invalid value for attribute: CustomUserData: must be at most 2048"
            " bytes long in UTF-8 encoding",
        )  # fmt: skip


def check_arn(arn: str, kind: str, parameter: str) -> None:
    """Check the ARN of an application (``app``) or a device (``endpoint``)."""
    place = read_arn(arn, parameter)
    parts = place.resource.split("/")
    if parts[0] != kind or len(parts) != (3 if kind == "app" else 4):
        raise InvalidParameter.of(parameter, reason="Wrong number of slashes in relative portion of"
                                  " the ARN.")  # fmt: skip


def device_arn_prefix(application_arn: str) -> str:
    """Return what the ARNs of an application's devices begin with."""
    return application_arn.replace(":app/", ":endpoint/", 1)


def _check_known(attributes: Mapping[str, str], known: frozenset[str]) -> None:
    for name in attributes:
        if name not in known:
            raise InvalidParameter.of("Attributes", reason=f"Invalid attribute name: {name}")
