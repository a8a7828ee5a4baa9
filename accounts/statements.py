"""Statements that are written once: building and compiling a query of the rules takes longer than answering it.

A queryset built with ``Given`` in the place of values stands for all that differ in those values alone. Its SQL is
kept; a request only fills in what it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from datetime import date, timedelta, tzinfo
from functools import cache, wraps
from inspect import signature
from itertools import count
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

from accounts import prepared

Asked = ParamSpec("Asked")
Row = TypeVar("Row")


class Given(Expression):
    """A value that is filled in when the statement is asked, by its name; of a day or moment, so long ``ago`` of it.

    It also stands for the row whose key it is, where a condition reads ``me.user.pk``.
    """

    sql_type = "unknown"  # what it is compared with says it

    def __init__(self, name: str, ago: timedelta = timedelta()) -> None:
        super().__init__()
        self.name, self.ago = name, ago

    def __repr__(self) -> str:
        return f"Given({self.name!r}, {self.ago!r})" if self.ago else f"Given({self.name!r})"

    @property
    def identity(self) -> tuple[Any, ...]:
        return type(self), self.name, self.ago

    @property
    def pk(self) -> Given:
        return self

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def among(self, values: Mapping[str, Any]) -> Any:
        """What is filled in of ``values``."""
        value = values[self.name]
        return value - self.ago if self.ago else value


class GivenDay(Given):
    """A day."""

    sql_type = "date"


class GivenMoment(Given):
    """The moment of the request; ``timezone.localdate`` of it is the day given as ``today``."""

    sql_type = "timestamptz"

    def __sub__(self, ago: timedelta) -> GivenMoment:  # type: ignore[override]
        return GivenMoment(self.name, self.ago + ago)

    def utcoffset(self) -> bool:
        return True

    def astimezone(self, zone: tzinfo | None = None) -> GivenMoment:
        return self

    def date(self) -> GivenDay:
        return GivenDay("today", self.ago)


class Statement:
    """``rows``, built with ``Given`` values, as SQL that is kept for the life of the process.

    ``once``: it is asked this one time, so it is not worth planning beforehand.
    """

    def __init__(self, rows: QuerySet[Any, Any], once: bool = False) -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(connection=connection)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params = "", ()
        self.givens = [each for each in self.params if isinstance(each, Given)]
        self.text = self._text() if self.sql and not once and prepared.possible() else ""
        if self.sql:
            self._keep_converters()

    def fetch(self, values: Mapping[str, Any]) -> list[Any]:
        """What ``rows`` are with ``values`` in the place of what was ``Given``, in one query.

        A list: a queryset that went on being filtered would be answered with the statement kept here.
        """
        if not self.sql:
            return []
        asked = self._asked("{}", values)
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: asked  # type: ignore[method-assign]
        rows = self.rows.all()
        rows.query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        return list(rows)

    def _keep_converters(self) -> None:
        """How each column becomes a value of Python is found out once as well."""
        columns = [column for column, *_ in self.compiler.select[: self.compiler.col_count]]
        kept = self.compiler.get_converters(columns)
        self.compiler.get_converters = lambda columns: kept  # type: ignore[method-assign]

    def within(self, values: Mapping[str, Any]) -> RawSQL | list[Any]:
        """The statement as a part of another: what a column ``__in`` is compared with."""
        return RawSQL(self.sql, self._filled(values)) if self.sql else []

    def count(self, values: Mapping[str, Any]) -> int:
        """How many rows those would be, in one query."""
        if not self.sql:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(*self._asked("SELECT COUNT(*) FROM ({}) AS counted", values))
            return int(cursor.fetchone()[0])

    def _asked(self, frame: str, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """The statement in its ``frame`` as this connection is asked it, and what is filled in."""
        if not self.text:
            return frame.format(self.sql), self._filled(values)
        asked = prepared.execution(frame.format(self.text), [each.sql_type for each in self.givens])
        return asked, tuple(_value(each.among(values)) for each in self.givens)

    def _filled(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(_value(each.among(values)) if isinstance(each, Given) else each for each in self.params)

    def _text(self) -> str:
        """The statement with $1, $2, … where values are filled in."""
        numbers = count(1)
        return self.sql % tuple(
            f"${next(numbers)}" if isinstance(each, Given) else prepared.literal(each) for each in self.params
        )


def written_once(question: Callable[Asked, QuerySet[Any, Row]]) -> Callable[Asked, list[Row]]:
    """The rows of ``question``, a function that compares columns with its arguments, in one query that is kept.

    The function is called once, with ``Given`` in the place of its arguments, so it may do nothing else with them.
    """
    called = signature(question)

    @cache
    def statement() -> Statement:
        return Statement(cast(Any, question)(**{name: Given(name) for name in called.parameters}))

    @wraps(question)
    def ask(*values: Asked.args, **named: Asked.kwargs) -> list[Row]:
        return statement().fetch(called.bind(*values, **named).arguments)

    return ask


def _value(value: Any) -> Any:
    """``value`` as the database takes it; days and moments are no texts to every one."""
    if hasattr(value, "utcoffset"):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
