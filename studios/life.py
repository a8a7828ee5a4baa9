"""What a studio has done so far: its years on one line, each duty against plan, whom it helped, what came out.

Read with a fixed number of queries, whatever a studio has done (UI.md, pattern 6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Area, Organisation
from studios.models import (
    Activity,
    ActivityState,
    AnnualSummary,
    Duty,
    FiledState,
    Output,
    OutputKind,
    OutputState,
    Plan,
    PlanItem,
    PlanKind,
    Studio,
    StudioYear,
)
from studios.progress import Done

SHOWN = 8  # outputs named on the page


@dataclass(frozen=True)
class Fact:
    """One thing said of a year; ``url`` leads to it, ``tone`` as for badges."""

    label: str
    text: str
    url: str = ""
    tone: str = "grey"


@dataclass
class YearOfLife:
    """A studio year on the line: ``place`` past, now or ahead; what was planned, held and handed in."""

    year: StudioYear
    label: str
    place: str
    facts: list[Fact] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    planned: int = 0
    outputs: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    items: list[Done] = field(default_factory=list)

    @property
    def starts(self) -> date:
        return self.year.starts

    @property
    def ends(self) -> date:
        return self.year.ends

    @property
    def activities(self) -> tuple[int, int]:
        """(held, held and planned)."""
        held = sum(self.held.values())
        return held, held + self.planned


@dataclass(frozen=True)
class DutyLine:
    """One duty of Art. 8 in a year: tasks complete of those planned, activities held, outputs."""

    duty: Duty
    tasks: int
    complete: int
    held: int
    outputs: int


def years_of(studio: Studio, today: date) -> list[YearOfLife]:
    """The studio years in their order; one query."""
    years = StudioYear.objects.filter(term__studio=studio).select_related("term").order_by("starts")
    return [YearOfLife(row, _label(row), row.place(today)) for row in years]


def _label(year: StudioYear) -> str:
    own = f"第{year.number}年"
    return f"第{year.term.number}周期 {own}" if year.term.number > 1 else own


def present(years: list[YearOfLife]) -> YearOfLife | None:
    """The year that runs, else the last that has begun, else the first."""
    begun = [year for year in years if year.place != "ahead"]
    return begun[-1] if begun else (years[0] if years else None)


def told(studio: Studio, at: datetime) -> list[YearOfLife]:
    """The years with what was planned, held and handed in; seven queries."""
    years = years_of(studio, timezone.localdate(at))
    by_key = {year.year.pk: year for year in years}
    _count_activities(studio, years, by_key)
    counted = Output.objects.filter(studio=studio).exclude(state=OutputState.WITHDRAWN).order_by()
    for key, duty, kind, number in counted.values_list("year", "duty", "kind").annotate(number=Count("pk")):
        by_key[key].outputs[duty] += number
        by_key[key].kinds[kind] += number
    plans = {plan.year_id: plan for plan in Plan.objects.filter(studio=studio).defer("content")}
    summaries = {row.year_id: row for row in AnnualSummary.objects.filter(year__in=by_key).defer("content")}
    _add_items(studio, by_key)
    for year in years:
        year.facts = list(_facts(year, plans.get(year.year.pk), summaries.get(year.year.pk), at))
    return years


def _count_activities(studio: Studio, years: list[YearOfLife], by_key: dict[int, YearOfLife]) -> None:
    """Own activities count for the year they were planned in, joined ones for the year in which they took place."""
    own = Activity.objects.filter(studio=studio).order_by().values_list("year", "duty", "state")
    for key, duty, state, number in own.annotate(number=Count("pk")):
        _count(by_key[key], duty, state, number)
    joined = studio.joined_activities.order_by().values_list("starts_at", "duty", "state")
    for starts_at, duty, state in joined:
        on = timezone.localdate(starts_at)
        if year := next((year for year in years if year.starts <= on <= year.ends), None):
            _count(year, duty, state, 1)


def _count(year: YearOfLife, duty: str, state: str, number: int) -> None:
    if state == ActivityState.HELD:
        year.held[duty] += number
    elif state == ActivityState.PLANNED:
        year.planned += number


def _add_items(studio: Studio, by_key: dict[int, YearOfLife]) -> None:
    held = Count("activities", distinct=True, filter=Q(activities__state=ActivityState.HELD))
    made = Count("outputs", distinct=True, filter=~Q(outputs__state=OutputState.WITHDRAWN))
    items = PlanItem.objects.filter(
        plan__studio=studio, plan__kind=PlanKind.ANNUAL, plan__filed_at__isnull=False, dropped=False
    )
    rows = items.select_related("plan").defer("plan__content").annotate(held=held, made=made)
    for row in rows.order_by("place", "pk"):
        by_key[row.plan.year_id or 0].items.append(Done(row, row.held, row.made))


def _facts(
    year: YearOfLife, plan: Plan | None, summary: AnnualSummary | None, at: datetime
) -> Iterable[Fact]:
    if paper := _paper("计划", plan, year.year.plan_due, year.place, at):
        yield paper
    if year.place != "ahead":
        held, planned = year.activities
        words = f"已开展 {held} / {planned}" if planned else "没有安排"
        yield Fact("活动", words, tone="blue" if held else "grey")
    if paper := _paper("总结", summary, year.year.summary_due, year.place, at):
        yield paper


def _paper(label: str, paper: Any, due: date | None, place: str, at: datetime) -> Fact | None:
    """Filed, filed late, open, or missing past its day; nothing of a year ahead without one."""
    over = due is not None and due < timezone.localdate(at)
    if paper is None or paper.filed_at is None:
        if over:
            return Fact(label, "逾期未备案", tone="red")
        return Fact(label, "填报中") if paper else None
    url = paper.get_absolute_url()
    if paper.late:
        return Fact(label, "逾期备案", url, "amber")
    if paper.state == FiledState.RETURNED:
        return Fact(label, "已退回修改", url, "amber")
    return Fact(label, "已备案", url, "green")


def duties(year: YearOfLife) -> list[DutyLine]:
    """Each duty of Art. 8 in ``year``, against its plan."""
    lines = []
    for duty in Duty:
        own = [done for done in year.items if done.item.duty == duty]
        complete = sum(done.complete for done in own)
        lines.append(DutyLine(duty, len(own), complete, year.held[duty], year.outputs[duty]))
    return lines


def helped(studio: Studio) -> list[Organisation]:
    """The schools its held activities were for (Art. 8-3), each once; rural and weak ones first."""
    joined = Activity.partners.through._default_manager.filter(studio=studio).values("activity")
    held = Activity.objects.filter(Q(studio=studio) | Q(pk__in=joined), state=ActivityState.HELD)
    schools = Organisation.objects.filter(helped_by__in=held).distinct().select_related("parent")
    return sorted(schools, key=lambda school: (not needy(school), school.name))


def needy(school: Organisation) -> bool:
    """Whether it is a rural or a weak school."""
    return school.area == Area.RURAL or school.weak


def kinds(years: Iterable[YearOfLife]) -> list[tuple[str, int]]:
    """The kinds of outputs of all years, with how many; read with the years."""
    counted = sum((year.kinds for year in years), Counter())
    return [(label, counted[kind]) for kind, label in OutputKind.choices if counted[kind]]


def latest(rows: QuerySet[Output]) -> list[Output]:
    """The newest of these outputs."""
    return list(rows.order_by("-dated", "-pk")[:SHOWN])
