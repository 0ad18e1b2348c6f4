"""Tags of functions, and the one that means something here: what a function does."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings as installation

from messaging.awslambda.domain import behaviour
from messaging.awslambda.domain.behaviour import DEFAULT, TAG, Behaviour
from messaging.awslambda.errors import InvalidParameterValueException
from messaging.kernel.tags import find_problem, merge_tags


def behaviour_of(tags: Mapping[str, str]) -> Behaviour:
    """Return what a function's tags say that it does."""
    try:
        return behaviour.read(tags.get(TAG, ""))
    except ValueError:
        return DEFAULT


def may_run(settings: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
    """Tell whether a function's code runs if it is kept: allowed, Python, and no tag against it."""
    is_python = str(settings.get("Runtime", "")).startswith("python3")
    return bool(installation.RUN_CODE) and is_python and TAG not in tags


def add_tags(existing: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Return both; raises InvalidParameterValueException."""
    problem = find_problem(added, existing=existing)
    if problem is not None:
        raise InvalidParameterValueException(problem.text)
    if TAG in added:
        try:
            behaviour.read(added[TAG])
        except ValueError as error:
            raise InvalidParameterValueException(f"Tag {TAG}: {error}") from None
    return merge_tags(existing, added)
