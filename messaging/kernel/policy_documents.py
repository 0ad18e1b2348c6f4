"""The form of a policy document: what IAM refuses before it evaluates anything. Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.policy_conditions import is_operator
from messaging.kernel.wording import Complaint, Sentence
from messaging.kernel.wording import gettext_noop as _

VERSIONS = ("2008-10-17", "2012-10-17")

_POLICY_KEYS = frozenset({"Version", "Id", "Statement"})
_STATEMENT_KEYS = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)


class PolicyError(Complaint):
    """A policy that IAM would refuse."""


def check_document(policy: Any, *, needs_principal: bool) -> None:
    """Check a parsed policy; raises PolicyError with the first thing that is wrong."""
    if not isinstance(policy, dict):
        raise PolicyError(_("the policy is not a JSON object"))
    _refuse_unknown(policy, _POLICY_KEYS, Sentence(_("the policy")))
    if "Version" in policy and policy["Version"] not in VERSIONS:
        raise PolicyError(_("Version must be one of %(known)s"), known=", ".join(VERSIONS))
    if not isinstance(policy.get("Statement"), dict | list) or not policy["Statement"]:
        raise PolicyError(_("the policy has no Statement"))
    sids: set[str] = set()
    for index, statement in enumerate(as_list(policy["Statement"])):
        where = Sentence(_("statement %(number)s"), {"number": index})
        _check_statement(statement, where, needs_principal=needs_principal)
        sid = statement.get("Sid")
        if sid and sid in sids:
            raise PolicyError(_("two statements have the Sid %(sid)s"), sid=sid)
        sids.add(sid or "")


def as_list(value: Any) -> list[Any]:
    """Return a list as it is and anything else as a list of one: IAM takes both."""
    return value if isinstance(value, list) else [value]


def _check_statement(statement: Any, where: Sentence, *, needs_principal: bool) -> None:
    if not isinstance(statement, dict):
        raise PolicyError(_("%(where)s is not a JSON object"), where=where)
    _refuse_unknown(statement, _STATEMENT_KEYS, where)
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(_("%(where)s: Effect must be Allow or Deny"), where=where)
    if not isinstance(statement.get("Sid", ""), str):
        raise PolicyError(_("%(where)s: Sid is not a text"), where=where)
    _check_choice(statement, "Action", where, needed=True)
    _check_choice(statement, "Resource", where, needed=False)
    _check_choice(statement, "Principal", where, needed=needs_principal)
    for key in ("Action", "NotAction", "Resource", "NotResource"):
        if key in statement and not _is_texts(statement[key]):
            text = _("%(where)s: %(key)s is neither a text nor a list of texts")
            raise PolicyError(text, where=where, key=key)
    for key in ("Principal", "NotPrincipal"):
        if key in statement and not _is_principal(statement[key]):
            text = _("%(where)s: %(key)s is neither * nor a map of principals")
            raise PolicyError(text, where=where, key=key)
    _check_condition_form(statement.get("Condition", {}), where)


def _check_choice(statement: Mapping[str, Any], key: str, where: Sentence, *, needed: bool) -> None:
    present = (key in statement) + (f"Not{key}" in statement)
    if present > 1:
        text = _("%(where)s has both %(key)s and Not%(key)s")
        raise PolicyError(text, where=where, key=key)
    if needed and not present:
        raise PolicyError(_("%(where)s has no %(key)s"), where=where, key=key)


def _check_condition_form(condition: Any, where: Sentence) -> None:
    if not isinstance(condition, dict):
        raise PolicyError(_("%(where)s: Condition is not a JSON object"), where=where)
    for operator, keys in condition.items():
        if not is_operator(operator):
            text = _("%(where)s: there is no condition operator %(name)s")
            raise PolicyError(text, where=where, name=operator)
        if not isinstance(keys, dict):
            text = _("%(where)s: %(name)s has no map of condition keys")
            raise PolicyError(text, where=where, name=operator)
        for key, raw in keys.items():
            if not all(isinstance(v, str | int | float) for v in as_list(raw)):
                text = _("%(where)s: the value of %(key)s is not a text, number or boolean")
                raise PolicyError(text, where=where, key=key)


def _is_texts(value: Any) -> bool:
    return bool(value) and all(isinstance(item, str) for item in as_list(value))


def _is_principal(value: Any) -> bool:
    if not isinstance(value, dict):
        return bool(value == "*")
    kinds = ("AWS", "CanonicalUser", "Federated", "Service")
    return bool(value) and all(k in kinds and _is_texts(v) for k, v in value.items())


def _refuse_unknown(given: Mapping[str, Any], known: frozenset[str], where: Sentence) -> None:
    for key in given:
        if key not in known:
            text = _("%(where)s has the unknown element %(key)s")
            raise PolicyError(text, where=where, key=key)
