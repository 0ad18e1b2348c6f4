"""From one line of the AWS CLI to a call. What is wrong with it is said as the CLI says it."""

import difflib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext

from dashboard.palette.shorthand import Unreadable
from dashboard.palette.values import decoded, document, value_of
from dashboard.palette.words import Command, Option, Usage, commands
from messaging import registry
from messaging.kernel.service import operation_model
from messaging.wire.client_side import complaint

# Splitting is done letter by letter: a longer line would keep others waiting.
LONGEST: Final = 65_536

# Options of every command that change nothing here, with how many words they take.
_IGNORED: Final = {
    "--ca-bundle": 1,
    "--cli-connect-timeout": 1,
    "--cli-read-timeout": 1,
    "--color": 1,
    "--endpoint-url": 1,
    "--no-cli-pager": 0,
    "--no-paginate": 0,
    "--no-sign-request": 0,
    "--no-verify-ssl": 0,
    "--profile": 1,
}
_TAKEN: Final = ("--cli-input-json", "--output", "--region")


@dataclass(frozen=True)
class Order:
    """A call that a line asks for; ``region`` is empty when the line names none."""

    service: str
    operation: str
    params: Mapping[str, Any]
    region: str = ""


@dataclass
class _Given:
    """The words after each option, and those that belong to none."""

    options: dict[str, list[str]] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)


def order_of(line: str) -> Order:
    """Read a line; raises Usage."""
    words = _split(line)
    if words[:1] != ["aws"]:
        raise Usage(
            gettext("A line begins with aws, as in a terminal: %(example)s")
            % {"example": "aws sqs list-queues"}
        )
    shared, rest = _shared(words[1:])
    command, rest = _command(rest)
    given = _sorted_out(rest, command)
    taken: dict[str, list[str]] = dict(shared.options)
    taken |= {name: given.options.pop(name) for name in _TAKEN if name in given.options}
    if given.loose:
        raise Usage(f"Unknown options: {', '.join(given.loose)}")
    _check_output(taken)
    params = _input_of(command, taken) | _params(command, given)
    if "--cli-input-json" not in taken:
        _check_required(command, given)
    wrong = complaint(command.service, command.operation, params)
    if wrong:
        raise Usage(wrong)
    return Order(command.service, command.operation, params, (taken.get("--region") or [""])[0])


def _split(line: str) -> list[str]:
    if len(line) > LONGEST:
        text = gettext(
            "The line has %(count)s characters; %(most)s are taken here. Use a terminal for more."
        )
        raise Usage(text % {"count": f"{len(line):,}", "most": f"{LONGEST:,}"})
    try:
        return shlex.split(line.replace("\\\r\n", " ").replace("\\\n", " "))
    except ValueError as error:
        raise Usage(
            gettext("The line does not end. Close the quotes, or take the last backslash away.")
        ) from error


def _shared(words: Sequence[str]) -> tuple[_Given, list[str]]:
    """Take the options that stand before the name of the service."""
    given = _Given()
    rest = list(words)
    while rest and rest[0].startswith("--"):
        name, _, value = rest[0].partition("=")
        count = 1 if name in _TAKEN else _IGNORED.get(name, -1)
        if count < 0:
            raise Usage(f"Unknown options: {name}")
        following = [value] if value else rest[1 : 1 + count]
        if len(following) < count:
            raise Usage(f"aws: error: argument {name}: expected one argument")
        given.options[name] = following
        rest = rest[1 if value else 1 + count :]
    return given, rest


def _command(words: Sequence[str]) -> tuple[Command, list[str]]:
    if not words:
        raise Usage("aws: error: the following arguments are required: command")
    service = words[0]
    if service not in registry.SERVICES:
        raise Usage(_invalid("command", service, list(registry.SERVICES)))
    known = commands(service)
    if len(words) == 1:
        raise Usage("aws: error: the following arguments are required: operation")
    if words[1] not in known:
        raise Usage(_invalid("operation", words[1], list(known)))
    return known[words[1]], list(words[2:])


def _invalid(what: str, word: str, choices: Sequence[str]) -> str:
    near = difflib.get_close_matches(word[:80], choices, n=3, cutoff=0.6)
    if near:
        listed = "\n".join(f"  * {one}" for one in near)
        return (
            f"aws: error: argument {what}: Invalid choice: '{word}', maybe you meant:\n\n{listed}"
        )
    listed = " | ".join(choices)
    return f"aws: error: argument {what}: Invalid choice, valid choices are:\n\n{listed}"


def _sorted_out(words: Sequence[str], command: Command) -> _Given:
    """Put words to the options that they follow; each option takes as many as the CLI gives it."""
    given = _Given()
    left = list(words)
    while left:
        word = left.pop(0)
        name, equals, value = word.partition("=")
        if not name.startswith("--") or _limit(name, command) < 0:
            given.loose.append(word)
            continue
        following = [value] if equals else list(_following(left, _limit(name, command)))
        if not following and _limit(name, command) > 0:
            raise Usage(f"aws: error: argument {name}: expected {_expected(name, command)}")
        if name not in _IGNORED:
            given.options[name] = following
    return given


def _following(left: list[str], limit: int) -> Iterator[str]:
    while left and limit > 0 and not _is_option(left[0]):
        limit -= 1
        yield left.pop(0)


def _is_option(word: str) -> bool:
    """Tell whether the CLI takes a word for an option: it has a dash and is no negative number."""
    return word.startswith("-") and not word[1:].replace(".", "", 1).isdecimal() and " " not in word


def _limit(name: str, command: Command) -> int:
    """Return how many words an option takes at most; -1 for one that does not exist."""
    if name in _IGNORED:
        return _IGNORED[name]
    if name in _TAKEN:
        return 1
    option = command.options.get(name)
    if option is None:
        return -1
    if option.value is not None:
        return 0
    return LONGEST if option.kind == "list" else 1


def _expected(name: str, command: Command) -> str:
    many = _limit(name, command) > 1
    return "at least one argument" if many else "one argument"


def _check_output(taken: Mapping[str, Sequence[str]]) -> None:
    form = (taken.get("--output") or ["json"])[0]
    if form != "json":
        raise Usage(
            gettext("Output is shown as json here; %(option)s is not.")
            % {"option": f"--output {form}"}
        )


def _check_required(command: Command, given: _Given) -> None:
    missing = [one.name for one in command.options.values() if _is_missing(one, given)]
    if missing:
        raise Usage(f"aws: error: the following arguments are required: {', '.join(missing)}")


def _is_missing(option: Option, given: _Given) -> bool:
    return option.required and option.name not in given.options


def _params(command: Command, given: _Given) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, words in given.options.items():
        option = command.options[name]
        found[option.parameter] = value_of(option, words) if option.value is None else option.value
    return found


def _input_of(command: Command, taken: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    if "--cli-input-json" not in taken:
        return {}
    shape = operation_model(command.service, command.operation).input_shape
    try:
        found = document(taken["--cli-input-json"][0])
    except (Unreadable, RecursionError) as error:
        raise Usage(f"Error parsing parameter 'cli-input-json': {error}") from error
    if not isinstance(found, dict):
        raise Usage("Error parsing parameter 'cli-input-json': a JSON object is needed.")
    if shape is None:
        return found
    try:
        return dict(decoded(found, shape))
    except Unreadable as error:
        raise Usage(f"Error parsing parameter 'cli-input-json': {error}") from error
