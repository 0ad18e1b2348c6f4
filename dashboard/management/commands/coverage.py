"""Write the table of what is modelled."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext, gettext_noop

from dashboard.coverage import FILE, as_markdown


class Command(BaseCommand):
    help = gettext_noop(
        "Write messaging/COVERAGE.md: which AWS operations are modelled and which are not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = gettext(self.help)
        parser.add_argument(
            "--check",
            action="store_true",
            help=gettext("Write nothing; fail if the file is out of date."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text = as_markdown()
        if options["check"]:
            if not FILE.exists() or FILE.read_text() != text:
                raise CommandError(
                    gettext("%(name)s is out of date: run manage.py coverage.")
                    % {"name": FILE.name}
                )
            return
        FILE.write_text(text)
        self.stdout.write(f"Wrote {FILE.name}.")
