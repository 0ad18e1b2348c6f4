"""Columns that both databases must store well."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class RowIdField(models.BigIntegerField):  # type: ignore[type-arg]
    """A composed row id as primary key.

    SQLite makes a primary key the row's own address only if its type is spelt ``integer``; spelt
    ``bigint`` it keeps a second tree beside the table, and each insert pays for it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "primary_key": True})

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)
