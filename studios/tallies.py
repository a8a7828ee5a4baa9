"""What the board of studios counts in a calendar year, each question written once for everybody (``office.asking``).

``of_year`` says what each has ``Given`` of the year.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import make_aware

from accounts.capacity import Capacity
from accounts.models import Area, Kind, Organisation
from accounts.statements import Given
from studios import figures
from studios.health import WORKING, overseen
from studios.models import (
    Activity,
    ActivityState,
    CountyPlanItem,
    Membership,
    MembershipState,
    StudioState,
    StudioYear,
)
from studios.progress import counted_by_duty

BEGINS, ENDS = Given("begins"), Given("ends")


def of_year(year: int) -> dict[str, Any]:
    """The year as its number, as its first and last day, and as the moments of its beginning and of its end."""
    begins, ends = date(year, 1, 1), date(year, 12, 31)
    since, before = (make_aware(datetime.combine(day, time.min)) for day in (begins, date(year + 1, 1, 1)))
    return {"year": year, "begins": begins, "ends": ends, "since": since, "before": before}


class Held(NamedTuple):
    """An activity that was held, and one of the schools it was for, with where that is (None where it was for none)."""

    activity: int
    duty: str
    school: int | None
    area: str | None
    weak: bool | None
    kind: str | None
    name: str | None
    short_name: str | None
    code: str | None

    @property
    def rural(self) -> bool:
        return self.area == Area.RURAL

    @property
    def place(self) -> str:
        """Where the school is: its county, by its short name where it has one."""
        return "市直" if self.kind == Kind.BUREAU else self.short_name or self.name or ""


def held(me: Capacity, at: datetime) -> QuerySet[Any, Any]:
    """``Held`` of what these studios held in the year, alone or with others; a row for each school."""
    joined = Activity.partners.through._default_manager.filter(studio__in=overseen(me)).values("activity")
    rows = Activity.objects.filter(
        Q(studio__in=overseen(me)) | Q(pk__in=joined),
        state=ActivityState.HELD,
        starts_at__gte=Given("since"),
        starts_at__lt=Given("before"),
    )
    place = (f"schools__parent__{name}" for name in ("kind", "name", "short_name", "code"))
    return rows.order_by().values_list("pk", "duty", "schools", "schools__area", "schools__weak", *place)


def tasks(me: Capacity, at: datetime) -> QuerySet[Any, Any]:
    """(duty, whether it is complete) of each task in their annual plans of studio years that began in the year."""
    years = StudioYear.objects.filter(term__studio__in=overseen(me), starts__gte=BEGINS, starts__lte=ENDS)
    return counted_by_duty(figures.tasks(years.values("pk")))


def elsewhere(me: Capacity, at: datetime) -> QuerySet[Membership]:
    """The members from the county's schools in studios of other authorities."""
    here = me.organisation_id
    seats = Membership.objects.filter(principal__school__parent=here, state__in=MembershipState.seated)
    return (
        seats.exclude(studio__authority=here)
        .filter(studio__state__in=StudioState.live)
        .select_related("principal__school", "studio")
        .only("joined_on", "principal__name", "principal__school__name", "studio__number", "studio__name")
        .order_by("principal__school__sort_key", "pk")
    )


def counties(me: Capacity, at: datetime) -> QuerySet[Organisation]:
    """The counties with studios at work: how much they ``planned`` for the year, how much of it is ``finished``."""
    items = CountyPlanItem.objects.filter(county=OuterRef("pk"), year=Given("year")).order_by()
    planned, finished = (
        Subquery(rows.values("county").annotate(number=Count("pk")).values("number"))
        for rows in (items, items.exclude(done=""))
    )
    here = Exists(overseen(me).filter(authority=OuterRef("pk"), state__in=WORKING))
    rows = Organisation.objects.filter(here, kind=Kind.COUNTY).annotate(planned=planned, finished=finished)
    return rows.only("name", "short_name").order_by("code", "pk")
