"""Operations and options as the AWS CLI spells them, from the service models."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from messaging import registry
from messaging.kernel.service import load_model

_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Usage(Exception):
    """What the CLI says instead of making a call."""


@dataclass(frozen=True)
class Option:
    """An option: the parameter that it fills, and the shape of its value."""

    name: str
    parameter: str
    shape: Any
    required: bool
    value: bool | None = None

    @property
    def kind(self) -> str:
        return str(self.shape.type_name)


@dataclass(frozen=True)
class Command:
    """An operation of a service with its options by name."""

    service: str
    name: str
    operation: str
    options: Mapping[str, Option]


@cache
def commands(service: str) -> dict[str, Command]:
    """Return the modelled operations of a service by their names in the CLI."""
    model = load_model(service)
    found = registry.SERVICES[service]
    return {
        kebab(name): Command(service, kebab(name), name, _options(model.operation_model(name)))
        for name in sorted(found.operations)
    }


def kebab(name: str) -> str:
    """Return a name of the API as the CLI writes it."""
    return _WORD.sub("-", name).lower()


def described() -> list[dict[str, Any]]:
    """Return all that a line may say, for completion."""
    return [
        {
            "line": f"aws {service} {command.name}",
            "options": [
                {"name": option.name, "kind": option.kind, "required": option.required}
                for option in command.options.values()
            ],
        }
        for service in registry.SERVICES
        for command in commands(service).values()
    ]


def _options(operation: Any) -> dict[str, Option]:
    shape = operation.input_shape
    if shape is None:
        return {}
    found: dict[str, Option] = {}
    for parameter, member in shape.members.items():
        name = f"--{kebab(parameter)}"
        required = parameter in shape.required_members
        if member.type_name != "boolean":
            found[name] = Option(name, parameter, member, required)
            continue
        found[name] = Option(name, parameter, member, required, True)
        other = f"--no-{kebab(parameter)}"
        found[other] = Option(other, parameter, member, False, False)
    return found
