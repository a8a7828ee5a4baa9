"""Annual summaries (Art. 16): opened as drafts before they are due, beside what the year's records already say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.capacity import Capacity
from office.door import Act, begin
from studios.figures import OfYear, activities_of, tasks_in_words
from studios.models import (
    ActivityState,
    AnnualSummary,
    Duty,
    MembershipState,
    OutputState,
    Studio,
    StudioState,
    StudioYear,
)

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
    of = OfYear(year)
    return {key: told(of) for key, told in SECTIONS.items()}


def figures_beside(year: StudioYear, section: str) -> list[list[str]]:
    """Those of one section; none for a section without."""
    return SECTIONS[section](OfYear(year)) if section in SECTIONS else []


def _overview(of: OfYear) -> list[list[str]]:
    return [of.said(name) for name in ("tasks", "activities", "attendance")]


def _duties(of: OfYear) -> list[list[str]]:
    held, outputs, tasks = of.value("activities").held, of.value("outputs").duties, of.value("tasks")
    lines = []
    for duty in Duty:
        planned = tasks_in_words([done for done in tasks if done.item.duty == duty])
        lines.append([duty.label, f"任务{planned}；活动 {held[duty]} 次，成果 {outputs[duty]} 项"])
    return [*lines, *(of.said(name) for name in ("helped", "outputs", "advice"))]


def _support(of: OfYear) -> list[list[str]]:
    members = of.year.term.studio.memberships.filter(state__in=MembershipState.seated)
    return [["在任成员", f"{members.count()} 名"], of.said("support")]


SECTIONS: dict[str, Callable[[OfYear], list[list[str]]]] = {
    "overview": _overview,
    "duties": _duties,
    "support": _support,
}


def lists_beside(year: StudioYear, section: str) -> list[tuple[str, list[str]]]:
    """Beside the four duties: what was held and brought out under each, to write from; two queries."""
    if section != "duties":
        return []
    activities = activities_of(year).filter(state=ActivityState.HELD).order_by("starts_at", "pk")
    outputs = year.outputs.exclude(state=OutputState.WITHDRAWN).order_by("dated", "pk")
    found: dict[str, list[str]] = {duty: [] for duty in Duty.values}
    for duty, title, starts_at in activities.values_list("duty", "title", "starts_at"):
        found[duty].append(f"{timezone.localdate(starts_at):%-m月%-d日} {title}")
    for row in outputs.only("duty", "kind", "title", "authors"):
        found[row.duty].append(f"{row.get_kind_display()}《{row.title}》（{row.authors}）")
    return [(Duty(duty).label, lines) for duty, lines in found.items() if lines]
