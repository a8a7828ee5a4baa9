"""Plans (Art. 16): opened as drafts when their time comes, and their items made from what is filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.capacity import Capacity
from office.door import Act, begin
from office.filing.fields import ROW_KEY, value_of
from office.models import Entry
from studios.models import Plan, PlanItem, PlanKind, Studio, StudioState, StudioYear, Term

AHEAD = timedelta(days=30)
FILLED = ("place", "duty", "task", "starts", "ends", "who", "target", "times", "share", "dropped")


def items_from_form(plan: Plan, act: Act) -> None:
    """Bring the plan's items in line with the rows just filed: found by their key, left out means dropped."""
    section = plan.layout.section("items")
    rows = value_of(plan, section, section.field("items"))
    present = {item.key: item for item in plan.items.all()}
    kept: list[PlanItem] = []
    new: list[PlanItem] = []
    for place, row in enumerate(rows, 1):
        item = present.pop(row[ROW_KEY], None) or PlanItem(plan=plan, key=row[ROW_KEY])
        _fill(item, place, row)
        (new if item.pk is None else kept).append(item)
    PlanItem.objects.bulk_update(kept, FILLED)
    PlanItem.objects.bulk_create(new)
    PlanItem.objects.filter(pk__in=[item.pk for item in present.values()]).update(dropped=True)


def _fill(item: PlanItem, place: int, row: Mapping[str, Any]) -> None:
    item.place = place
    for name in ("duty", "task", "starts", "ends", "who", "target"):
        setattr(item, name, row.get(name, ""))
    item.times = max(int(Decimal(row.get("times") or 1)), 1)
    share = row.get("share")
    item.share = Decimal(share) if share else None
    item.dropped = False


@transaction.atomic
def open_plan(
    studio: Studio, term: Term, year: StudioYear | None, me: Capacity, at: datetime, cause: Entry | None
) -> Plan | None:
    """The draft of the plan of ``year``, or of the term, unless there is one; the studio's row is the lock."""
    Studio.objects.select_for_update(no_key=True).get(pk=studio.pk)
    kind = PlanKind.ANNUAL if year else PlanKind.DEVELOPMENT
    if Plan.objects.filter(kind=kind, term=term, year=year).exists():
        return None
    plan = Plan(studio=studio, kind=kind, term=term, year=year)
    begin(plan, me, at, "开始填报", cause=cause)
    return plan


def open_due_plans(studio: Studio, me: Capacity, at: datetime, cause: Entry | None = None) -> int:
    """Open what is to be planned now: the term's plan, and those of the years that begin within 30 days.

    Returns how many were opened.
    """
    today = timezone.localdate(at)
    opened = 0
    for term in studio.terms.filter(ends__gte=today).order_by("number"):
        opened += open_plan(studio, term, None, me, at, cause) is not None
        for year in term.years.filter(starts__lte=max(today + AHEAD, term.starts), ends__gte=today).order_by(
            "number"
        ):
            opened += open_plan(studio, term, year, me, at, cause) is not None
    return opened


def lacking_plans(at: datetime) -> Any:
    """Active studios with a year that has begun or soon will and has no plan yet."""
    today = timezone.localdate(at)
    years = StudioYear.objects.filter(
        term__studio=OuterRef("pk"), starts__lte=today + AHEAD, ends__gte=today, plans__isnull=True
    )
    return Studio.objects.filter(Exists(years), state__in=(StudioState.ACTIVE, StudioState.RECTIFYING))
