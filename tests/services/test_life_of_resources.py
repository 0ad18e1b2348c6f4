"""Each kind of resource, from its making to its end, as a provisioning tool goes through it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pytest
from botocore.exceptions import ClientError

from tests.fixtures.engine import Time
from tests.services.lives import LIVES, MADE, NEED, TAGS, Call, Life

# What any change may move, besides what it says.
MOMENTS: Final = re.compile(r"Time(stamp)?$|Date$|^LastModified|^RevisionId$|^ResponseMetadata$")
MARKS: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Longer than any change of state takes.
SETTLED_S: Final = 120


class Tagging(NamedTuple):
    """How a service words its tags: members of its requests, and whether tags are pairs."""

    resource: str
    keys: str = "TagKeys"
    tags: str = "Tags"
    lists: str = "list_tags_for_resource"
    pairs: bool = True


TAGGING: Final = {
    "cloudwatch": Tagging("ResourceARN"),
    "events": Tagging("ResourceARN"),
    "lambda": Tagging("Resource", lists="list_tags", pairs=False),
    "pipes": Tagging("resourceArn", keys="tagKeys", tags="tags", pairs=False),
    "scheduler": Tagging("ResourceArn"),
    "sns": Tagging("ResourceArn"),
}


@dataclass
class World:
    """A kind of resource in the hands of a tool; ``named`` is what its parameters stand for."""

    aws: Callable[..., Any]
    clock: Time
    life: Life
    named: dict[str, str] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)

    def call(self, call: Call, *, service: str = "") -> dict[str, Any]:
        """Make a call, and let what it begins come to its end."""
        params = {
            name: self.named.get(value, value) if isinstance(value, str) else value
            for name, value in call.params.items()
        }
        client = self.aws(service or self.life.service)
        answer: dict[str, Any] = getattr(client, call.operation)(**params)
        self.clock.advance(SETTLED_S)
        return answer

    def create(self) -> dict[str, Any]:
        self.answer = self.call(self.life.create)
        self.named[MADE] = self.answer.get(self.life.made, "")
        return self.answer

    def read(self) -> Any:
        """Return what a look shows, without what any change may move; None where nothing is."""
        found: Any = self.call(self.life.read)
        for step in self.life.shows:
            try:
                found = found[step]
            except (KeyError, IndexError):
                return None
        return steady(found)

    def count(self) -> int:
        return len(self.call(self.life.lists)[self.life.listed]) if self.life.lists else 0

    def refusal(self, act: Callable[[], Any]) -> str:
        """Return AWS's code for what is refused, "" where it is done."""
        try:
            act()
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""


def steady(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if not MOMENTS.search(name)}


def masked(shown: Mapping[str, Any]) -> str:
    """Return what is shown without its marks: those of another resource are others."""
    return MARKS.sub("…", repr(dict(shown)))


@pytest.fixture(params=LIVES, ids=lambda life: life.name)
def world(request: pytest.FixtureRequest, aws: Callable[..., Any], clock: Time) -> World:
    """Return the world with what the resource needs, and without the resource."""
    made = World(aws, clock, request.param)
    for need in made.life.needs:
        answer = made.call(need.call, service=need.service)
        made.named[NEED] = next((text for text in answer.values() if isinstance(text, str)), "")
    return made


def test_what_is_made_is_read_and_listed(world: World) -> None:
    before = world.count()
    world.create()
    assert world.read()
    assert world.count() == before + bool(world.life.lists)


def test_made_again_it_is_the_same_or_a_conflict(world: World) -> None:
    first = steady(world.create())
    shown, listed = world.read(), world.count()
    if world.life.again:
        assert world.refusal(world.create) == world.life.again
    else:
        assert steady(world.create()) == first
    assert world.read() == shown
    assert world.count() == listed


def test_an_update_changes_what_it_says_and_nothing_else(world: World) -> None:
    world.create()
    before, listed = world.read(), world.count()
    world.call(world.life.update)
    assert world.read() == {**before, **world.life.changed}
    assert world.count() == listed


def test_what_is_deleted_is_gone(world: World) -> None:
    life = world.life
    before = world.count()
    shown = None if life.missing else world.read()
    world.create()
    world.call(life.delete)
    assert world.count() == before
    if life.missing:
        assert world.refusal(world.read) == life.missing
    else:
        assert world.read() == shown
    assert world.refusal(lambda: world.call(life.delete)) == life.gone


def test_what_is_gone_cannot_be_changed(world: World) -> None:
    life = world.life
    world.create()
    world.call(life.delete)
    expected = life.missing if life.lost is None else life.lost
    assert world.refusal(lambda: world.call(life.update)) == expected


def test_after_its_end_it_is_made_anew(world: World) -> None:
    world.create()
    shown = world.read()
    world.call(world.life.delete)
    world.create()
    assert masked(world.read()) == masked(shown)


@pytest.mark.parametrize(
    "world", [life for life in LIVES if life.parent], ids=lambda life: life.name, indirect=True
)
def test_with_its_parent_it_is_gone(world: World) -> None:
    life = world.life
    shown = None if life.missing else world.read()
    world.create()
    assert life.parent
    world.call(life.parent)
    world.call(life.needs[0].call)
    if life.missing:
        assert world.refusal(world.read) == life.missing
    else:
        assert world.read() == shown


@pytest.mark.parametrize(
    "world", [life for life in LIVES if life.tagged], ids=lambda life: life.name, indirect=True
)
def test_tags_come_and_go(world: World) -> None:
    life = world.life
    way, client = TAGGING[life.service], world.aws(life.service)
    world.create()
    where = {way.resource: world.answer.get(life.tagged, life.tagged)}

    def put(tags: Mapping[str, str]) -> None:
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        client.tag_resource(**where, **{way.tags: pairs if way.pairs else tags})

    def tags() -> dict[str, str]:
        found = getattr(client, way.lists)(**where)[way.tags]
        return {each["Key"]: each["Value"] for each in found} if way.pairs else dict(found)

    assert tags() == TAGS
    put({"team": "support", "stage": "test"})
    assert tags() == {"team": "support", "stage": "test"}
    client.untag_resource(**where, **{way.keys: ["team", "nobody"]})
    assert tags() == {"stage": "test"}
    world.call(life.delete)
    assert world.refusal(tags).startswith(("ResourceNotFound", "NotFound"))
