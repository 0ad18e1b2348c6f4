"""Partner event sources: a partner offers one, an account takes it by a bus of its name."""

from collections.abc import Callable
from typing import Any

import pytest

from messaging import sandboxes
from messaging.kernel.models import Sandbox
from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.events.conftest import Queue, entry, said

PARTNER = "111122223333"
NAME = "aws.partner/crm.example/tickets"


@pytest.fixture
def partner(aws: Callable[..., Any], sandbox: Sandbox) -> Any:
    """Return the client of a partner's account, which has offered a source."""
    sandboxes.add_account(sandbox, PARTNER, regions=(REGION,))
    client = aws("events", account=PARTNER)
    client.create_partner_event_source(Name=NAME, Account=ACCOUNT)
    return client


def test_P2_a_source_is_pending_until_the_account_has_its_bus(api: Any, partner: Any) -> None:
    [offered] = api.list_event_sources()["EventSources"]
    assert (offered["Name"], offered["State"]) == (NAME, "PENDING")
    assert offered["CreatedBy"] == "crm.example"
    assert said(api.create_event_bus, Name="other", EventSourceName=NAME)[1] == (
        "Event bus name must match event source name."
    )
    bus = api.create_event_bus(Name=NAME, EventSourceName=NAME)["EventBusArn"]
    assert bus.endswith(f":event-bus/{NAME}")
    assert api.describe_event_source(Name=NAME)["State"] == "ACTIVE"
    accounts = partner.list_partner_event_source_accounts(EventSourceName=NAME)
    [account] = accounts["PartnerEventSourceAccounts"]
    assert (account["Account"], account["State"]) == (ACCOUNT, "ACTIVE")


def test_P2_partner_events_reach_the_bus_of_an_active_source(
    api: Any, partner: Any, queue: Queue, wire: Callable[..., str]
) -> None:
    send = entry({"n": 1}) | {"Source": NAME}
    partner.put_partner_events(Entries=[send])
    api.create_event_bus(Name=NAME, EventSourceName=NAME)
    rule = wire(queue, bus=NAME, pattern={"account": [ACCOUNT]})
    assert rule.endswith(f":rule/{NAME}/orders")
    partner.put_partner_events(Entries=[send])
    [event] = queue.events()
    assert (event["source"], event["account"], event["detail"]) == (NAME, ACCOUNT, {"n": 1})
    api.deactivate_event_source(Name=NAME)
    partner.put_partner_events(Entries=[send])
    assert queue.take() == []
    api.activate_event_source(Name=NAME)
    answer = partner.put_partner_events(Entries=[send, {**send, "Detail": "x"}])
    assert answer["FailedEntryCount"] == 1
    assert len(queue.take()) == 1


def test_P2_a_source_comes_and_goes_by_its_partner(api: Any, partner: Any) -> None:
    assert said(partner.create_partner_event_source, Name=NAME, Account=ACCOUNT)[0] == (
        "ResourceAlreadyExistsException"
    )
    assert partner.describe_partner_event_source(Name=NAME)["Name"] == NAME
    listed = partner.list_partner_event_sources(NamePrefix="aws.partner/crm.example/")
    assert [source["Name"] for source in listed["PartnerEventSources"]] == [NAME]
    assert said(api.activate_event_source, Name=NAME)[0] == "InvalidStateException"
    partner.delete_partner_event_source(Name=NAME, Account=ACCOUNT)
    assert said(api.describe_event_source, Name=NAME) == (
        "ResourceNotFoundException", f"Event source {NAME} does not exist.",
    )  # fmt: skip
