"""An AWS call as one would type it: AWS CLI and boto3. Pure."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any, Final, TypedDict

# https://docs.aws.amazon.com/cli/latest/reference/ derives its words from the API's names this way.
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WIDTH: Final = 76


class Equivalent(TypedDict):
    """One call in two languages."""

    cli: str
    boto3: str


def equivalent(service: str, operation: str, params: Mapping[str, Any]) -> Equivalent:
    """Return the call as text that can be pasted in a shell, and in Python."""
    return Equivalent(
        cli=_cli(service, operation, params), boto3=_boto3(service, operation, params)
    )


def _cli(service: str, operation: str, params: Mapping[str, Any]) -> str:
    parts = [f"aws {service} {_kebab(operation)}"]
    if any(_is_misread(name, value) for name, value in params.items()):
        text = json.dumps(dict(params), ensure_ascii=False)
        return f"{parts[0]} \\\n  --cli-input-json {shlex.quote(text)}"
    parts += [f"--{_kebab(name)}{_cli_value(value)}" for name, value in params.items()]
    line = " ".join(parts)
    return line if len(line) <= _WIDTH and "\n" not in line else " \\\n  ".join(parts)


def _cli_value(value: Any) -> str:
    if value is True:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "".join(f" {shlex.quote(item)}" for item in value)
    if isinstance(value, list | dict):
        return f" {shlex.quote(json.dumps(value, ensure_ascii=False))}"
    return f" {shlex.quote(str(value))}"


def _is_misread(name: str, value: Any) -> bool:
    """Tell whether the CLI would take a value for something else: an option, or a file to read."""
    if not isinstance(value, str) or name == "QueueUrl":
        return False
    return value.startswith(("-", "file://", "fileb://", "http://", "https://"))


def _boto3(service: str, operation: str, params: Mapping[str, Any]) -> str:
    call = f"{service}.{_kebab(operation).replace('-', '_')}"
    arguments = [f"{name}={value!r}" for name, value in params.items()]
    line = f"{call}({', '.join(arguments)})"
    if len(line) > _WIDTH:
        line = f"{call}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"
    return f'import boto3\n\n{service} = boto3.client("{service}")\n{line}'


def _kebab(name: str) -> str:
    return _WORD.sub("-", name).lower()
