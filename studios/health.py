"""How studios stand at a moment: for the board of those whose studios they are, and for the list behind each number.

Two hundred studios cost as many queries as three; each is written once for everybody (``office.asking``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.capacity import Capacity
from office.asking import ask
from office.flow import as_boolean
from studios.figures import Support, activity_counts, pledge_counts, summed_activities, summed_support
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


def _held(**condition: Any) -> QuerySet[Activity]:
    return Activity.objects.filter(state=ActivityState.HELD, **condition).order_by("-starts_at")


# What the studio of the outer row held itself, and what it joined: apart, so that each is found by its index.
OWN, JOINED = {"studio": OuterRef("pk")}, {"partners": OuterRef("pk")}


def unfiled(at: datetime) -> Q:
    """A plan past its day that was never filed (Art. 16)."""
    return Q(filed_at=None, due__lt=at)


def unfiled_plans(at: datetime) -> Q:
    """A studio with such a plan."""
    return Q(Exists(Plan.objects.filter(unfiled(at), studio=OuterRef("pk"))))


def unfiled_summaries(at: datetime) -> Q:
    """A studio with a summary past its day that was never filed: also one that nobody has begun."""
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
    idle = ~Exists(_held(starts_at__gte=since, **OWN)) & ~Exists(_held(starts_at__gte=since, **JOINED))
    return Q(idle, state__in=WORKING, activated_on__lte=timezone.localdate(since))


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


@dataclass(frozen=True)
class Standing:
    """One studio at a moment. ``first`` is the first day of its first year, ``began`` that of the year that runs, if
    one does; ``held`` counts the activities of that year, own and joined; ``last`` is the day of the latest ever;
    ``marks`` are the keys of what needs attention.
    """

    studio: Studio
    first: date | None
    began: date | None
    seated: int
    plan: Plan | None
    summary: AnnualSummary | None
    held: int
    last: date | None
    support: Support
    marks: frozenset[str]


@dataclass(frozen=True)
class Overview:
    """The studios of whoever looks, by their number, and their plans past the day, the oldest first."""

    studios: list[Standing] = field(default_factory=list)
    lacking: list[Plan] = field(default_factory=list)


def overseen(me: Capacity) -> QuerySet[Studio]:
    """The studios that go on of which ``me`` is the owner, or the authority of the school."""
    here = me.organisation_id
    return Studio.objects.filter(Q(programme__owner=here) | Q(authority=here), state__in=StudioState.live)


def overview(me: Capacity, at: datetime) -> Overview:
    """How the studios of ``me`` stand at ``at``; four queries."""
    plans = ask(_plans, me, at)
    present = {plan.studio_id: plan for plan in plans if plan.of_now}
    summaries = {summary.of_studio: summary for summary in ask(_summaries, me, at)}
    counts = ask(_counts, me, at)
    activities = summed_activities(row for row in counts if row[1])
    pledges = summed_support(row for row in counts if not row[1])
    studios = [
        Standing(
            studio=row,
            first=row.first,
            began=row.began,
            seated=row.seated or 0,
            plan=present.get(row.pk),
            summary=summaries.get(row.pk),
            held=activities[row.year].number if row.year in activities else 0,
            last=max((timezone.localdate(last) for last in (row.own, row.joined) if last), default=None),
            support=pledges.get(row.year, Support()),
            marks=frozenset(mark.key for mark in MARKS if getattr(row, f"mark_{mark.key}")),
        )
        for row in ask(_studios, me, at)
    ]
    return Overview(studios, [plan for plan in plans if plan.lacks])


def _studios(me: Capacity, at: datetime) -> QuerySet[Studio]:
    years = StudioYear.objects.filter(term__studio=OuterRef("pk")).order_by("starts")
    running = years.filter(current_year(at))
    seats = Membership.objects.filter(studio=OuterRef("pk"), state__in=MembershipState.seated)
    own, joined = (_held(starts_at__lte=at, **whose) for whose in (OWN, JOINED))
    rows = overseen(me).annotate(
        first=Subquery(years.values("starts")[:1]),
        began=Subquery(running.values("starts")[:1]),
        year=Subquery(running.values("pk")[:1]),
        seated=Subquery(seats.order_by().values("studio").annotate(number=Count("pk")).values("number")),
        own=Subquery(own.values("starts_at")[:1]),
        joined=Subquery(joined.values("starts_at")[:1]),
        **{f"mark_{mark.key}": as_boolean(mark.rows(at)) for mark in MARKS},
    )
    return rows.select_related("programme").only("number", "name", "state", "programme__members_min")


def _plans(me: Capacity, at: datetime) -> QuerySet[Plan]:
    """Those of the year that runs, and those past their day that were never filed."""
    now, lacks = current_year(at, "year__"), unfiled(at)
    rows = Plan.objects.filter(now | lacks, studio__in=overseen(me)).order_by("due", "pk")
    return (
        rows.annotate(of_now=as_boolean(now), lacks=as_boolean(lacks))
        .select_related("studio__authority", "year", "term")
        .only(
            *("kind", "state", "filed_at", "late", "due", "year__number", "term__starts", "term__ends"),
            *("studio__number", "studio__name"),
            *(f"studio__authority__{name}" for name in ("kind", "name", "short_name")),
        )
    )


def _summaries(me: Capacity, at: datetime) -> QuerySet[AnnualSummary]:
    """Of each studio that of the latest year for which there is one."""
    later = AnnualSummary.objects.filter(
        year__term__studio=OuterRef("year__term__studio"), year__starts__gt=OuterRef("year__starts")
    )
    rows = AnnualSummary.objects.filter(~Exists(later), year__term__studio__in=overseen(me)).order_by()
    return rows.annotate(of_studio=F("year__term__studio")).only("state", "filed_at", "late", "due")


def _running(me: Capacity, at: datetime) -> QuerySet[Any]:
    """The keys of their years that run."""
    return StudioYear.objects.filter(current_year(at), term__studio__in=overseen(me)).order_by().values("pk")


def _counts(me: Capacity, at: datetime) -> QuerySet[Any, Any]:
    """Of the years that run: activities by duty and state, and, without a duty, pledges by state."""
    running = _running(me, at)
    return activity_counts(running).union(pledge_counts(running), all=True)
