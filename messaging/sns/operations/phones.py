"""Phones: settings for short messages, who has opted out, the SMS sandbox.

A number opts out by answering STOP, which no phone does here. The one-time password of a number
of the SMS sandbox lies in the inbox.
"""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.context import Context
from messaging.sns import listing, moving
from messaging.sns.domain import phones
from messaging.sns.domain.characters import check_storable
from messaging.sns.domain.endpoints import INBOX_NODE
from messaging.sns.errors import InvalidParameter, ResourceNotFound, VerificationFailed
from messaging.sns.models import PhoneBook
from messaging.sns.store.notes import Note

_CODE: Final = 1_000_000


def set_sms_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change the account's settings for short messages."""
    check_storable(req, "attributes")
    given = req["attributes"]
    phones.check_attributes(given)
    book = _book(ctx)
    _save(ctx, book, attributes={**book.attributes, **given})
    return {}


def get_sms_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the account's settings for short messages."""
    attributes, asked = _book(ctx).attributes, req.get("attributes")
    shown = {name: value for name, value in attributes.items() if not asked or name in asked}
    return {"attributes": shown}


def check_if_phone_number_is_opted_out(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Tell whether a number wants no messages."""
    number = req["phoneNumber"]
    phones.check_number(number)
    return {"isOptedOut": number in _book(ctx).opted_out}


def list_phone_numbers_opted_out(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return up to a hundred numbers that want no messages."""
    numbers = sorted(_book(ctx).opted_out)
    page = listing.page(ctx, numbers, req.get("nextToken"), "ListPhoneNumbersOptedOut", key=str)
    token = {"nextToken": page.token["NextToken"]} if page.token else {}
    return {"phoneNumbers": page.items, **token}


def opt_in_phone_number(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let a number get messages again."""
    number, book = req["phoneNumber"], _book(ctx)
    phones.check_number(number)
    if number in book.opted_out:
        _save(ctx, book, opted_out=[each for each in book.opted_out if each != number])
    return {}


def create_sms_sandbox_phone_number(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add a number to the SMS sandbox and send it a one-time password."""
    number, book = req["PhoneNumber"], _book(ctx)
    phones.check_number(number)
    code = f"{ctx.rng.randrange(_CODE):06d}"
    known = {**book.numbers, number: {"status": phones.PENDING, "code": code}}
    _save(ctx, book, numbers=known)
    moving.put_into_inbox(
        ctx, "sms", number, source="", subject="", note=Note(0).text(), cause=None,
        body=f"Your AWS verification code is {code}",
    )  # fmt: skip
    return {}


def verify_sms_sandbox_phone_number(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Verify a number of the SMS sandbox with its one-time password."""
    number, book = req["PhoneNumber"], _book(ctx)
    entry = book.numbers.get(number)
    if entry is None:
        raise ResourceNotFound
    if entry["code"] != req["OneTimePassword"]:
        raise VerificationFailed
    _save(ctx, book, numbers={**book.numbers, number: {**entry, "status": phones.VERIFIED}})
    return {}


def delete_sms_sandbox_phone_number(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Remove a number from the SMS sandbox."""
    number, book = req["PhoneNumber"], _book(ctx)
    if number not in book.numbers:
        raise ResourceNotFound
    left = {each: entry for each, entry in book.numbers.items() if each != number}
    _save(ctx, book, numbers=left)
    return {}


def list_sms_sandbox_phone_numbers(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of the SMS sandbox, in pages."""
    numbers, limit = _book(ctx).numbers, req.get("MaxResults") or 100
    if not 1 <= limit <= 100:  # noqa: PLR2004 - a page
        raise InvalidParameter.of("MaxResults")
    page = listing.page(
        ctx, sorted(numbers), req.get("NextToken"), "ListSMSSandboxPhoneNumbers", key=str,
        limit=limit,
    )  # fmt: skip
    shown = [{"PhoneNumber": each, "Status": numbers[each]["status"]} for each in page.items]
    return {"PhoneNumbers": shown, **page.token}


def get_sms_sandbox_account_status(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Tell whether the account is in the SMS sandbox; here no account is."""
    return {"IsInSandbox": False}


def list_origination_numbers(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers that messages come from: here are none to be had."""
    return {"PhoneNumbers": []}


def _book(ctx: Context) -> PhoneBook:
    place = {"sandbox": ctx.sandbox, "account": ctx.account, "region": ctx.region}
    return PhoneBook.objects.filter(**place).first() or PhoneBook(**place)


def _save(ctx: Context, book: PhoneBook, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(book, name, value)
    book.save()
    ctx.reconfigured()
    ctx.emit("sns.PhonesSet", INBOX_NODE, {"by": ctx.caller.actor})
