"""Annual summaries (Art. 16): opened as drafts before they are due, beside what the year's records already say."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.capacity import Capacity
from office.door import Act, begin
from studios.models import (
    AnnualSummary,
    Duty,
    MembershipState,
    PlanKind,
    PledgeState,
    Studio,
    StudioState,
    StudioYear,
)
from studios.progress import Done, completion, items_of

AHEAD = timedelta(days=60)

# By section of the form: what the records say, label and value.
Figures = dict[str, list[list[str]]]


def lacking_summaries(at: datetime) -> QuerySet[StudioYear]:
    """The begun years of active studios whose summary is due within 60 days and was not opened; those long over apart."""
    today = timezone.localdate(at)
    return StudioYear.objects.filter(
        term__studio__state__in=(StudioState.ACTIVE, StudioState.RECTIFYING),
        starts__lte=today,
        ends__gte=today - AHEAD,
        summary_due__lte=today + AHEAD,
        summary__isnull=True,
    )


@transaction.atomic
def open_summary(year: StudioYear, me: Capacity, at: datetime) -> AnnualSummary | None:
    """The draft of the summary of ``year``, unless there is one; the studio's row is the lock."""
    Studio.objects.select_for_update(no_key=True).get(pk=year.term.studio_id)
    if AnnualSummary.objects.filter(year=year).exists():
        return None
    summary = AnnualSummary(year=year)
    begin(summary, me, at, "开始填报")
    return summary


def freeze_figures(summary: AnnualSummary, act: Act) -> None:
    """What the records said when it was filed stays with it."""
    summary.figures = figures_of(summary.year)
    summary.save(update_fields=["figures"])


def figures_shown(summary: AnnualSummary) -> Figures:
    """What was said at the filing, or what is said now while it has not been filed."""
    return summary.figures or figures_of(summary.year)


def all_figures(figures: Figures) -> list[tuple[str, str]]:
    """The figures of all sections in their order, as pairs."""
    return [(label, value) for pairs in figures.values() for label, value in pairs]


def figures_of(year: StudioYear) -> Figures:
    """What the records of ``year`` say now, by section of the form. A literal number of queries."""
    plan = year.plans.filter(kind=PlanKind.ANNUAL).first()
    done = items_of(plan) if plan else []
    return {
        "overview": [["年度计划任务", _of(*completion(done))]],
        "duties": [[duty.label, _tasks(done, duty)] for duty in Duty],
        "support": _support(year),
    }


def _of(complete: int, everything: int) -> str:
    return f"完成 {complete} / {everything} 项" if everything else "没有计划任务"


def _tasks(done: list[Done], duty: Duty) -> str:
    own = [each for each in done if each.item.duty == duty]
    activities, outputs = sum(each.activities for each in own), sum(each.outputs for each in own)
    return f"任务{_of(*completion(own))}；活动 {activities} 次，成果 {outputs} 项"


def _support(year: StudioYear) -> list[list[str]]:
    studio = year.term.studio
    seated = studio.memberships.filter(state__in=MembershipState.seated).count()
    pledges = list(year.pledges.exclude(state=PledgeState.LAPSED).values_list("state", flat=True))
    confirmed = sum(state == PledgeState.CONFIRMED for state in pledges)
    return [
        ["在任成员", f"{seated} 名"],
        ["学校支持保障", f"已确认 {confirmed} / {len(pledges)} 所"],
    ]
