"""Statements that PostgreSQL plans once for a connection: planning one of the rules takes it longer than answering it.

psycopg2 has no call for that; PREPARE and EXECUTE as SQL do the same. A connection keeps the ``KEPT`` statements it
was last asked: a plan of the rules takes the server up to a megabyte.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

KEPT = 50  # those of a role's desk, lists and cases are about twenty

_numbers = count(1)
# What each connection to the server has prepared, least asked first: the text of a statement and its name there.
_prepared: WeakKeyDictionary[Any, OrderedDict[str, str]] = WeakKeyDictionary()


def possible() -> bool:
    """Whether the database plans statements beforehand; SQLite keeps its own by their text."""
    return connection.vendor == "postgresql"


def literal(value: Any) -> str:
    """``value`` as it stands in a statement."""
    with _cursor() as cursor:
        return str(cursor.mogrify("%s", (value,)).decode())


def execution(text: str, types: Sequence[str]) -> str:
    """What to execute, with as many values as there are ``types``, for the statement ``text`` with $1, $2, …

    It is prepared where this connection has not done so. Raises django.db.DatabaseError as any statement does.
    """
    with _cursor() as cursor, connection.wrap_database_errors:
        names = _prepared.setdefault(cursor.connection, OrderedDict())
        if text not in names:
            if len(names) >= KEPT:
                cursor.execute(f"DEALLOCATE {names.popitem(last=False)[1]}")
            name = f"kept_{next(_numbers)}"
            cursor.execute(f"PREPARE {name} {_listed(types)} AS {text}")
            names[text] = name
        names.move_to_end(text)
        return f"EXECUTE {names[text]} {_listed(['%s'] * len(types))}"


def _listed(words: Sequence[str]) -> str:
    return f"({', '.join(words)})" if words else ""


def _cursor() -> Any:
    """The driver's own cursor: what is prepared is no question of a page and is not counted as one.

    A connection that died is replaced first, as Django's own cursor does it: what it had prepared died with it.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection.connection.cursor()
