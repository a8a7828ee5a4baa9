"""Statements that are written once: building and compiling a query of the rules takes longer than answering it.

A queryset built with ``Given`` in the place of values stands for all that differ in those values alone. Its SQL is
kept; a request only fills in what it knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, tzinfo
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """A value that is filled in when the statement is asked, by its name.

    It also stands for the row whose key it is, where a condition reads ``me.user.pk``.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __repr__(self) -> str:
        return f"Given({self.name!r})"

    @property
    def identity(self) -> tuple[Any, ...]:
        return type(self), self.name

    @property
    def pk(self) -> Given:
        return self

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class GivenMoment(Given):
    """The moment of the request; ``timezone.localdate`` of it is the day given as ``today``."""

    def utcoffset(self) -> bool:
        return True

    def astimezone(self, zone: tzinfo | None = None) -> GivenMoment:
        return self

    def date(self) -> Given:
        return Given("today")


class Statement:
    """``rows``, built with ``Given`` values, as SQL that is kept for the life of the process."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(connection=connection)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params = "", ()

    def fetch(self, values: Mapping[str, Any]) -> list[Any]:
        """What ``rows`` are with ``values`` in the place of what was ``Given``, in one query.

        A list: a queryset that went on being filtered would be answered with the statement kept here.
        """
        if not self.sql:
            return []
        filled = self.sql, self._filled(values)
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: filled  # type: ignore[method-assign]
        rows = self.rows.all()
        rows.query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        return list(rows)

    def count(self, values: Mapping[str, Any]) -> int:
        """How many rows those would be, in one query."""
        if not self.sql:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({self.sql}) AS counted", self._filled(values))
            return int(cursor.fetchone()[0])

    def _filled(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(_value(values[each.name]) if isinstance(each, Given) else each for each in self.params)


def _value(value: Any) -> Any:
    """``value`` as the database takes it; days and moments are no texts to every one."""
    if hasattr(value, "utcoffset"):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
