"""Signature Version 4 for the client's own requests, to measure a server that verifies them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

SIGNED: Final = "content-type;host;x-amz-date;x-amz-target"
SERVICE: Final = "sqs"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An issued access key and the region to sign for."""

    key_id: str
    secret: str
    region: str = "us-east-1"


def date_of(wall: int) -> str:
    """Return the X-Amz-Date of ``wall`` milliseconds since 1970."""
    return datetime.fromtimestamp(wall // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def authorization(
    credentials: Credentials, *, host: str, path: str, date: str, target: str, body: bytes
) -> str:
    """Return the Authorization header of a POST of ``body`` (JSON 1.0) to ``target``."""
    canonical = "\n".join((
        "POST", path, "",
        "content-type:application/x-amz-json-1.0", f"host:{host}", f"x-amz-date:{date}",
        f"x-amz-target:{target}", "",
        SIGNED, hashlib.sha256(body).hexdigest(),
    ))  # fmt: skip
    scope = f"{date[:8]}/{credentials.region}/{SERVICE}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest}"
    key = _signing_key(credentials.secret, date[:8], credentials.region)
    signature = hmac.digest(key, to_sign.encode(), hashlib.sha256).hex()
    return (
        f"AWS4-HMAC-SHA256 Credential={credentials.key_id}/{scope}, "
        f"SignedHeaders={SIGNED}, Signature={signature}"
    )


@lru_cache(maxsize=8)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, SERVICE, "aws4_request"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return key
