"""The form of a policy document: what IAM refuses before it evaluates anything. Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.policy_conditions import is_operator

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


def check_document(policy: Any, *, needs_principal: bool) -> None:
    """Check a parsed policy; raises ValueError with the first thing that is wrong."""
    if not isinstance(policy, dict):
        raise ValueError("the policy is not a JSON object")
    _refuse_unknown(policy, _POLICY_KEYS, "the policy")
    if "Version" in policy and policy["Version"] not in VERSIONS:
        raise ValueError(f"Version must be one of {', '.join(VERSIONS)}")
    if not isinstance(policy.get("Statement"), dict | list) or not policy["Statement"]:
        raise ValueError("the policy has no Statement")
    sids: set[str] = set()
    for index, statement in enumerate(as_list(policy["Statement"])):
        _check_statement(statement, f"statement {index}", needs_principal=needs_principal)
        sid = statement.get("Sid")
        if sid and sid in sids:
            raise ValueError(f"two statements have the Sid {sid}")
        sids.add(sid or "")


def as_list(value: Any) -> list[Any]:
    """Return a list as it is and anything else as a list of one: IAM takes both."""
    return value if isinstance(value, list) else [value]


def _check_statement(statement: Any, where: str, *, needs_principal: bool) -> None:
    if not isinstance(statement, dict):
        raise ValueError(f"{where} is not a JSON object")
    _refuse_unknown(statement, _STATEMENT_KEYS, where)
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise ValueError(f"{where}: Effect must be Allow or Deny")
    if not isinstance(statement.get("Sid", ""), str):
        raise ValueError(f"{where}: Sid is not a text")
    _check_choice(statement, "Action", where, needed=True)
    _check_choice(statement, "Resource", where, needed=False)
    _check_choice(statement, "Principal", where, needed=needs_principal)
    for key in ("Action", "NotAction", "Resource", "NotResource"):
        if key in statement and not _is_texts(statement[key]):
            raise ValueError(f"{where}: {key} is neither a text nor a list of texts")
    for key in ("Principal", "NotPrincipal"):
        if key in statement and not _is_principal(statement[key]):
            raise ValueError(f"{where}: {key} is neither * nor a map of principals")
    _check_condition_form(statement.get("Condition", {}), where)


def _check_choice(statement: Mapping[str, Any], key: str, where: str, *, needed: bool) -> None:
    present = (key in statement) + (f"Not{key}" in statement)
    if present > 1:
        raise ValueError(f"{where} has both {key} and Not{key}")
    if needed and not present:
        raise ValueError(f"{where} has no {key}")


def _check_condition_form(condition: Any, where: str) -> None:
    if not isinstance(condition, dict):
        raise ValueError(f"{where}: Condition is not a JSON object")
    for operator, keys in condition.items():
        if not is_operator(operator):
            raise ValueError(f"{where}: there is no condition operator {operator}")
        if not isinstance(keys, dict):
            raise ValueError(f"{where}: {operator} has no map of condition keys")
        for key, raw in keys.items():
            if not all(isinstance(v, str | int | float) for v in as_list(raw)):
                raise ValueError(f"{where}: the value of {key} is not a text, number or boolean")


def _is_texts(value: Any) -> bool:
    return bool(value) and all(isinstance(item, str) for item in as_list(value))


def _is_principal(value: Any) -> bool:
    if not isinstance(value, dict):
        return bool(value == "*")
    kinds = ("AWS", "CanonicalUser", "Federated", "Service")
    return bool(value) and all(k in kinds and _is_texts(v) for k, v in value.items())


def _refuse_unknown(given: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for key in given:
        if key not in known:
            raise ValueError(f"{where} has the unknown element {key}")
