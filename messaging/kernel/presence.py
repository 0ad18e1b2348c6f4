"""Is the database still the one that was opened? A file can be taken away under a program."""

from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections


class Presence:
    """Watches the file of an SQLite database.

    SQLite goes on writing to a file that was deleted or replaced, and loses all of it at the end:
    what is acknowledged must lie where the next start will look for it.
    """

    def __init__(self) -> None:
        self._path: Path | None = None
        self._opened: tuple[int, int] | None = None

    def check(self) -> None:
        """Check that the file is there and still the same; raises OperationalError."""
        here = connections[DEFAULT_DB_ALIAS]
        if here.vendor != "sqlite":
            return
        if self._path is None or here.connection is None:
            self._path, self._opened = Path(here.settings_dict["NAME"]), None
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._opened = None
            raise OperationalError("the database file has vanished") from None
        file = found.st_dev, found.st_ino
        if self._opened is None:
            self._opened = file
        elif file != self._opened:
            self._opened = None
            raise OperationalError("the database file has been replaced")
