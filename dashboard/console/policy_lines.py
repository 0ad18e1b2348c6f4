"""Where in a policy's text something is wrong."""

import json
import re
from typing import Final

from django.utils.translation import gettext as _

from dashboard.wording import in_language
from messaging.kernel.policy_documents import PolicyError

_STATEMENT: Final = re.compile(r"statement (\d+)(?:: (\w+)| has both (\w+)| has the unknown"
                               r" element (\w+))?")  # fmt: skip
_WORD: Final = re.compile(r"\b([A-Z]\w+)\b")


def problem_of(text: str, error: PolicyError) -> str:
    """Return what is wrong, with the line that it is about where that can be told."""
    problem = in_language(error.sentence)
    line = line_of(text, str(error))
    if line:
        return _("Line %(line)s: %(problem)s.") % {"line": line, "problem": problem}
    return f"{problem[:1].upper()}{problem[1:]}."


def line_of(text: str, problem: str) -> int | None:
    """Return the line, from 1: of the element that is named, else of its statement."""
    found = _STATEMENT.search(problem)
    if found is None:
        return _line_of_word(text, problem, 0, len(text))
    starts = statement_starts(text)
    index = int(found[1])
    if index >= len(starts):
        return None
    start = starts[index]
    end = starts[index + 1] if index + 1 < len(starts) else len(text)
    return _line_of_word(text, problem, start, end) or _line_at(text, start)


def statement_starts(text: str) -> list[int]:
    """Return where each statement of a policy begins in its text, which is JSON."""
    found = re.search(r'"Statement"\s*:\s*', text)
    if found is None:
        return []
    at, decoder = found.end(), json.JSONDecoder()
    starts: list[int] = []
    if at < len(text) and text[at] != "[":
        return [at]
    at += 1
    while True:
        at = _skip(text, at)
        if at >= len(text) or text[at] == "]":
            return starts
        starts.append(at)
        _, at = decoder.raw_decode(text, at)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _line_of_word(text: str, problem: str, start: int, end: int) -> int | None:
    for word in _WORD.findall(problem):
        at = text.find(f'"{word}"', start, end)
        if at >= 0:
            return _line_at(text, at)
    return None


def _line_at(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
