"""Access keys: issued, found by id, and never stored with their secret."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.conf import settings

from messaging.kernel.clock import wall_ms
from messaging.kernel.models import AccessKey, Account

NOBODY: Final = "*"
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class Key:
    """Who signs with an access key; with a withdrawn one nobody does any more."""

    key_id: str
    sandbox: int
    account: str
    secret: str
    principal: str
    is_withdrawn: bool = False


def secret_of(key_id: str) -> str:
    """Return the secret of an issued key: derived from the installation's own secret key."""
    digest = hmac.digest(
        settings.SECRET_KEY.encode(), f"signalbox access key {key_id}".encode(), hashlib.sha256
    )
    return base64.b64encode(digest).decode()[:40]


def issue(account: Account, *, label: str = "") -> AccessKey:
    """Issue an access key for the root of ``account``."""
    key_id = "AKIA" + "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return AccessKey.objects.create(
        key_id=key_id, account=account, label=label, created_at=wall_ms()
    )


def withdraw(key: AccessKey) -> None:
    """Refuse a key from now on; its row stays, so that its id is never taken for an unknown one."""
    key.withdrawn_at = wall_ms()
    key.save(update_fields=["withdrawn_at"])


class Keyring:
    """Every issued key of the installation, in memory: looking one up costs a dictionary access.

    ``digest`` stands for the ids that were read last, and which of them were withdrawn.
    """

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {}
        self.digest = ""

    def find(self, key_id: str) -> Key | None:
        return self._keys.get(key_id)

    def all(self) -> dict[str, Key]:
        """Return every key by its id."""
        return dict(self._keys)

    def load(self) -> None:
        """Read all keys again."""
        rows = AccessKey.objects.values_list(
            "key_id", "account__sandbox_id", "account__number", "withdrawn_at"
        )
        self._keys = {
            key_id: Key(
                key_id, sandbox, number, secret_of(key_id), root_arn(number), at is not None
            )
            for key_id, sandbox, number, at in rows
        }
        marked = sorted(self._keys.items())
        ids = ",".join(key_id + "-" * key.is_withdrawn for key_id, key in marked)
        self.digest = hashlib.md5(ids.encode(), usedforsecurity=False).hexdigest()


def root_arn(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


@lru_cache(maxsize=4096)
def visitor_mark(sandbox: int, account: str) -> str:
    """Return what an address carries that anybody may follow: whose resource it is about."""
    place = f"{sandbox}.{account}"
    digest = hmac.digest(
        settings.SECRET_KEY.encode(), f"signalbox visitor {place}".encode(), hashlib.sha256
    )
    return f"{place}.{digest.hex()[:24]}"


def visitor(mark: str) -> Key | None:
    """Return who follows such an address: nobody in particular. None where the mark is not ours."""
    sandbox, _, rest = mark.partition(".")
    account = rest.partition(".")[0]
    if not sandbox.isdecimal() or not hmac.compare_digest(
        mark.encode(), visitor_mark(int(sandbox), account).encode()
    ):
        return None
    return Key("", int(sandbox), account, "", NOBODY)
