"""What time tells by itself: a table of reminders beside each flow, told once, also after a day without the clock.

For each reminder a row says until when the clock has looked (``Watch``). Whoever looks holds that row, takes the
marks passed since, and moves it on in the same transaction: two clocks tell once, and a clock that was off tells
what it missed, of several marks the last alone. A case that moved on meanwhile is no longer in its states.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone

from office.flow import Flow, Tell
from office.models import NoticeKind, Watch
from office.notices import tell

# A reminder that is new begins with what a day ago was still to come.
FIRST = timedelta(days=1)
MORNINGS = 10  # looked back at most

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reminder:
    """Of the cases of ``flow`` in ``states`` (and ``when``), tell ``who`` at the marks of ``moment``.

    ``days``: mornings so many days before the day of the moment (negative: after it); none: the moment itself. A
    case is told of a mark only if it stood there when the mark came. ``says`` gives the words for one case;
    several with one moment for one person become one notice, in the words of ``together``, leading to the list
    of what waits, or where ``leads`` says. ``once``: a person hears it of a case a single time, whatever its moment
    becomes later.
    """

    name: str
    flow: Flow
    states: tuple[str, ...]
    who: Tell
    says: Callable[[Any, datetime], str]
    together: Callable[[int, datetime], str]
    days: tuple[int, ...] = ()
    moment: Combinable = field(default_factory=lambda: F("due"))
    when: Q = field(default_factory=Q)
    kind: NoticeKind = NoticeKind.REMINDER
    leads: Callable[[Any], str] | None = None
    once: bool = False

    def standing(self) -> QuerySet[Any]:
        """The cases in question, with ``mark_of``: the moment."""
        cases = self.flow.model._default_manager.annotate(mark_of=self.moment)
        return cases.filter(self.when, state__in=self.states)


REMINDERS: dict[str, Reminder] = {}


def register(reminder: Reminder) -> Reminder:
    """Make a reminder known to the clock and the documentation; raises ValueError for a name used twice."""
    if reminder.name in REMINDERS:
        raise ValueError(f"reminder {reminder.name} registered twice")
    REMINDERS[reminder.name] = reminder
    return reminder


def remind(at: datetime) -> int:
    """Tell what has come due until ``at``; returns how many marks of cases. A faulty reminder keeps no other back."""
    told = 0
    for reminder in REMINDERS.values():
        try:
            told += _look(reminder, at)
        except Exception:
            log.exception("reminder %s failed", reminder.name)
    return told


@transaction.atomic
def _look(reminder: Reminder, at: datetime) -> int:
    Watch.objects.get_or_create(name=reminder.name, defaults={"until": at - FIRST})
    watch = Watch.objects.select_for_update().get(name=reminder.name)
    if watch.until >= at:
        return 0
    told: set[int] = set()
    for mark, cases in _marks(reminder, watch.until, at):
        rows = cases.exclude(pk__in=told).order_by("pk").select_for_update(of=("self",), no_key=True)
        found = list(rows)
        _tell(reminder, mark, found, at)
        told |= {case.pk for case in found}
    watch.until = at
    watch.save(update_fields=["until"])
    return len(told)


def _marks(reminder: Reminder, since: datetime, at: datetime) -> Iterator[tuple[int, QuerySet[Any]]]:
    """The marks in (since, at], the nearest to its moment first: days, and the cases that stood there then."""
    if not reminder.days:
        yield 0, reminder.standing().filter(mark_of__gt=since, mark_of__lte=at, since__lte=F("mark_of"))
        return
    for morning in _mornings(since, at):
        for days in sorted(reminder.days):
            day = timezone.localtime(morning).date() + timedelta(days=days)
            cases = reminder.standing().filter(
                mark_of__gte=_clock(day, time.min),
                mark_of__lt=_clock(day + timedelta(days=1), time.min),
                since__lte=morning,
            )
            yield days, cases.filter(mark_of__gt=at) if days > 0 else cases


def _mornings(since: datetime, at: datetime) -> Sequence[datetime]:
    """The mornings in (since, at], the last first: an hour before the digests go out."""
    hour = time(max(settings.DIGEST_HOUR - 1, 0))
    today = timezone.localtime(at).date()
    days = (_clock(today - timedelta(days=back), hour) for back in range(MORNINGS))
    return [morning for morning in days if since < morning <= at]


def _clock(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def _tell(reminder: Reminder, mark: int, cases: list[Any], at: datetime) -> None:
    """One notice for each set of people, moment: of one case, or of several together."""
    concerned: dict[tuple[int, datetime], list[Any]] = {}
    alone: dict[int, set[int]] = {}
    for case in cases:
        alone[case.pk] = set(reminder.who(case))
        for person in alone[case.pk]:
            concerned.setdefault((person, case.mark_of), []).append(case)
    for case in cases:
        people = {person for person in alone[case.pk] if len(concerned[person, case.mark_of]) == 1}
        words = reminder.says(case, case.mark_of)
        url = reminder.leads(case) if reminder.leads else case.get_absolute_url()
        _write(reminder, mark, people, words, url, case.mark_of, at, case)
    for (person, moment), several in concerned.items():
        if len(several) > 1:
            words = reminder.together(len(several), moment)
            waiting = f"{reverse(f'{reminder.flow.name}-list')}?waiting=1"
            url = reminder.leads(several[0]) if reminder.leads else waiting
            _write(reminder, mark, {person}, words, url, moment, at, None)


def _write(
    reminder: Reminder,
    mark: int,
    people: set[int],
    words: str,
    url: str,
    moment: datetime,
    at: datetime,
    case: Any,
) -> None:
    about = f":{case.pk}" if case is not None else ""
    when = "" if reminder.once and about else f":{mark}:{moment:%Y%m%d%H%M%S}"
    key = f"{reminder.name}{when}{about}"
    tell(people, words, at, kind=reminder.kind, url=url, case=case, key=key)
