"""The installation's signing key and the certificate that anybody may fetch (N5).

The key is made when it is first needed and kept in the database, encrypted with the installation's
secret key, so that all processes sign with the same one. It has 1,024 bits: a signature is made in
the writer, which everybody waits for, and takes a third of the time that 2,048 bits take.
"""

import hmac
import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings

from messaging.kernel.context import Context
from messaging.sns.domain.envelope import Signature
from messaging.sns.models import SigningKey

_BITS: Final = 1024
_EXPONENT: Final = 65537
_DAYS: Final = 36_500
_PREFIX: Final = "SimpleNotificationService-"
_SUFFIX: Final = ".pem"
# AWS's version 1 is what it is.
_HASHES: Final = {"1": hashes.SHA1, "2": hashes.SHA256}
_NAME: Final = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.signalbox.example")])


@dataclass(frozen=True)
class Signer:
    """A key with its certificate; ``digest`` is in the certificate's address."""

    digest: str
    key: rsa.RSAPrivateKey
    certificate: str

    def sign(self, text: str, version: str, host: str) -> Signature:
        """Sign a text; the certificate is fetched from ``host``."""
        value = self.key.sign(text.encode(), padding.PKCS1v15(), _HASHES[version]())
        url = f"{host}/{_PREFIX}{self.digest}{_SUFFIX}"
        return Signature(version, b64encode(value).decode(), url)


class _Kept:
    """The key that this process has made or read."""

    signer: Signer | None = None


def signer_of(ctx: Context) -> Signer:
    """Return the installation's signer, and make its key if there is none."""
    found: Signer | None = ctx.world.caches.get("sns.signer")
    if found is None:
        found = ctx.world.caches["sns.signer"] = _signer()
    return found


def certificate(name: str) -> str | None:
    """Return the certificate that has a file name, or None."""
    if not name.startswith(_PREFIX) or not name.endswith(_SUFFIX):
        return None
    digest = name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    row = SigningKey.objects.filter(digest=digest).first()
    return row.certificate if row is not None else None


def _signer() -> Signer:
    for row in SigningKey.objects.order_by("-id"):
        if _Kept.signer is not None and _Kept.signer.digest == row.digest:
            return _Kept.signer
        found = _opened(row)
        if found is not None:
            _Kept.signer = found
            return found
    _Kept.signer = _stored(_Kept.signer or _made())
    return _Kept.signer


def _made() -> Signer:
    key = rsa.generate_private_key(_EXPONENT, _BITS)
    begin = datetime.fromtimestamp(0, UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(_NAME)
        .issuer_name(_NAME)
        .public_key(key.public_key())
        .serial_number(1 + secrets.randbits(120))
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=_DAYS))
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    return Signer(sha256(pem).hexdigest()[:32], key, pem.decode())


def _stored(made: Signer) -> Signer:
    pem = made.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(_password()),
    )
    SigningKey.objects.create(digest=made.digest, key=pem.decode(), certificate=made.certificate)
    return made


def _opened(row: SigningKey) -> Signer | None:
    """Return the signer of a row; None where it was made with another secret key."""
    try:
        key = serialization.load_pem_private_key(row.key.encode(), _password())
    except ValueError:
        return None
    assert isinstance(key, rsa.RSAPrivateKey)
    return Signer(row.digest, key, row.certificate)


def _password() -> bytes:
    text = b"signalbox signing key of sns"
    return b64encode(hmac.digest(settings.SECRET_KEY.encode(), text, sha256))
