"""Settings for short messages, and numbers of the SMS sandbox. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from messaging.sns.domain.endpoints import is_phone
from messaging.sns.errors import InvalidParameter

KNOWN: Final = frozenset({
    "DefaultSMSType", "DefaultSenderID", "DeliveryStatusIAMRole",
    "DeliveryStatusSuccessSamplingRate", "MonthlySpendLimit", "UsageReportS3Bucket",
})  # fmt: skip
PENDING: Final = "Pending"
VERIFIED: Final = "Verified"
_SENDER: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}")


def check_attributes(attributes: Mapping[str, str]) -> None:
    """Check the settings of an account; raises InvalidParameter."""
    for name, value in attributes.items():
        if name not in KNOWN:
            raise InvalidParameter(f"{name} is not a valid attribute")
        if not _is_good(name, value):
            raise InvalidParameter(f"{name} is invalid")


def check_number(number: str) -> None:
    """Check a phone number; raises InvalidParameter."""
    if not is_phone(number):
        raise InvalidParameter.of("PhoneNumber", reason="input incorrectly formatted")


def _is_good(name: str, value: str) -> bool:
    if name == "DefaultSMSType":
        return value in ("Promotional", "Transactional")
    if name == "DefaultSenderID":
        return _SENDER.fullmatch(value) is not None
    if name == "DeliveryStatusSuccessSamplingRate":
        return value.isdecimal() and int(value) <= 100  # noqa: PLR2004 - percent
    if name == "MonthlySpendLimit":
        return value.isdecimal()
    return True
