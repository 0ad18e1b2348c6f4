"""Bodies in chunks and compressed bodies."""

import gzip
import hashlib
import hmac
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.kernel.errors import AwsError
from messaging.wire.bodies import Chain, decompress, is_chunked, unchunk

KEY = b"k" * 32
DATE = "20261121T074059Z"
SCOPE = "20261121/us-east-1/s3/aws4_request"
SEED = "5eed"
SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
PARTS = [b"first chunk", b"\r\n0;", b"x" * 70_000]


def chunked(
    parts: list[bytes], *, trailer: dict[str, str] | None = None, sign: bool = True
) -> bytes:
    """Return ``parts`` as an SDK sends them, each signed with the one before."""
    signature, out = SEED, b""
    for part in [*parts, b""]:
        empty = hashlib.sha256(b"").hexdigest()
        lines = ["AWS4-HMAC-SHA256-PAYLOAD", DATE, SCOPE, signature, empty]
        text = "\n".join([*lines, hashlib.sha256(part).hexdigest()])
        signature = hmac.digest(KEY, text.encode(), "sha256").hex()
        extension = f";chunk-signature={signature}" if sign else ""
        out += f"{len(part):x}{extension}\r\n".encode() + part + (b"\r\n" if part else b"")
    if trailer is None:
        return out + b"\r\n"
    lines = "".join(f"{name}:{trailer[name]}\n" for name in sorted(trailer))
    out += lines.replace("\n", "\r\n").encode()
    if sign:
        digest = hashlib.sha256(lines.encode()).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256-TRAILER", DATE, SCOPE, signature, digest])
        out += (
            b"x-amz-trailer-signature:" + hmac.digest(KEY, text.encode(), "sha256").hex().encode()
        )
        out += b"\r\n"
    return out + b"\r\n"


def chain() -> Chain:
    return Chain(KEY, DATE, SCOPE, SEED)


def headers(kind: str, **more: str) -> dict[str, str]:
    length = str(sum(len(part) for part in PARTS))
    return {
        "x-amz-content-sha256": kind,
        "x-amz-decoded-content-length": length,
        "content-encoding": "aws-chunked",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


def test_chunks_are_put_together_and_their_signatures_checked() -> None:
    found = headers(SIGNED)

    assert is_chunked(found)
    assert unchunk(chunked(PARTS), found, chain()) == b"".join(PARTS)
    assert "content-encoding" not in found


def test_an_encoding_of_the_objects_own_is_kept() -> None:
    found = headers(SIGNED, content_encoding="aws-chunked,gzip")

    unchunk(chunked(PARTS), found, chain())

    assert found["content-encoding"] == "gzip"


def test_trailing_checksums_become_headers() -> None:
    found = headers(f"{SIGNED}-TRAILER", x_amz_trailer="x-amz-checksum-crc32c")
    body = chunked(PARTS, trailer={"x-amz-checksum-crc32c": "sOO8/Q=="})

    assert unchunk(body, found, chain()) == b"".join(PARTS)
    assert found["x-amz-checksum-crc32c"] == "sOO8/Q=="


def test_unsigned_chunks_with_a_trailer() -> None:
    found = headers("STREAMING-UNSIGNED-PAYLOAD-TRAILER", x_amz_trailer="x-amz-checksum-crc32")
    body = chunked(PARTS, trailer={"x-amz-checksum-crc32": "AAAAAA=="}, sign=False)

    assert unchunk(body, found, chain()) == b"".join(PARTS)
    assert found["x-amz-checksum-crc32"] == "AAAAAA=="


@pytest.mark.parametrize("place", [90, 12, 130])
def test_a_changed_chunk_is_refused(place: int) -> None:
    body = bytearray(chunked(PARTS))
    body[place] ^= 1

    with pytest.raises(AwsError) as caught:
        unchunk(bytes(body), headers(SIGNED), chain())
    assert caught.value.code in ("SignatureDoesNotMatch", "IncompleteBody")


def test_a_changed_trailer_is_refused() -> None:
    found = headers(f"{SIGNED}-TRAILER", x_amz_trailer="x-amz-checksum-crc32c")
    body = chunked(PARTS, trailer={"x-amz-checksum-crc32c": "sOO8/Q=="})

    with pytest.raises(AwsError) as caught:
        unchunk(body.replace(b"sOO8", b"AAAA"), found, chain())
    assert caught.value.code == "SignatureDoesNotMatch"


def test_a_missing_trailer_and_a_wrong_length_are_refused() -> None:
    with pytest.raises(AwsError, match="IncompleteBody"):
        unchunk(chunked(PARTS), headers(SIGNED, x_amz_trailer="x-amz-checksum-crc32"), chain())
    with pytest.raises(AwsError, match="IncompleteBody"):
        unchunk(chunked(PARTS), headers(SIGNED, x_amz_decoded_content_length="3"), chain())


@given(st.integers(0, 400))
def test_a_body_that_is_cut_off_is_refused(length: int) -> None:
    body = chunked(PARTS[:2])

    if length < len(body) - 2:
        found = {"x-amz-content-sha256": SIGNED, "x-amz-decoded-content-length": "15"}
        with pytest.raises(AwsError):
            unchunk(body[:length], found, chain())


@given(st.binary(max_size=200))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    try:
        assert unchunk(body, {"x-amz-trailer": "a"}, None) is not None
    except AwsError as error:
        assert error.code == "IncompleteBody"


def test_gzip_is_undone_within_its_bound() -> None:
    plain = b"metric" * 1000

    assert decompress(gzip.compress(plain), limit=len(plain)) == plain
    with pytest.raises(AwsError, match="RequestEntityTooLarge"):
        decompress(gzip.compress(b"\0" * 50_000_000), limit=1000)


@pytest.mark.parametrize(
    "body", [b"plain", b"", gzip.compress(b"x" * 100, mtime=0)[:-9], zlib.compress(b"other form")]
)
def test_what_is_not_gzip_is_refused(body: bytes) -> None:
    with pytest.raises(AwsError) as caught:
        decompress(body)
    assert caught.value.code in ("InvalidRequest", "IncompleteBody")
