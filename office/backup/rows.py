"""Rows as lines of JSON that mean the same on PostgreSQL and on SQLite.

A value is written as Django reads it and goes back through its field. Two kinds are taken as the column holds
them: encrypted text, which must stay ciphertext, and JSON, whose text both databases understand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models.functions import Cast
from django.utils.duration import duration_iso_string

from accounts.crypto import EncryptedField
from office.backup.archive import Unusable

AS_STORED = (EncryptedField, models.JSONField)
READ = 100  # rows fetched at once: a row of seals holds some thousand entries
WRITTEN = 500  # rows inserted at once, at most
WRITTEN_BYTES = 1 << 20  # … and so much of their text

Model = type[models.Model]


def tables() -> list[Model]:
    """Every model with a table of its own, sorted by its name; sessions end with a restore and are left out."""
    found = apps.get_models(include_auto_created=True)
    kept = (
        model for model in found if model._meta.managed and not model._meta.proxy and model is not Session
    )
    return sorted(kept, key=lambda model: model._meta.db_table)


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read in the block is of one moment, and nobody who writes is held up."""
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Django's own transactions on SQLite take the place of the one writer (IMMEDIATE).
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            cursor.execute("SELECT count(*) FROM django_migrations")
            yield
        finally:
            cursor.execute("ROLLBACK")


def _fields(model: Model) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()  # to the microsecond: the history is hashed with it
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"no way to write {type(value).__name__} into a backup")


def dump(model: Model) -> Iterator[bytes]:
    """The lines of one table: the names of its columns, then a row each, by primary key."""
    fields = _fields(model)
    yield _line([field.column for field in fields])
    stored = {
        f"stored_{field.attname}": Cast(field.attname, models.TextField())
        for field in fields
        if isinstance(field, AS_STORED)
    }
    names = [f"stored_{field.attname}" if isinstance(field, AS_STORED) else field.attname for field in fields]
    rows = model._base_manager.annotate(**stored).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=READ):
        yield _line(row)


def _line(values: Iterable[Any]) -> bytes:
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.encode() + b"\n"


def load(model: Model, lines: Iterator[bytes]) -> None:
    """Insert the rows that ``dump`` wrote, as they were, keys included.

    Raises Unusable when the columns are not the model's.
    """
    named = {field.column: field for field in _fields(model)}
    columns = json.loads(next(lines, b"[]"))
    if set(columns) != set(named):
        raise Unusable(f"备份中表 {model._meta.db_table} 的列与本程序不同。")
    fields = [named[column] for column in columns]
    for batch in _batches(lines, len(columns)):
        _insert(model, fields, [json.loads(line) for line in batch])


def _batches(lines: Iterable[bytes], width: int) -> Iterator[list[bytes]]:
    most = min(WRITTEN, (connection.features.max_query_params or WRITTEN * width) // width)
    batch: list[bytes] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if len(batch) == most or size > WRITTEN_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _insert(model: Model, fields: list[Any], rows: list[list[Any]]) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = "(" + ", ".join(["%s"] * len(fields)) + ")"
    values = [_given(field, value) for row in rows for field, value in zip(fields, row, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([places] * len(rows))}",
            values,
        )


def _given(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, AS_STORED):
        return value
    return field.get_db_prep_save(field.to_python(value), connection)


def clear(model: Model) -> None:
    """Delete every row of a table, past all rules: for what `migrate` itself wrote into an empty database."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def go_on_counting(models_loaded: list[Model]) -> None:
    """The next row of each table gets a key after the greatest one loaded."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_loaded):
            cursor.execute(statement)
