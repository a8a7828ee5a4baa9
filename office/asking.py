"""Asking for a person what is asked of everybody of that standing, with statements written once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Model, Q, QuerySet

from accounts.capacity import Capacity
from accounts.standing import AT, Standing, given, standing
from accounts.statements import Statement
from office.alternatives import MOST, alternatives, keys_of, matching

# A question is a function of a module: who asks, when, and what else tells one question from another (hashable).
Question = Callable[..., QuerySet[Any, Any]]
Condition = Callable[..., Q]  # the same, answered by the rows that meet it

KEPT = 1000  # statements; some hundreds are in use where every role is at work


@lru_cache(maxsize=KEPT)
def _written(question: Question, details: tuple[Any, ...], like: Standing) -> Statement:
    return Statement(question(like.anybody, AT, *details))


def _statement(question: Question, me: Capacity, at: datetime | None, details: tuple[Any, ...]) -> Statement:
    like = standing(me)
    return _written(question, details, like) if like else Statement(question(me, at, *details), once=True)


def ask(question: Question, me: Capacity, at: datetime | None, *details: Any, **values: Any) -> list[Any]:
    """The rows of ``question(me, at, *details)``, in one query; ``values`` fill in what it has ``Given`` by name."""
    return _statement(question, me, at, details).fetch({**given(me, at), **values})


def ask_count(question: Question, me: Capacity, at: datetime, *details: Any) -> int:
    """How many rows those are, in one query."""
    return _statement(question, me, at, details).count(given(me, at))


@lru_cache(maxsize=KEPT)
def _ways(
    model: type[Model], condition: Condition, details: tuple[Any, ...], like: Standing
) -> Statement | None:
    """The keys of the rows, way by way; None where there is one way only."""
    ways = alternatives(condition(like.anybody, AT, *details))
    return Statement(keys_of(model._default_manager.all(), ways)) if 1 < len(ways) <= MOST else None


def ask_rows(
    model: type[Model], condition: Condition, me: Capacity, at: datetime | None, *details: Any
) -> QuerySet[Any]:
    """The rows of ``model`` that meet ``condition(me, at, *details)``, to be narrowed, sorted or counted further."""
    rows: QuerySet[Any] = model._default_manager.all()
    like = standing(me)
    if like is None:
        return matching(rows, condition(me, at, *details))
    kept = _ways(model, condition, details, like)
    if kept is None:
        return rows.filter(condition(me, at, *details))
    return rows.filter(pk__in=kept.within(given(me, at)))
