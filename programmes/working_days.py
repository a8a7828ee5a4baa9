"""Working days (工作日): weekends and holidays don't count, make-up working days do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from programmes.models import Holiday


@dataclass(frozen=True)
class Deadline:
    """The last day of a period, and whether the schedule of every year it touches is known."""

    day: date
    known: bool

    @property
    def moment(self) -> datetime:
        """The last moment of the day: what reaches the server by then is in time."""
        return timezone.make_aware(datetime.combine(self.day, time.max))


def after(start: date, days: int) -> Deadline:
    """The day on which a period of ``days`` working days ends; the day after ``start`` is the first.

    Raises ValueError for a period without days.
    """
    if days < 1:
        raise ValueError(days)
    schedule = dict(
        Holiday.objects.filter(day__gt=start, day__lte=start + timedelta(days=days * 3 + 30)).values_list(
            "day", "worked"
        )
    )
    day, left = start, days
    while left:
        day += timedelta(days=1)
        left -= schedule.get(day, day.weekday() < 5)
    years = set(
        Holiday.objects.filter(day__year__in={start.year, day.year}).values_list("day__year", flat=True)
    )
    return Deadline(day, years >= {(start + timedelta(days=1)).year, day.year})
