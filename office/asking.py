"""Asking for a person what is asked of everybody of that standing: desk and case page, with statements written once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from accounts.capacity import Capacity
from accounts.standing import AT, Standing, given, standing
from accounts.statements import Statement

# A question is a function of a module: who asks, when, and what else tells one question from another (hashable).
Question = Callable[..., QuerySet[Any, Any]]

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
