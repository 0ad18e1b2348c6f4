"""Signatures, and the certificate that proves them: N5."""

import json
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client

from messaging.sns.domain.envelope import as_lambda_event
from messaging.sns.models import SigningKey
from tests.services.sns.conftest import Queue, Topic, words

VALIDATE = Path(__file__).with_name("validate.mjs")


def certificate_of(envelope: dict[str, Any]) -> bytes:
    """Fetch a certificate where the envelope says."""
    url = urlsplit(envelope["SigningCertURL"])
    assert (url.scheme, url.netloc) == ("http", "127.0.0.1:8000")
    answer = Client().get(url.path, SERVER_NAME="127.0.0.1")
    assert answer.status_code == 200
    return bytes(answer.content)


def check(envelope: dict[str, Any]) -> None:
    """Check a notification's signature as AWS documents it; raises InvalidSignature."""
    names = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
    text = "".join(f"{name}\n{envelope[name]}\n" for name in names if name in envelope)
    key = x509.load_pem_x509_certificate(certificate_of(envelope)).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    kind = {"1": hashes.SHA1, "2": hashes.SHA256}[envelope["SignatureVersion"]]
    signature = b64decode(envelope["Signature"])
    key.verify(signature, text.encode(), padding.PKCS1v15(), kind())


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("subject", [{}, {"Subject": "Größe"}])
def test_N5_signatures_hold(
    topic: Topic, queue: Queue, version: str, subject: dict[str, str]
) -> None:
    topic.set(SignatureVersion=version)
    topic.subscribe(queue)
    topic.publish("with ünïcode\nand lines", MessageAttributes=words(a="b"), **subject)
    envelope = json.loads(queue.bodies()[0])
    assert envelope["SignatureVersion"] == version
    check(envelope)
    for changed in ({"Message": "other"}, {"Subject": "other"}, {"Timestamp": "2020"}):
        with pytest.raises(InvalidSignature):
            check({**envelope, **changed})


def test_N5_one_certificate_for_the_installation(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue)
    for n in range(2):
        topic.publish(str(n))
    first, second = (json.loads(body) for body in queue.bodies())
    assert first["SigningCertURL"] == second["SigningCertURL"]
    assert urlsplit(first["SigningCertURL"]).path.startswith("/SimpleNotificationService-")
    [stored] = SigningKey.objects.all()
    assert "ENCRYPTED" in stored.key


@pytest.mark.django_db
def test_another_certificate_is_not_there() -> None:
    for name in ("SimpleNotificationService-0.pem", "other.pem"):
        assert Client().get(f"/{name}", SERVER_NAME="127.0.0.1").status_code == 404


@pytest.mark.needs("sns-validator")
@pytest.mark.parametrize("version", ["1", "2"])
def test_N5_the_validator_that_programs_use_accepts_them(
    topic: Topic, queue: Queue, version: str
) -> None:
    topic.set(SignatureVersion=version)
    topic.subscribe(queue)
    topic.publish("signed", Subject="s")
    envelope = json.loads(queue.bodies()[0])
    told = {"message": envelope, "certificate": certificate_of(envelope).decode()}
    done = subprocess.run(
        [shutil.which("node") or "node", str(VALIDATE)], input=json.dumps(told), text=True,
        capture_output=True, check=False, timeout=60, 
    )  # fmt: skip
    assert json.loads(done.stdout) == {"accepted": True, "changed": False}, done.stderr


def test_functions_get_their_own_spelling() -> None:
    event = as_lambda_event({"Message": "m", "SigningCertURL": "u", "UnsubscribeURL": "v"}, "arn")
    [record] = event["Records"]
    assert record["EventSubscriptionArn"] == "arn"
    assert record["Sns"] == {
        "Subject": None, "MessageAttributes": {}, "Message": "m", "SigningCertUrl": "u",
        "UnsubscribeUrl": "v",
    }  # fmt: skip
