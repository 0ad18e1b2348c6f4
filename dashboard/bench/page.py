"""The performance page: a made-up world on the real map. ``manage.py bench ui`` drives it."""

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

NAMES: Final = ("nodes", "edges", "particles")
SIZES: Final = ((60, 100, 500), (60, 100, 2_000), (500, 800, 5_000))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the page; its address says how large the world is."""
    asked = tuple(request.GET.get(name, str(SIZES[0][at])) for at, name in enumerate(NAMES))
    return render(request, "bench/page.html", {"sizes": [_size(size, asked) for size in SIZES]})


def _size(size: tuple[int, int, int], asked: tuple[str, ...]) -> dict[str, Any]:
    values = dict(zip(NAMES, size, strict=True))
    shown = {name: f"{value:,}" for name, value in values.items()}
    return {**shown, "query": urlencode(values), "current": tuple(map(str, size)) == asked}
