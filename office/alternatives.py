"""A condition with several ways to meet it, asked way by way.

Who may see a case is an OR over other tables: "my school's, or my programme's, or one I was asked about". A database
answers such a condition by looking at every row; each way by itself it answers by index.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from django.db.models import Q, QuerySet

MOST = 40  # ways; what is more tangled is asked as it stands


def alternatives(condition: Q) -> list[Q]:
    """Conditions without an OR, of which a row meets one if and only if it meets ``condition``."""
    if condition.negated or not condition.children:
        return [condition]
    parts = [alternatives(each) if isinstance(each, Q) else [Q(each)] for each in condition.children]
    if condition.connector == Q.OR:
        return [way for part in parts for way in part]
    if condition.connector != Q.AND:
        return [condition]
    return [Q(*chosen) for chosen in product(*parts)]


def matching(rows: QuerySet[Any], condition: Q) -> QuerySet[Any]:
    """``rows`` that meet ``condition``, each once."""
    ways = alternatives(condition)
    if not 1 < len(ways) <= MOST:
        return rows.filter(condition)
    return rows.filter(pk__in=keys_of(rows, ways))


def keys_of(rows: QuerySet[Any], ways: list[Q]) -> QuerySet[Any]:
    """The keys of what meets one of several ``ways``; more than once where it meets more than one."""
    found = [rows.filter(way).order_by().values("pk") for way in ways]
    return found[0].union(*found[1:], all=True)
