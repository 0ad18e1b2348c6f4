"""IAM resource policies: reading and evaluating them. Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from messaging.kernel.arns import parse_arn
from messaging.kernel.policy_conditions import check_condition
from messaging.kernel.policy_documents import PolicyError, as_list, check_document
from messaging.kernel.policy_patterns import Request, Truth, Values, glob, match_tokens
from messaging.kernel.wording import gettext_noop as _

Effect = Literal["allow", "deny", "unknown"]


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """Who wants to do what, where.

    ``principal`` is an IAM or STS ARN, a service such as ``sns.amazonaws.com``, or ``*`` for
    nobody in particular. ``context`` has every condition key that we model; None where this
    request lacks it.
    """

    principal: str
    account: str
    action: str
    resource: str
    context: Mapping[str, Values] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says, and which statement decided (index None: none spoke).

    ``explicit`` tells a Deny statement from the absence of an Allow, which an identity policy of
    the same account may make up for.
    """

    effect: Effect
    sid: str | None
    statement_index: int | None
    reason: str
    explicit: bool = False


def evaluate(policy: Mapping[str, Any] | None, request: PolicyRequest) -> Decision:
    """Return whether the policy allows the request; an explicit deny wins over every allow."""
    if policy is None:
        return Decision("deny", None, None, "There is no policy, so nothing is allowed by it.")
    context = Request(request.context, variables=policy.get("Version") == "2012-10-17")
    seen: dict[tuple[str, Truth], int] = {}
    statements = as_list(policy.get("Statement", []))
    for index, statement in enumerate(statements):
        truth = _match(statement, request, context)
        seen.setdefault((statement["Effect"], truth), index)
    return _decide(statements, seen)


def parse_policy(text: str, *, needs_principal: bool = True) -> dict[str, Any]:
    """Read and check a policy document; raises PolicyError with what is wrong."""
    try:
        policy = json.loads(text)
    except RecursionError:
        raise PolicyError(_("the policy is nested too deeply")) from None
    except ValueError as error:
        raise PolicyError(_("the policy is not JSON: %(error)s"), error=error) from None
    check_document(policy, needs_principal=needs_principal)
    return dict(policy)


def count_statements(policy: Mapping[str, Any]) -> int:
    """Return how many statements a policy has."""
    return len(as_list(policy.get("Statement", [])))


def _decide(statements: list[Any], seen: Mapping[tuple[str, Truth], int]) -> Decision:
    def decision(effect: Effect, index: int, reason: str) -> Decision:
        sid = statements[index].get("Sid")
        named = f"statement {index}" + (f" ({sid})" if sid else "")
        return Decision(effect, sid, index, reason.format(named), explicit=True)

    if (index := seen.get(("Deny", Truth.YES))) is not None:
        return decision("deny", index, "Denied by {}.")
    allowed = seen.get(("Allow", Truth.YES))
    maybe_allowed = seen.get(("Allow", Truth.UNKNOWN))
    maybe_denied = seen.get(("Deny", Truth.UNKNOWN))
    if allowed is None and maybe_allowed is None:
        return Decision("deny", None, None, "No statement allows this.")
    if maybe_denied is not None:
        return decision("unknown", maybe_denied, "{} denies on a condition that is not modelled.")
    if allowed is not None:
        return decision("allow", allowed, "Allowed by {}.")
    assert maybe_allowed is not None
    return decision("unknown", maybe_allowed, "{} allows on a condition that is not modelled.")


def _match(statement: Mapping[str, Any], request: PolicyRequest, context: Request) -> Truth:
    if not _principal_matches(statement, request) or not _action_matches(statement, request.action):
        return Truth.NO
    resource = _resource_matches(statement, request.resource, context)
    if resource is Truth.NO:
        return Truth.NO
    condition = check_condition(statement.get("Condition", {}), context)
    return min(resource, condition, key=lambda truth: truth.value)


def _principal_matches(statement: Mapping[str, Any], request: PolicyRequest) -> bool:
    if "NotPrincipal" in statement:
        return not _is_among(statement["NotPrincipal"], request)
    return "Principal" not in statement or _is_among(statement["Principal"], request)


def _is_among(principals: Any, request: PolicyRequest) -> bool:
    if principals == "*":
        return True
    if not isinstance(principals, dict):
        return False
    for kind, raw in principals.items():
        for value in as_list(raw):
            if kind == "AWS":
                if _is_aws_principal(value, request):
                    return True
            elif value.lower() == request.principal.lower():
                return True
    return False


def _is_aws_principal(value: str, request: PolicyRequest) -> bool:
    if value in ("*", request.principal):
        return True
    if not request.principal.startswith("arn:"):
        return False
    if value == request.account or value.endswith(f"::{request.account}:root"):
        return True
    try:
        caller, wanted = parse_arn(request.principal), parse_arn(value)
    except ValueError:
        return False
    role = wanted.resource.removeprefix("role/").rsplit("/", 1)[-1]
    is_role = wanted.resource.startswith("role/") and wanted.account == caller.account
    return is_role and caller.resource.startswith(f"assumed-role/{role}/")


def _action_matches(statement: Mapping[str, Any], action: str) -> bool:
    negated = "NotAction" in statement
    patterns = as_list(statement["NotAction" if negated else "Action"])
    found = any(glob(pattern.lower(), action.lower()) for pattern in patterns)
    return found is not negated


def _resource_matches(statement: Mapping[str, Any], resource: str, context: Request) -> Truth:
    negated = "NotResource" in statement
    if not negated and "Resource" not in statement:
        return Truth.YES
    found = Truth.NO
    for pattern in as_list(statement["NotResource" if negated else "Resource"]):
        tokens = context.tokens(pattern)
        truth = tokens if isinstance(tokens, Truth) else Truth.of(match_tokens(tokens, resource))
        found = max(found, truth, key=lambda each: each.value)
    return found.negate() if negated else found
