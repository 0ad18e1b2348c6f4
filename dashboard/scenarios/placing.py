"""Where a part of a document belongs: account and Region, and its name only once there. Pure."""

from typing import Any

from dashboard.scenarios.document import Account
from dashboard.scenarios.parts import Part, ScenarioError
from messaging.kernel.wording import gettext_noop as _


def place_of(part: Part, accounts: tuple[Account, ...]) -> tuple[int, str]:
    """Take the account (as its place in the list) and the Region."""
    account = account_of(part, accounts, accounts[0].number)
    region = part.text("region", accounts[account].regions[0])
    if region not in accounts[account].regions:
        text = _("%(region)s is none of the account's Regions")
        raise ScenarioError(part.at("region"), text, region=region)
    return account, region


def account_of(part: Part, accounts: tuple[Account, ...], default: str) -> int:
    numbers = [account.number for account in accounts]
    digits = part.text("account", default)
    if digits not in numbers:
        text = _("there is no account %(number)s in this document")
        raise ScenarioError(part.at("account"), text, number=digits)
    return numbers.index(digits)


def once(found: dict[Any, Any], key: Any, thing: Any, where: tuple[Part, str, str]) -> None:
    """Keep a thing; ``where`` is its part, its name and what is said where the key is taken."""
    part, name, text = where
    if found.setdefault(key, thing) is not thing:
        raise ScenarioError(part.at("name"), text, name=name)
