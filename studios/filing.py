"""What is common to all a lead files with the owner (Art. 16): plans, summaries. Rules and effects of filing."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from office.door import Act
from office.filing.reading import snapshot
from office.models import Entry
from studios.models import AnnualSummary, FiledState, Plan

Filed = Plan | AnnualSummary


def stamp_filed(case: Filed, act: Act) -> None:
    """When it was filed first, and whether that was late; late is possible and marked."""
    if case.filed_at is None:
        due = case.due_by
        case.filed_at, case.late = act.at, due is not None and act.at > due
        case.save(update_fields=["filed_at", "late"])


def rest(rows: QuerySet[Any]) -> None:
    """Of a studio that has ended nothing is due any more: nobody is reminded of it."""
    rows.filter(state__in=(FiledState.DRAFT, FiledState.RETURNED, FiledState.AMENDING)).update(due=None)


def keep_version(case: Filed, act: Act) -> None:
    """What was filed stays readable beside what is filed later, with the reason of the amendment."""
    reason = ""
    if act.entry.source == FiledState.AMENDING:
        amended = Entry.objects.of(case).filter(step="amend").last()
        reason = amended.opinion if amended else ""
    number = case.versions.count() + 1
    case.versions.create(number=number, content=snapshot(case), reason=reason[:500], at=act.at)
