"""How studios stand at a moment: for boards and for the list behind each of their numbers.

A board of two hundred studios costs as many queries as one of three.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from studios import figures
from studios.figures import Support
from studios.models import (
    Activity,
    ActivityState,
    AnnualSummary,
    Membership,
    MembershipState,
    Plan,
    PledgeState,
    Studio,
    StudioState,
    StudioYear,
    SupportPledge,
)

WORKING = (StudioState.ACTIVE, StudioState.RECTIFYING)
# A studio at work that has held nothing for so long is shown as quiet.
QUIET = timedelta(days=90)


def current_year(at: datetime, path: str = "") -> Q:
    """The studio year (at ``path``) that runs at ``at``."""
    today = timezone.localdate(at)
    return Q(**{f"{path}starts__lte": today, f"{path}ends__gte": today})


def held_by() -> QuerySet[Activity]:
    """Activities held by the studio of the outer row, its own or with others."""
    mine = Q(studio=OuterRef("pk")) | Q(partners=OuterRef("pk"))
    return Activity.objects.filter(mine, state=ActivityState.HELD).order_by()


def unfiled_plans(at: datetime) -> Q:
    """A plan past its day that was never filed (Art. 16)."""
    return Q(Exists(Plan.objects.filter(studio=OuterRef("pk"), filed_at=None, due__lt=at)))


def unfiled_summaries(at: datetime) -> Q:
    """A summary past its day that was never filed: also one that nobody has begun."""
    over = StudioYear.objects.filter(
        term__studio=OuterRef("pk"), summary_due__lt=timezone.localdate(at), summary__filed_at=None
    )
    return Q(Exists(over))


def short_of_members(at: datetime) -> Q:
    """Fewer members than Art. 6 asks for, at work or still preparing."""
    return Q(below_since__isnull=False) | Q(state=StudioState.PREPARING)


def unsupported(at: datetime) -> Q:
    """A school whose support of this year (Art. 12) is not confirmed."""
    pledges = SupportPledge.objects.filter(year__term__studio=OuterRef("pk"), state=PledgeState.OPEN)
    return Q(Exists(pledges.filter(current_year(at, "year__"))))


def quiet(at: datetime) -> Q:
    """At work for as long, and nothing held in that time."""
    since = at - QUIET
    idle = ~Q(Exists(held_by().filter(starts_at__gte=since)))
    return Q(state__in=WORKING, activated_on__lte=timezone.localdate(since)) & idle


@dataclass(frozen=True)
class Mark:
    """Something that needs attention: ``rows`` gives the studios it stands at."""

    key: str
    label: str
    rows: Callable[[datetime], Q]


MARKS = (
    Mark("members", "成员不足", short_of_members),
    Mark("plan", "计划逾期未备案", unfiled_plans),
    Mark("summary", "总结逾期未备案", unfiled_summaries),
    Mark("quiet", "三个月没有活动", quiet),
    Mark("support", "支持保障未确认", unsupported),
)


def marked(rows: QuerySet[Studio], key: str, at: datetime) -> QuerySet[Studio]:
    """Those of ``rows`` that go on and bear the mark; raises StopIteration for a mark that does not exist."""
    mark = next(mark for mark in MARKS if mark.key == key)
    return rows.filter(mark.rows(at), state__in=StudioState.live)


@dataclass
class Standing:
    """One studio at a moment. ``year`` is the studio year that runs, if one does; ``held`` counts its activities,
    own and joined; ``last`` is the day of the latest ever; ``marks`` are the keys of what needs attention.
    """

    year: StudioYear | None = None
    seated: int = 0
    plan: Plan | None = None
    summary: AnnualSummary | None = None
    held: int = 0
    last: date | None = None
    support: Support = field(default_factory=Support)
    marks: set[str] = field(default_factory=set)


def standings(rows: QuerySet[Studio], at: datetime) -> dict[int, Standing]:
    """How each of ``rows`` stands at ``at``, by key; the same number of queries however many there are."""
    keys = list(rows.order_by().values_list("pk", flat=True))
    found = {key: Standing() for key in keys}
    for year in StudioYear.objects.filter(current_year(at), term__studio__in=keys).select_related("term"):
        found[year.term.studio_id].year = year
    _count_seats(found)
    _read_papers(found, at)
    _count_activities(found, at)
    _read_figures(found)
    for mark in MARKS:
        for key in marked(Studio.objects.filter(pk__in=keys), mark.key, at).values_list("pk", flat=True):
            found[key].marks.add(mark.key)
    return found


def _count_seats(found: dict[int, Standing]) -> None:
    seats = Membership.objects.filter(studio__in=found, state__in=MembershipState.seated).order_by()
    for key, number in seats.values_list("studio").annotate(number=Count("pk")):
        found[key].seated = number


def _read_papers(found: dict[int, Standing], at: datetime) -> None:
    """The plan of the year that runs; the summary of the latest year for which there is one."""
    plans = Plan.objects.filter(current_year(at, "year__"), studio__in=found).defer("content")
    for plan in plans:
        found[plan.studio_id].plan = plan
    summaries = AnnualSummary.objects.filter(year__term__studio__in=found).defer("content", "figures")
    for summary in summaries.select_related("year__term").order_by("year__starts"):
        found[summary.year.term.studio_id].summary = summary


def _count_activities(found: dict[int, Standing], at: datetime) -> None:
    held = Activity.objects.filter(state=ActivityState.HELD, starts_at__lte=at).order_by()
    own = held.filter(studio__in=found).values_list("studio").annotate(last=Max("starts_at"))
    joined = held.filter(partners__in=found).values_list("partners").annotate(last=Max("starts_at"))
    for key, starts_at in own.union(joined, all=True):
        on = timezone.localdate(starts_at)
        found[key].last = max(on, found[key].last or on)


def _read_figures(found: dict[int, Standing]) -> None:
    """Of the year that runs."""
    years = {standing.year.pk: standing for standing in found.values() if standing.year}
    for key, activities in figures.read("activities", years).items():
        years[key].held = activities.number
    for key, support in figures.read("support", years).items():
        years[key].support = support
