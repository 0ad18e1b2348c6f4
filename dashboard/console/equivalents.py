"""An AWS call as one would type it: AWS CLI, boto3, and JavaScript SDK version 3. Pure."""

import json
import re
import shlex
from base64 import b64encode
from collections.abc import Mapping
from keyword import iskeyword
from typing import Any, Final, TypedDict

# https://docs.aws.amazon.com/cli/latest/reference/ derives its words from the API's names this way.
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WIDTH: Final = 76
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
# Package and class of each client of the JavaScript SDK.
_CLIENTS: Final = {
    "cloudwatch": ("cloudwatch", "CloudWatch"),
    "events": ("eventbridge", "EventBridge"),
    "lambda": ("lambda", "Lambda"),
    "pipes": ("pipes", "Pipes"),
    "scheduler": ("scheduler", "Scheduler"),
    "schemas": ("schemas", "Schemas"),
    "sns": ("sns", "SNS"),
    "sqs": ("sqs", "SQS"),
    "sts": ("sts", "STS"),
}


class Equivalent(TypedDict):
    """One call in three languages."""

    cli: str
    boto3: str
    javascript: str


def equivalent(service: str, operation: str, params: Mapping[str, Any]) -> Equivalent:
    """Return the call as text that can be pasted in a shell, in Python, and in Node."""
    return Equivalent(
        cli=_cli(service, operation, params),
        boto3=_boto3(service, operation, params),
        javascript=_javascript(service, operation, params),
    )


def _cli(service: str, operation: str, params: Mapping[str, Any]) -> str:
    parts = [f"aws {service} {_kebab(operation)}"]
    if any(_is_misread(name, value) for name, value in params.items()):
        return f"{parts[0]} \\\n  --cli-input-json {shlex.quote(_json(dict(params)))}"
    parts += [f"--{_kebab(name)}{_cli_value(value)}" for name, value in params.items()]
    line = " ".join(parts)
    return line if len(line) <= _WIDTH and "\n" not in line else " \\\n  ".join(parts)


def _cli_value(value: Any) -> str:
    if value is True:
        return ""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "".join(f" {shlex.quote(item)}" for item in value)
    if isinstance(value, list | dict):
        return f" {shlex.quote(_json(value))}"
    return f" {shlex.quote(str(value))}"


def _is_misread(name: str, value: Any) -> bool:
    """Tell whether the CLI would take a value for something else: an option, or a file to read."""
    if isinstance(value, list):
        return any(_is_misread("", item) for item in value)
    if not isinstance(value, str) or name == "QueueUrl":
        return False
    return value.startswith(("-", "file://", "fileb://", "http://", "https://"))


def _boto3(service: str, operation: str, params: Mapping[str, Any]) -> str:
    name = f"{service}_" if iskeyword(service) else service
    call = f"{name}.{_kebab(operation).replace('-', '_')}"
    arguments = [f"{name}={value!r}" for name, value in params.items()]
    line = f"{call}({', '.join(arguments)})"
    if len(line) > _WIDTH:
        line = f"{call}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"
    return f'import boto3\n\n{name} = boto3.client("{service}")\n{line}'


def _javascript(service: str, operation: str, params: Mapping[str, Any]) -> str:
    package, name = _CLIENTS[service]
    client, command = f"{name}Client", f"{operation}Command"
    return (
        f'import {{{client}, {command}}} from "@aws-sdk/client-{package}";\n\n'
        f"const {service} = new {client}();\n"
        f"await {service}.send(new {command}({_literal(dict(params))}));"
    )


def _literal(value: Any, indent: str = "") -> str:
    """Return a value as JavaScript writes it; every JSON text is one, bytes have no JSON."""
    inner = f"{indent}  "
    if isinstance(value, bytes):
        return f'Buffer.from("{b64encode(value).decode()}", "base64")'
    if isinstance(value, dict) and value:
        items = [f"{_key(key)}: {_literal(item, inner)}" for key, item in value.items()]
        return "{\n" + "".join(f"{inner}{item},\n" for item in items) + f"{indent}}}"
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        return (
            "[\n" + "".join(f"{inner}{_literal(item, inner)},\n" for item in value) + indent + "]"
        )
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    """Return a member's name; ``__proto__`` in a literal would be no member."""
    if name == "__proto__":
        return '["__proto__"]'
    return name if _IDENTIFIER.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _json(value: Any) -> str:
    return json.dumps(
        value, ensure_ascii=False, default=lambda content: b64encode(content).decode()
    )


def _kebab(name: str) -> str:
    return _WORD.sub("-", name).lower()
