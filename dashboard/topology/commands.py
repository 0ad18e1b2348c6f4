"""Changes made on the map: one address takes an operation with its arguments, as JSON.

Each change is an AWS operation or a change of a simulated actor. The answer carries the inverse
command where there is one, so that the page can undo; a command that is sent twice under the same
id is done once.
"""

import json
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.people import of_sandbox
from dashboard.topology.changes import OPERATIONS
from dashboard.topology.done import Done
from dashboard.topology.pins import PlaceError
from dashboard.topology.place import CommandError, Place
from dashboard.wording import in_language
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox
from messaging.simulation.control import Gone
from messaging.simulation.fields import SettingsError

BYTES_MAX: Final = 300_000
ID_MAX: Final = 80
REMEMBERED_S: Final = 600
REFUSED: Final = 422
BUSY: Final = 409


@require_POST
@of_sandbox
def do(request: HttpRequest, sandbox: Sandbox) -> JsonResponse:
    """Carry out one command: ``{"id": …, "op": …, "args": {…}}``."""
    try:
        name, op, args = _read(request)
    except CommandError as error:
        return _refuse("BadCommand", str(error), status=400)
    key = f"do:{sandbox.epoch}:{name}"
    if not cache.add(key, {}, REMEMBERED_S):
        return _again(cache.get(key))
    status, answer = _answer(Place(request, sandbox), op, args)
    if status == BUSY or status >= REFUSED:
        # What was refused has changed nothing and may be tried again under the same id.
        cache.delete(key)
    else:
        cache.set(key, answer, REMEMBERED_S)
    return JsonResponse(answer, status=status)


def _read(request: HttpRequest) -> tuple[str, str, dict[str, Any]]:
    """Return id, operation and arguments; raises CommandError."""
    if len(request.body) > BYTES_MAX:
        raise CommandError(_("The command is too long."))
    try:
        command = json.loads(request.body)
    except ValueError as error:
        raise CommandError(_("A command is JSON.")) from error
    if not isinstance(command, dict):
        raise CommandError(_("A command is an object with id, op and args."))
    name, op, args = command.get("id"), command.get("op"), command.get("args")
    if not isinstance(name, str) or not 0 < len(name) <= ID_MAX:
        raise CommandError(_("An id is text of 1 to %(id_max)s characters.") % {"id_max": ID_MAX})
    if not isinstance(op, str) or op not in OPERATIONS:
        raise CommandError(_("The map knows %(names)s.") % {"names": ", ".join(sorted(OPERATIONS))})
    if not isinstance(args, dict):
        raise CommandError(_("The arguments are an object."))
    return name, op, args


def _answer(place: Place, op: str, args: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return HTTP status and body."""
    try:
        done: Done = OPERATIONS[op](place, args)
    except AwsError as error:
        return REFUSED, _error(error.code, error.message)
    except SettingsError as error:
        return REFUSED, _error("Settings", f"{error.field}: {in_language(error.sentence)}")
    except (CommandError, PlaceError) as error:
        return REFUSED, _error("BadCommand", str(error))
    except Gone as error:
        return REFUSED, _error(
            "Gone", _("There is no actor %(error)s any more.") % {"error": error}
        )
    return 200, {"ok": True, "text": done.text, "made": done.made, "undo": done.undo}


def _again(known: dict[str, Any] | None) -> JsonResponse:
    """Answer a command that was sent before: as then, or that it is still under way."""
    if known:
        return JsonResponse(known)
    return _refuse("UnderWay", _("This command is still under way."), status=BUSY)


def _refuse(code: str, text: str, *, status: int) -> JsonResponse:
    return JsonResponse(_error(code, text), status=status)


def _error(code: str, text: str) -> dict[str, Any]:
    return {"ok": False, "code": code, "text": text}
