"""Where a document is built: each step is an AWS call, and says which part of it was refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.resources import reading
from dashboard.scenarios.handles import MARK, lost, with_arns
from dashboard.scenarios.parts import ScenarioError
from dashboard.scenarios.queue_attributes import plain
from messaging import dispatch
from messaging.kernel.access import root_arn
from messaging.kernel.arns import parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError, ValidationError
from messaging.kernel.wording import Sentence
from messaging.kernel.wording import gettext_noop as _
from messaging.kernel.world import World
from messaging.wire.client_side import complaint

ACTOR: Final = "console"


@dataclass(frozen=True, slots=True)
class Step:
    """One call: for which part, and as which account in which Region.

    ``names`` are settings that an error may name, which are at ``inside`` in the part.
    """

    path: str
    account: str
    region: str
    service: str = "sqs"
    names: Mapping[str, Any] | None = None
    inside: str = "attributes"


@dataclass(slots=True)
class Site:
    """A sandbox that is being filled, and the ARN for each mark of the document."""

    batch: Batch
    world: World
    arns: Mapping[str, str]

    def call(self, step: Step, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Make a call; raises ScenarioError with AWS's words."""
        caller = Caller(
            self.world.id, step.account, step.region, root_arn(step.account), ACTOR, label=ACTOR,
        )  # fmt: skip
        try:
            read = params if step.service == "sqs" else _checked(step.service, operation, params)
            call = dispatch.prepare(caller, step.service, operation, read)
            return dict(dispatch.run(self.batch, self.world, call) or {})
        except (AwsError, dispatch.Redo) as error:
            cause = error if isinstance(error, AwsError) else error.__cause__
            text = cause.message if isinstance(cause, AwsError) else str(cause)
            # AWS's own words stay as AWS writes them.
            where = step.path + _named_in(text, step.names or {}, step.inside)
            raise ScenarioError(where, "%(said)s", said=text) from error

    def plain(self, attributes: Mapping[str, Any]) -> dict[str, str]:
        """Return attributes as AWS takes them."""
        return {name: plain(self.raw(value)) for name, value in attributes.items()}

    def raw(self, value: Any) -> Any:
        """Return a value with ARNs for what it names."""
        return with_arns(value, self.arns)

    def named(self, path: str, value: Any) -> Any:
        """Return the ARN of what a value names; raises ScenarioError where it is not here."""
        if lost(value, self.arns):
            raise ScenarioError(path, not_here(value))
        return self.raw(value)

    def url(self, arn: str) -> str:
        """Return the URL of a queue."""
        parsed = parse_arn(arn)
        return f"http://127.0.0.1:8000/{parsed.account}/{parsed.name}"


def not_here(mark: str) -> Sentence:
    """Return the sentence for a mark of something that the document does not have."""
    if mark.startswith(MARK):
        return Sentence(_("there is no queue %(name)s here"), {"name": mark.removeprefix(MARK)})
    return Sentence(_("there is no %(name)s here"), {"name": mark})


def _checked(service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as the wire makes them; nobody has checked them yet. Raises AwsError.

    A service passes over members that it does not know; a client names them, and so does this.
    """
    said = complaint(service, operation, params)
    if said:
        raise ValidationError(said.partition("\n")[2])
    return reading.read(service, operation, params)


def _named_in(text: str, names: Mapping[str, Any], inside: str) -> str:
    """Return the rest of the path where AWS's text names a setting."""
    found = next((name for name in names if re.search(rf"\b{re.escape(name)}\b", text, re.I)), "")
    return f".{inside}.{found}" if found else ""
