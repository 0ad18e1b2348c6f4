"""Functions and mappings put back to a moment of the past, in a copy of their sandbox.

What waited or ran is in no log: the messages of batches come back to their queues by themselves.
"""

from collections.abc import Mapping
from typing import Any, Final

from messaging.awslambda.domain import scaling
from messaging.awslambda.facts import UNTOLD
from messaging.awslambda.limits import MAPPING_CHANGE_MS
from messaging.awslambda.models import Function, Invocation
from messaging.awslambda.models import Mapping as Source
from messaging.kernel.arns import build_arn
from messaging.kernel.ids import compose, seeded_uuid
from messaging.kernel.moment import Moment
from messaging.kernel.world import World

Facts = Mapping[str, Any]
_FUNCTION: Final = ("code", "tags", "policy", "reserved", "asynchronous")
_MAPPING: Final = ("source", "state", "settings", "tags")


def restore(
    world: World,
    functions: Mapping[str, Facts],
    mappings: Mapping[str, tuple[str, Facts]],
    moment: Moment,
) -> None:
    """Put rows back as they were; what is not there any more is made anew."""
    Invocation.objects.filter(sandbox=world.id).delete()
    Function.objects.filter(sandbox=world.id).exclude(arn__in=list(functions)).delete()
    Source.objects.filter(sandbox=world.id).exclude(uuid__in=list(mappings)).delete()
    for arn, told in functions.items():
        _put_function(world, arn, told, moment.at)
    for uuid, (arn, told) in mappings.items():
        _put_mapping(world, uuid, arn, told, moment.at)


def _put_function(world: World, arn: str, told: Facts, at: int) -> None:
    row = Function.objects.filter(sandbox=world.id, arn=arn).first()
    if row is None:
        _, _, _, region, account, resource = arn.split(":", 5)
        row_id = _new_id(world)
        row = Function(
            id=row_id, sandbox=world.id, account=account, region=region, settings={},
            name=resource.partition(":")[2], arn=arn, modified_at=at,
            revision=seeded_uuid(world.secret, world.last_id),
        )  # fmt: skip
    untold = {UNTOLD: row.settings[UNTOLD]} if UNTOLD in row.settings else {}
    row.settings = {**told["settings"], **untold}
    for name in _FUNCTION:
        setattr(row, name, told[name])
    row.save()


def _put_mapping(world: World, uuid: str, function: str, told: Facts, at: int) -> None:
    row = Source.objects.filter(sandbox=world.id, uuid=uuid).first()
    if row is None:
        _, _, _, region, account, _ = function.split(":", 5)
        arn = build_arn(
            "lambda", region=region, account=account, resource=f"event-source-mapping:{uuid}"
        )
        row = Source(
            id=_new_id(world), sandbox=world.id, account=account, region=region, uuid=uuid,
            arn=arn, modified_at=at,
        )  # fmt: skip
    row.function = function
    for name in _MAPPING:
        setattr(row, name, told[name])
    row.change_at = at + MAPPING_CHANGE_MS if row.state in scaling.FOLLOWING else None
    row.allowed, row.grown_at = scaling.first(row.settings), at
    row.troubles = row.quiet_until = 0
    row.save()


def _new_id(world: World) -> int:
    world.last_id += 1
    return compose(world.id, world.last_id)
