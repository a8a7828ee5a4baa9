"""What a studio has done so far: its years on one line, each duty against plan, whom it helped, what came out.

Read with a fixed number of queries, whatever a studio has done (UI.md, pattern 6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from studios import figures
from studios.figures import Activities, Helped, Outputs
from studios.models import AnnualSummary, Duty, FiledState, Output, Plan, Studio, StudioYear
from studios.progress import Done, completion

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
    activities: Activities = field(default_factory=Activities)
    outputs: Outputs = field(default_factory=Outputs)
    tasks: list[Done] = field(default_factory=list)

    @property
    def starts(self) -> date:
        return self.year.starts

    @property
    def ends(self) -> date:
        return self.year.ends


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
    """The years with what was planned, held and handed in; six queries."""
    years = years_of(studio, timezone.localdate(at))
    keys = [year.year.pk for year in years]
    activities, outputs, tasks = (figures.read(name, keys) for name in ("activities", "outputs", "tasks"))
    plans = {plan.year_id: plan for plan in Plan.objects.filter(studio=studio).defer("content")}
    summaries = {row.year_id: row for row in AnnualSummary.objects.filter(year__in=keys).defer("content")}
    for year in years:
        key = year.year.pk
        year.activities, year.outputs, year.tasks = activities[key], outputs[key], tasks[key]
        year.facts = list(_facts(year, plans.get(key), summaries.get(key), at))
    return years


def _facts(
    year: YearOfLife, plan: Plan | None, summary: AnnualSummary | None, at: datetime
) -> Iterable[Fact]:
    if paper := _paper("计划", plan, year.year.plan_due, year.place, at):
        yield paper
    if year.place != "ahead":
        held = year.activities.number
        everything = held + year.activities.planned
        words = f"已开展 {held} / {everything}" if everything else "没有安排"
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
        complete, tasks = completion([done for done in year.tasks if done.item.duty == duty])
        lines.append(DutyLine(duty, tasks, complete, year.activities.held[duty], year.outputs.duties[duty]))
    return lines


def helped(years: Iterable[YearOfLife]) -> Helped:
    """The schools its held activities of all these years were for (Art. 8-3); two queries."""
    found = figures.read("helped", [year.year.pk for year in years])
    return Helped.of([school for value in found.values() for school in value.schools])


def kinds(years: Iterable[YearOfLife]) -> str:
    """The kinds of outputs of all years, with how many; read with the years."""
    return figures.kinds_in_words(sum((year.outputs.kinds for year in years), Counter()))


def latest(rows: QuerySet[Output]) -> list[Output]:
    """The newest of these outputs."""
    return list(rows.order_by("-dated", "-pk")[:SHOWN])
