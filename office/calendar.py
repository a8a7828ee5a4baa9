"""Dates on the desk (日程): each app registers, in its ``pages``, what is coming up for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.capacity import Capacity

Source = Callable[[Capacity, datetime], Iterable[tuple[date, str, str]]]

DAYS_AHEAD = 31
LIMIT = 8

_sources: list[Source] = []


@dataclass(frozen=True)
class Occasion:
    """One dated line; ``url`` is empty where there is nothing to open."""

    date: date
    text: str
    url: str
    due: bool = True


def register(source: Source) -> Source:
    """Add a source of (day, text, address) for a person; one query at most, the desk pays for it. Returns it."""
    _sources.append(source)
    return source


def upcoming(me: Capacity, at: datetime) -> list[Occasion]:
    """What all sources know of the next month, soonest first, no more than the desk shows."""
    today = timezone.localdate(at)
    last = today + timedelta(days=DAYS_AHEAD)
    rows = {row for source in _sources for row in source(me, at) if today <= row[0] <= last}
    return [Occasion(*row) for row in sorted(rows)[:LIMIT]]
