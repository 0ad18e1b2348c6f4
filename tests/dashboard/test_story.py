"""The story, why-not, bodies and lifetimes: events in, words and bars out. No database."""

from typing import Any

import pytest

from dashboard.inspector import bodies, chart, entries, lifetimes, story, whynot
from dashboard.inspector.entries import Entry, Facts, clock_text, span_text
from dashboard.inspector.focus import Focus
from dashboard.inspector.whynot import Consumer

NOON = 1_700_049_600_000
ORDERS = "arn:aws:sqs:eu-central-1:1:orders"
DLQ = "arn:aws:sqs:eu-central-1:1:orders-dlq"
FACTS = Facts({"actor:api": "checkout-api", "actor:w1": "worker-1"}, {ORDERS: 5})
ONE = [Consumer("worker-1", running=True)]


class Log:
    """Writes events as the engine does, a second apart."""

    def __init__(self) -> None:
        self.events: list[Entry] = []

    def add(self, kind: str, arn: str = ORDERS, cause: int | None = None, **data: Any) -> Entry:
        seq = len(self.events) + 1
        data = {"m": 17, **data}
        self.events.append(Entry(seq, NOON + seq * 1_000, kind, arn, cause, data))
        return self.events[-1]

    def sent(self, **data: Any) -> "Log":
        self.add(entries.SENT, **{"is": "v", "n": 0, "by": "actor:api", "b": "x", **data})
        return self

    def received(self, n: int = 1, by: str = "actor:w1", hold: int = 30_000) -> "Log":
        at = NOON + (len(self.events) + 1) * 1_000
        self.add(entries.RECEIVED, **{"was": "v", "is": "f", "n": n, "by": by, "until": at + hold})
        return self

    def lapsed(self, n: int = 1, by: str = "engine") -> "Log":
        self.add(entries.VISIBLE, **{"was": "f", "is": "v", "n": n, "by": by})
        return self

    def last(self, facts: Facts = FACTS) -> story.Sentence:
        return story.tell(self.events, facts)[-1]


def test_sent() -> None:
    told = Log().sent().last()
    assert told == story.Sentence(
        1, NOON + 1_000, "12:00:01.0", "send", "checkout-api sent it to orders."
    )


def test_sent_with_a_delay() -> None:
    log = Log().sent(**{"is": "d", "until": NOON + 6_207})
    assert log.last().text == (
        "checkout-api sent it to orders. It is delayed: nobody can receive it before 12:00:06.2."
    )
    log.add(entries.VISIBLE, **{"was": "d", "is": "v", "n": 0, "by": "engine"})
    assert log.last().text == "Its delay was over, so it became visible."


@pytest.mark.parametrize(
    ("facts", "n", "words"),
    [
        (
            FACTS,
            3,
            "worker-1 received it (receive 3 of 5) and has until 12:00:32.0 to delete it.",
        ),
        (FACTS, 5, "It is the last one that maxReceiveCount allows."),
        (Facts(), 3, "w1 received it (receive 3) and has until 12:00:32.0 to delete it."),
    ],
)
def test_received(facts: Facts, n: int, words: str) -> None:
    assert words in Log().sent().received(n).last(facts).text


def test_the_timeout_ran_out() -> None:
    told = Log().sent().received().lapsed().last()
    assert told.text == (
        "Its visibility timeout ran out: nobody deleted it within 30 s, so it became visible again."
    )
    assert told.turning


def test_a_changed_timeout_ran_out() -> None:
    log = Log().sent().received()
    log.add(entries.CHANGED, **{"was": "f", "is": "f", "until": NOON + 63_000, "by": "actor:w1"})
    assert log.last().text == (
        "worker-1 set its visibility timeout to 60 s: hidden until 12:01:03.0."
    ).replace("60 s", "1 min")
    assert "before 12:01:03.0, to which it had been changed" in log.lapsed().last().text


def test_a_timeout_that_the_log_no_longer_explains() -> None:
    assert Log().lapsed().last().text.startswith("Its visibility timeout ran out: nobody")


def test_given_back() -> None:
    told = Log().sent().received().lapsed(by="actor:w1").last()
    assert told.text.startswith("worker-1 set its visibility timeout to 0 s")


def test_a_queue_that_changes_its_delay() -> None:
    log = Log().sent()
    log.add(entries.CHANGED, **{"was": "v", "is": "d", "until": NOON + 9_000, "by": "console"})
    assert log.last().text == (
        "The console changed the delay of orders: it stays hidden until 12:00:09.0."
    )


def test_deleted() -> None:
    log = Log().sent().received()
    log.add(entries.DELETED, **{"was": "f", "n": 1, "by": "actor:w1"})
    assert log.last().text == "worker-1 deleted it. It is gone for good."
    log.add(entries.IGNORED, **{"of": 17, "by": "client:mine"})
    assert (
        log.last().text == "mine called DeleteMessage, too. SQS answered 200: it was gone already."
    )


def test_a_delete_that_did_nothing() -> None:
    log = Log().sent().received()
    log.add(entries.IGNORED, **{"of": 17, "by": "actor:w1"})
    assert "the message stayed: a later receive had replaced that handle" in log.last().text


@pytest.mark.parametrize(
    ("most", "words"), [(5, "maxReceiveCount of orders is 5"), (3, "was enough")]
)
def test_a_dead_letter(most: int, words: str) -> None:
    log = Log().sent().received(5).lapsed(5)
    moved = log.add(entries.MOVED, **{"was": "v", "n": 5, "to": DLQ, "by": "actor:w1"})
    log.add(entries.ARRIVED, DLQ, moved.seq, **{"is": "v", "n": 0, "from": ORDERS})
    told = story.tell(log.events, Facts(max_receives={ORDERS: most}))
    assert told[-2].text.startswith("Received 5 times without a delete")
    assert words in told[-2].text
    assert told[-2].text.endswith("moved it to orders-dlq.")
    assert told[-1].text.startswith("It lies in orders-dlq.")


def test_a_redrive() -> None:
    log = Log()
    moved = log.add(entries.MOVED, DLQ, **{"was": "v", "n": 0, "to": ORDERS, "by": "engine"})
    assert log.last().text == "A redrive took it out of orders-dlq and sends it to orders."
    log.add(entries.SENT, ORDERS, moved.seq, **{"m": 18, "is": "v", "n": 0, "by": "engine"})
    told = story.tell(log.events, FACTS)
    assert told[0].glyph == "undo"
    assert told[1].text.startswith("It entered orders as a new message")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (entries.EXPIRED, "Expired: 1 s after it was sent, nobody had deleted it."),
        (entries.DUPLICATED, "one of the rare duplicates, by our model"),
        (entries.DEDUPLICATED, "worker-1 sent it once more with the same deduplication id."),
        (entries.PURGED, "worker-1 purged orders: every message in it was deleted"),
        (entries.QUEUE_DELETED, "worker-1 deleted the queue orders with everything in it."),
    ],
)
def test_other_ends(kind: str, words: str) -> None:
    log = Log().sent()
    log.add(kind, by="actor:w1")
    assert words in log.last().text


def test_an_expiry_without_a_beginning() -> None:
    log = Log()
    log.add(entries.EXPIRED, by="engine")
    assert log.last().text == "Its retention period was over and nobody had deleted it, so SQS did."


def test_a_consumer_that_gave_up() -> None:
    log = Log().sent().received()
    log.add(entries.GAVE_UP, "actor:w1", why="poison", id="u")
    assert log.last().text == "worker-1 failed on it (poison) and let go of it without a delete."


def test_each_kind_has_a_teller_and_others_are_left_out() -> None:
    assert set(story._TELLERS) >= {*entries.OF_MESSAGES, *entries.OF_QUEUES}
    log = Log()
    log.add("sqs.SomethingElse")
    assert story.tell(log.events, FACTS) == []


def test_times_and_spans() -> None:
    assert clock_text(NOON + 297) == "12:00:00.2"
    assert entries.full_text(NOON + 297) == "12:00:00.297"
    assert entries.iso_text(NOON + 297).endswith("T12:00:00.297Z")
    spans = {0: "0 s", 1_500: "1.5 s", 30_000: "30 s", 120_000: "2 min", 345_600_000: "4 d"}
    assert {ms: span_text(ms) for ms in spans} == spans


def message(**changes: Any) -> dict[str, Any]:
    return {"state": "v", "until": 0, "lock": None, "group": None, **changes}


@pytest.mark.parametrize(
    ("changes", "words", "blocker"),
    [
        ({"state": "f", "until": NOON}, "hidden from everybody until 12:00:00.0", 0),
        ({"state": "d", "until": NOON}, "Delayed: nobody can receive it before 12:00:00.0", 0),
        (
            {"group": "A", "lock": {"m": 17, "flying": True}},
            "Its group A is locked: message 17 of it is in flight.",
            17,
        ),
        (
            {"group": "A", "lock": {"m": 17, "flying": False}},
            "Message 17 of its group A comes first.",
            17,
        ),
    ],
)
def test_why_not(changes: dict[str, Any], words: str, blocker: int) -> None:
    [reason] = whynot.reasons(message(**changes), ONE, paused=False)
    assert words in reason.text
    assert reason.blocker == blocker


def test_why_not_for_want_of_a_consumer() -> None:
    assert whynot.reasons(message(), ONE, paused=False) == []
    stopped = [Consumer("worker-1", running=False)]
    texts = [one.text for one in whynot.reasons(message(), stopped, paused=True)]
    assert texts[0] == "Nobody asks for it: worker-1 is stopped."
    assert texts[1].startswith("The world is paused")
    [reason] = whynot.reasons(message(), [], paused=False)
    assert reason.text == "Nobody asks for it: no consumer receives from this queue."


def shown(body: str) -> tuple[str, str]:
    found = bodies.show(body)
    return found.form, "".join(piece.text for piece in found.pieces)


def test_json_is_laid_out_and_never_changed() -> None:
    form, text = shown('{"b":1.50,"a":[1,2],"b":12345678901234567890.1,"e":{},"s":"a,\\"{"}')
    assert form == "JSON"
    assert text == (
        '{\n  "b": 1.50,\n  "a": [\n    1,\n    2\n  ],\n  "b": 12345678901234567890.1,'
        '\n  "e": {},\n  "s": "a,\\"{"\n}'
    )


@pytest.mark.parametrize("body", ['{"total":NaN}', "{no", "<a><b></a>", "[" * 5_000, "plain", ""])
def test_what_is_neither_stays_as_it_is(body: str) -> None:
    assert shown(body) == ("text", body)


def test_xml_is_laid_out() -> None:
    form, text = shown('<o id="1"><n>x &amp; y</n><e/><d></d></o>')
    assert form == "XML"
    assert text == '<o id="1">\n  <n>x &amp; y</n>\n  <e/>\n  <d></d>\n</o>'


def test_xml_with_entities_of_its_own_is_text() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert shown(bomb) == ("text", bomb)


def test_what_is_invisible_is_made_visible() -> None:
    form, text = shown('{"a":"\u202eevil"}')
    assert (form, text) == ("JSON", '{\n  "a": "⟨U+202E⟩evil"\n}')
    assert shown("a\u0007\nb\tc")[1] == "a␇\nb␉c"


def kinds(life: lifetimes.Life) -> list[str]:
    return [part.kind for part in life.segments]


def test_a_life_of_every_state() -> None:
    log = Log().sent(**{"is": "d", "until": NOON + 2_000})
    log.add(entries.VISIBLE, **{"was": "d", "is": "v", "n": 0, "by": "engine"})
    log.received().lapsed()
    moved = log.add(entries.MOVED, **{"was": "v", "n": 1, "to": DLQ, "by": "actor:w1"})
    log.add(entries.ARRIVED, DLQ, moved.seq, **{"is": "v", "n": 0})
    [life] = lifetimes.lives(log.events, now=NOON + 60_000)
    assert kinds(life) == ["delayed", "waiting", "flight", "retry", "dead"]
    assert (life.arn, life.end, life.stop, life.whole) == (DLQ, "", NOON + 60_000, True)
    for earlier, later in zip(life.segments, life.segments[1:], strict=False):
        assert earlier.end <= later.start


def test_a_life_whose_beginning_is_lost_and_one_that_was_purged() -> None:
    log = Log().received(2)
    log.add(entries.PURGED, m=0, by="console")
    [life] = lifetimes.lives(log.events, now=NOON + 60_000)
    assert (life.whole, life.end, life.stop) == (False, "purged", NOON + 2_000)


def test_two_at_work_at_once() -> None:
    log = Log().sent().received().lapsed().received(2, by="actor:w2")
    log.add(entries.IGNORED, **{"m": 0, "of": 17, "by": "actor:w1"})
    log.add(entries.DELETED, **{"was": "f", "n": 2, "by": "actor:w2"})
    [life] = lifetimes.lives(log.events, now=NOON + 60_000)
    assert life.overlaps == [lifetimes.Overlap(NOON + 4_000, NOON + 5_000)]
    assert life.end == "deleted"


def test_two_at_work_at_this_moment() -> None:
    log = Log().sent().received().lapsed().received(2, by="actor:w2")
    [life] = lifetimes.lives(log.events, now=NOON + 9_000, busy={17: ["actor:w1", "actor:w2"]})
    assert life.overlaps == [lifetimes.Overlap(NOON + 4_000, NOON + 9_000)]
    [alone] = lifetimes.lives(log.events, now=NOON + 9_000, busy={17: ["actor:w2"]})
    assert alone.overlaps == []


def test_a_chart_keeps_to_its_width_and_groups_its_rows() -> None:
    events = []
    for m, group in ((1, "A"), (2, "B"), (3, "A")):
        log = Log().sent(m=m, g=group)
        events += log.events
    lives = lifetimes.lives(events, now=NOON + 600_000)
    drawn = chart.draw(lives, now=NOON + 600_000, focus=Focus(3))
    assert [heading.words for heading in drawn.headings] == ["A", "B"]
    assert [row.life.m for row in drawn.rows] == [1, 3, 2]
    assert [row.selected for row in drawn.rows] == [False, True, False]
    for row in drawn.rows:
        assert all(one.x >= chart.LEFT and one.x + one.width <= drawn.width for one in row.blocks)
    assert 2 < len(drawn.ticks) < 12
    assert chart.draw([], now=NOON).rows == []
