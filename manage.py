#!/usr/bin/env python3
"""Run a command of Signalbox: ``uv run manage.py start``."""

import os
import sys

OLDEST_PYTHON = (3, 11)
HOW_TO_INSTALL = "Install and start it by:  pip install uv && uv run manage.py start"


def main():
    # type: () -> None
    if sys.version_info < OLDEST_PYTHON:
        found = "{}.{}".format(*sys.version_info)
        sys.exit("Signalbox needs Python 3.11 or newer; this is Python {}.".format(found))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["start"]:
        take_database_url(sys.argv[2:])
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python. " + HOW_TO_INSTALL)
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("config", "dashboard", "messaging"):
            raise
        sys.exit("The package {} is missing. ".format(error.name) + HOW_TO_INSTALL)


def take_database_url(arguments):
    # type: (list[str]) -> None
    """Put ``--database-url`` where the settings look for it, before they are read."""
    import argparse

    early = argparse.ArgumentParser(add_help=False)
    early.add_argument("--database-url")
    url = early.parse_known_args(arguments)[0].database_url
    if url:
        os.environ["DATABASE_URL"] = url


if __name__ == "__main__":
    main()
