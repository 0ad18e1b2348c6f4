"""``python -m dashboard.front LINK PASSAGE``, both numbers of sockets that the server opened."""

import os
import sys
from importlib import import_module

import django


def main(link: int, passage: int) -> None:
    """Serve until the server has ended."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # It needs the settings.
    import_module("dashboard.front.reception").serve(link, passage)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
