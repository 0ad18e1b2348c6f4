"""Archives and replays (P7)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.services.events.conftest import DEFAULT, Queue, entry, said

Events = Callable[..., list[Any]]
ARCHIVE = f"arn:aws:events:{REGION}:{ACCOUNT}:archive/all"


def moment(clock: Time) -> datetime:
    return datetime.fromtimestamp(clock.now / 1000, UTC)


@pytest.fixture
def archive(api: Any) -> str:
    return str(api.create_archive(ArchiveName="all", EventSourceArn=DEFAULT)["ArchiveArn"])


@pytest.fixture
def replay(api: Any, clock: Time, archive: str) -> Callable[..., Any]:
    """Return a function that starts a replay of all that is there."""
    begun = moment(clock)

    def start(name: str = "again", **more: Any) -> Any:
        asked = {
            "EventSourceArn": archive,
            "EventStartTime": begun - timedelta(hours=1),
            "EventEndTime": moment(clock) + timedelta(seconds=1),
            "Destination": {"Arn": DEFAULT},
        }
        return api.start_replay(ReplayName=name, **{**asked, **more})

    return start


def test_P7_an_archive_is_described_changed_listed_and_deleted(api: Any) -> None:
    pattern = json.dumps({"source": ["shop"]})
    made = api.create_archive(
        ArchiveName="all", EventSourceArn=DEFAULT, Description="d", EventPattern=pattern,
        RetentionDays=1,
    )  # fmt: skip
    assert (made["ArchiveArn"], made["State"]) == (ARCHIVE, "ENABLED")
    shown = api.describe_archive(ArchiveName="all")
    for name in ("ResponseMetadata", "CreationTime"):
        shown.pop(name)
    assert shown == {
        "ArchiveArn": ARCHIVE, "ArchiveName": "all", "EventSourceArn": DEFAULT,
        "Description": "d", "EventPattern": pattern, "State": "ENABLED", "RetentionDays": 1,
        "SizeBytes": 0, "EventCount": 0,
    }  # fmt: skip
    api.update_archive(ArchiveName="all", RetentionDays=0)
    [listed] = api.list_archives(NamePrefix="al", EventSourceArn=DEFAULT)["Archives"]
    assert (listed["ArchiveName"], listed["RetentionDays"]) == ("all", 0)
    assert api.list_archives(State="DISABLED")["Archives"] == []
    api.delete_archive(ArchiveName="all")
    for call in (api.describe_archive, api.delete_archive):
        assert said(call, ArchiveName="all") == (
            "ResourceNotFoundException", "Archive all does not exist.",
        )  # fmt: skip
    assert said(api.update_archive, ArchiveName="all")[0] == "InternalException"


def test_P7_what_is_wrong_with_an_archive_is_said_in_awss_words(api: Any, archive: str) -> None:
    assert said(api.create_archive, ArchiveName="all", EventSourceArn=DEFAULT) == (
        "ResourceAlreadyExistsException", "Archive all already exists.",
    )  # fmt: skip
    nowhere = DEFAULT.replace("default", "nowhere")
    for call in (api.create_archive, api.list_archives):
        more = {"ArchiveName": "x"} if call == api.create_archive else {}
        assert said(call, EventSourceArn=nowhere, **more) == (
            "ResourceNotFoundException", "Event bus nowhere does not exist.",
        )  # fmt: skip
    assert said(api.create_archive, ArchiveName="x" * 49, EventSourceArn=DEFAULT)[1].endswith(
        "at 'archiveName' failed to satisfy constraint: Member must have length less than or equal"
        " to 48"
    )
    wrong = said(api.create_archive, ArchiveName="x", EventSourceArn=DEFAULT, EventPattern="{")
    assert wrong[0] == "InvalidEventPatternException"


def test_P7_an_archive_keeps_what_matches_and_counts_it(api: Any, queue: Queue) -> None:
    api.create_archive(ArchiveName="all", EventSourceArn=DEFAULT)
    pattern = json.dumps({"detail": {"n": [1]}})
    api.create_archive(ArchiveName="ones", EventSourceArn=DEFAULT, EventPattern=pattern)
    api.put_events(Entries=[entry({"n": n}) for n in (1, 2, 1)])
    shown = {
        archive["ArchiveName"]: (archive["EventCount"], archive["SizeBytes"])
        for archive in api.list_archives()["Archives"]
    }
    assert (shown["all"][0], shown["ones"][0]) == (3, 2)
    assert shown["all"][1] * 2 == shown["ones"][1] * 3


def test_P7_an_archive_forgets_when_its_retention_is_over(api: Any, clock: Time) -> None:
    api.create_archive(ArchiveName="short", EventSourceArn=DEFAULT, RetentionDays=1)
    api.create_archive(ArchiveName="long", EventSourceArn=DEFAULT)

    def counts() -> list[int]:
        return [archive["EventCount"] for archive in api.list_archives()["Archives"]]

    api.put_events(Entries=[entry()])
    clock.advance(86_399)
    api.put_events(Entries=[entry()])
    assert counts() == [2, 2]
    clock.advance(1)
    assert counts() == [2, 1]
    api.update_archive(ArchiveName="short", RetentionDays=3)
    clock.advance(2 * 86_400)
    assert counts() == [2, 1]


def test_P7_a_replay_brings_the_events_back_under_its_name(
    api: Any, queue: Queue, wire: Callable[..., str], replay: Callable[..., Any], clock: Time
) -> None:
    wire(queue)
    sent = api.put_events(Entries=[entry({"n": n}) for n in range(3)])["Entries"]
    queue.take()
    answer = replay()
    assert answer["State"] == "STARTING"
    arn = f"arn:aws:events:{REGION}:{ACCOUNT}:replay/again"
    assert answer["ReplayArn"] == arn
    clock.advance(5)
    assert api.describe_replay(ReplayName="again")["State"] == "RUNNING"
    clock.advance(60)
    found = queue.events()
    assert sorted(event["id"] for event in found) == sorted(one["EventId"] for one in sent)
    assert {event["replay-name"] for event in found} == {"again"}
    assert list(found[0])[6:8] == ["region", "replay-name"]
    shown = api.describe_replay(ReplayName="again")
    assert (shown["State"], shown["Destination"]) == ("COMPLETED", {"Arn": DEFAULT})
    assert shown["ReplayEndTime"] > shown["ReplayStartTime"]
    assert "EventLastReplayedTime" in shown
    [listed] = api.list_replays(EventSourceArn=ARCHIVE, State="COMPLETED")["Replays"]
    assert listed["ReplayName"] == "again"


def test_P7_what_is_replayed_is_not_archived_again(
    api: Any, replay: Callable[..., Any], clock: Time, events: Events
) -> None:
    api.put_events(Entries=[entry()])
    replay()
    clock.advance(60)
    assert len(events("events.Replayed")) == 1
    assert api.describe_archive(ArchiveName="all")["EventCount"] == 1


def test_P7_minutes_follow_each_other_and_within_one_there_is_no_order(
    api: Any, queue: Queue, wire: Callable[..., str], replay: Callable[..., Any], clock: Time
) -> None:
    wire(queue)
    start = moment(clock)
    for minute in (2, 0, 1):
        time = start.replace(second=0) - timedelta(minutes=10 - minute)
        for number in range(9):
            api.put_events(Entries=[entry({"m": minute, "n": number}, Time=time)])
    queue.take()
    replay()
    clock.advance(60)
    found = [event["detail"] for event in queue.events()]
    assert [each["m"] for each in found] == [0] * 9 + [1] * 9 + [2] * 9
    orders = [[each["n"] for each in found if each["m"] == minute] for minute in range(3)]
    assert all(sorted(order) == list(range(9)) for order in orders)
    assert orders != [list(range(9))] * 3


def test_P7_a_very_full_minute_is_replayed_in_pieces(
    api: Any, replay: Callable[..., Any], clock: Time, events: Events
) -> None:
    time = moment(clock).replace(second=0)
    sent = []
    for start in range(0, 2_300, 10):
        made = [entry({"n": n}, Time=time) for n in range(start, start + 10)]
        sent += [one["EventId"] for one in api.put_events(Entries=made)["Entries"]]
    replay(EventStartTime=time, EventEndTime=time + timedelta(seconds=1))
    clock.advance(60)
    assert sorted(each["id"] for each in events("events.Replayed")) == sorted(sent)
    moves = [each["sent"] for each in events("events.ReplayMoved") if each.get("sent")]
    assert moves == [1_000, 1_000, 300]


def test_P7_a_replay_takes_the_window_and_the_rules_it_is_told(
    api: Any, queue_named: Callable[..., Queue], wire: Callable[..., str],
    replay: Callable[..., Any], clock: Time,
) -> None:  # fmt: skip
    mine, other = queue_named("mine"), queue_named("other")
    rule, _ = wire(mine, name="mine"), wire(other, name="other")
    start = moment(clock)
    for minutes in (0, 30, 60):
        api.put_events(Entries=[entry({"m": minutes}, Time=start + timedelta(minutes=minutes))])
    mine.take(), other.take()
    replay(
        EventStartTime=start + timedelta(minutes=10), EventEndTime=start + timedelta(minutes=50),
        Destination={"Arn": DEFAULT, "FilterArns": [rule]},
    )  # fmt: skip
    clock.advance(60)
    assert [event["detail"] for event in mine.events()] == [{"m": 30}]
    assert other.events() == []


def test_P7_a_replay_can_be_cancelled(
    api: Any, queue: Queue, wire: Callable[..., str], replay: Callable[..., Any], clock: Time
) -> None:
    wire(queue)
    api.put_events(Entries=[entry()])
    queue.take()
    replay()
    assert api.cancel_replay(ReplayName="again")["State"] == "CANCELLING"
    clock.advance(60)
    assert api.describe_replay(ReplayName="again")["State"] == "CANCELLED"
    assert queue.take() == []
    assert said(api.cancel_replay, ReplayName="again")[0] == "IllegalStatusException"
    assert said(api.cancel_replay, ReplayName="x") == (
        "ResourceNotFoundException", "Replay x does not exist.",
    )  # fmt: skip


def test_P7_a_replay_fails_with_its_archive(
    api: Any, replay: Callable[..., Any], clock: Time
) -> None:
    api.put_events(Entries=[entry()])
    replay()
    api.delete_archive(ArchiveName="all")
    clock.advance(60)
    shown = api.describe_replay(ReplayName="again")
    assert (shown["State"], shown["StateReason"]) == ("FAILED", "The archive has been deleted.")


def test_P7_what_is_wrong_with_a_replay_is_said_in_awss_words(
    api: Any, replay: Callable[..., Any], clock: Time
) -> None:
    now = moment(clock)
    other = api.create_event_bus(Name="other")["EventBusArn"]
    for wrong, message in (
        ({"EventSourceArn": ARCHIVE + "x"},
         "Parameter EventSourceArn is not valid. Reason: Archive allx does not exist."),
        ({"Destination": {"Arn": other}},
         "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not"
         " permitted."),
        ({"EventEndTime": now, "EventStartTime": now},
         "Parameter EventEndTime is not valid. Reason: EventStartTime must be before"
         " EventEndTime."),
        ({"Destination": {"Arn": ARCHIVE}},
         "Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN."),
    ):  # fmt: skip
        assert said(replay, **wrong) == ("ValidationException", message)
    assert said(replay, Destination={"Arn": DEFAULT + "x"}) == (
        "ResourceNotFoundException", "Event bus defaultx does not exist.",
    )  # fmt: skip
    replay()
    assert said(replay) == ("ResourceAlreadyExistsException", "Replay again already exists.")


def test_P7_ten_replays_at_once_are_the_most(replay: Callable[..., Any], clock: Time) -> None:
    for number in range(10):
        replay(f"r{number}")
    assert said(replay, name="r10")[0] == "LimitExceededException"
    clock.advance(60)
    replay("r10")
