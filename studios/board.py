"""The board of studios (工作室看板): how they stand, what they do for each duty, whom they help; numbers lead to lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from accounts.capacity import Capacity
from accounts.models import Kind, Organisation
from office.asking import Question, ask
from office.boards import Cell, Part, Row
from office.words import plain_day
from studios import tallies
from studios.health import MARKS, Overview, Standing
from studios.models import ActivityState, Duty, FiledState, StudioState
from studios.tallies import Held


@dataclass(frozen=True)
class Scope:
    """The studios of whoever looks, as they stand at ``at``, in the calendar year ``year``."""

    me: Capacity
    year: int
    at: datetime
    overview: Overview

    @cached_property
    def held(self) -> list[Held]:
        """What these studios held in the year."""
        return [Held(*row) for row in self.ask(tallies.held)]

    def ask(self, question: Question) -> list[Any]:
        """The rows of one of ``tallies``."""
        return ask(question, self.me, None, **tallies.of_year(self.year))

    def activities(self, held: Collection[Held], **filters: Any) -> Cell:
        """How many activities these are; leads to them."""
        year = tallies.of_year(self.year)
        span = {"state": ActivityState.HELD.value, "since": year["begins"], "until": year["ends"]}
        number = len({row.activity for row in held})
        return Cell(number, address("activity-list", **span, **filters) if number else "")


def address(name: str, **filters: Any) -> str:
    """The list of this name with filters; nothing where the program has no such list."""
    path = _list(name)
    return f"{path}?{urlencode(filters)}" if path else ""


@cache
def _list(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def parts(me: Capacity, year: int, at: datetime, overview: Overview) -> tuple[Part, ...]:
    """All parts for ``me``: a county also sees its principals in studios elsewhere."""
    scope = Scope(me, year, at, overview)
    shown = [health(scope), attention(scope), lacking(scope), duties(scope), helped(scope)]
    if me.kind == Kind.COUNTY:
        shown.append(elsewhere(scope))
    else:
        shown.append(county_plans(scope))
    return tuple(shown)


def health(scope: Scope) -> Part:
    """A line for each studio that goes on: members, plan, summary, activities, support."""
    return Part(
        "health",
        "工作室状况",
        ("工作室", "状态", "在任成员", "本年度计划", "年度总结", "本年度活动", "最近活动", "支持保障"),
        tuple(_health_row(standing, scope.at) for standing in scope.overview.studios),
        note="“本年度”是工作室正在进行的建设年度；活动含参加的。红色的需要关注。",
        empty="还没有工作室。",
    )


def _health_row(standing: Standing, at: datetime) -> Row:
    studio, marks = standing.studio, standing.marks
    url = studio.get_absolute_url()
    listed = {"studio": studio.pk, "state": ActivityState.HELD.value, "since": standing.began}
    cells = (
        Cell(studio.get_state_display(), tone="red" if studio.state == StudioState.RECTIFYING else ""),
        Cell(
            standing.seated,
            f"{url}?tab=members",
            f"{standing.seated} / {studio.programme.members_min}",
            tone="red" if "members" in marks else "",
        ),
        _paper(standing.plan, at, lacks="plan" in marks),
        _paper(standing.summary, at, lacks="summary" in marks),
        Cell(standing.held, address("activity-list", **listed) if standing.held else ""),
        Cell(standing.last, text=plain_day(standing.last), tone="red" if "quiet" in marks else ""),
        Cell(
            standing.support.confirmed,
            text=f"{standing.support.confirmed} / {standing.support.asked}"
            if standing.support.asked
            else "—",
            tone="red" if "support" in marks else "",
        ),
    )
    return Row(studio.name, cells, url=url)


def _paper(paper: Any, at: datetime, *, lacks: bool) -> Cell:
    """The state of a plan or summary, leading to it once it can be read. ``lacks``: this or another is overdue."""
    tone = "red" if lacks else ""
    if paper is None:
        return Cell(None, text="逾期未报" if lacks else "—", tone=tone)
    words = paper.get_state_display()
    if paper.filed_at is None and paper.due and paper.due < at:
        words = "逾期未备案"
    elif paper.late and paper.state in FiledState.standing:
        words = f"{words}（逾期）"
    readable = paper.state != FiledState.DRAFT
    return Cell(words, paper.get_absolute_url() if readable else "", tone=tone)


def attention(scope: Scope) -> Part:
    """How many studios bear each mark; each number leads to them."""
    rows = []
    for mark in MARKS:
        number = sum(mark.key in standing.marks for standing in scope.overview.studios)
        url = address("studio-list", mark=mark.key) if number else ""
        rows.append(Row(mark.label, (Cell(number, url, tone="red" if number else ""),)))
    return Part("attention", "需要关注", ("事项", "工作室"), tuple(rows), bars=0)


def lacking(scope: Scope) -> Part:
    """Plans past their day that were never filed (Art. 16), the oldest first."""
    today = localdate(scope.at)
    rows = tuple(
        Row(
            plan.studio.name,
            (
                Cell(_place(plan.studio.authority)),
                Cell(plan.name),
                Cell(plan.due, text=plain_day(plan.due)),
                Cell((today - localdate(plan.due)).days, tone="red"),
            ),
            url=plan.studio.get_absolute_url(),
        )
        for plan in scope.overview.lacking
        if plan.due
    )
    return Part(
        "lacking",
        "未按期备案的计划",
        ("工作室", "旗县区", "计划", "期限", "逾期天数"),
        rows,
        empty="没有逾期未备案的规划或计划。",
    )


def duties(scope: Scope) -> Part:
    """What was planned for each duty of Art. 8 and what was done under it."""
    tasks = Counter(scope.ask(tallies.tasks))
    rows = [_duty_row(scope, Duty(duty), tasks) for duty in Duty.values]
    total = (*_planned(tasks, Duty.values), scope.activities(scope.held))
    return Part(
        "duties",
        "四项职责：计划与开展",
        ("职责", "计划任务", "已完成", "完成率", "开展活动"),
        (*rows, Row("合计", total, total=True)),
        note=f"{scope.year}年度工作计划的任务；归在任务下的活动和成果达到目标次数即为完成（第八条、第十六条）。",
    )


def _duty_row(scope: Scope, duty: Duty, tasks: Counter[tuple[str, bool]]) -> Row:
    held = [row for row in scope.held if row.duty == duty.value]
    return Row(duty.label, (*_planned(tasks, [duty.value]), scope.activities(held, duty=duty.value)))


def _planned(tasks: Counter[tuple[str, bool]], duties: Sequence[str]) -> tuple[Cell, Cell, Cell]:
    """How many tasks there are for ``duties``, how many of them are complete, and their share."""
    complete = sum(tasks[duty, True] for duty in duties)
    everything = complete + sum(tasks[duty, False] for duty in duties)
    return Cell(everything), Cell(complete), Cell(f"{complete / everything:.0%}" if everything else None)


def helped(scope: Scope) -> Part:
    """Which counties' schools were helped: rural and weak ones, and by how many activities."""
    places: dict[str, list[Held]] = {}
    for row in sorted((row for row in scope.held if row.name), key=lambda row: row.code or ""):
        places.setdefault(row.place, []).append(row)
    rows = [Row(place, _help_cells(held)) for place, held in places.items()]
    if len(rows) > 1:
        everywhere = [row for held in places.values() for row in held]
        rows.append(Row("合计", _help_cells(everywhere), total=True))
    return Part(
        "helped",
        "帮扶乡村学校和薄弱学校",
        ("旗县区", "帮扶学校", "其中乡村", "其中薄弱", "活动", "到乡村、薄弱学校的活动"),
        tuple(rows),
        note=f"{scope.year}年已开展的活动所帮扶的学校，一所学校只计一次（第八条）。",
        empty="还没有开展帮扶活动。",
        bars=0,
    )


def _help_cells(held: list[Held]) -> tuple[Cell, ...]:
    counted = (
        {row.school for row in held},
        {row.school for row in held if row.rural},
        {row.school for row in held if row.weak},
        {row.activity for row in held},
        {row.activity for row in held if row.rural or row.weak},
    )
    return tuple(Cell(len(each)) for each in counted)


def _place(place: Organisation) -> str:
    return "市直" if place.kind == Kind.BUREAU else place.label


def elsewhere(scope: Scope) -> Part:
    """Art. 15: principals of the county's schools who sit in studios elsewhere."""
    rows = tuple(
        Row(
            seat.principal.name,
            (
                Cell(seat.principal.school.name),
                Cell(seat.studio.name, seat.studio.get_absolute_url()),
                Cell(seat.joined_on, text=plain_day(seat.joined_on)),
            ),
            url=seat.get_absolute_url(),
        )
        for seat in scope.ask(tallies.elsewhere)
    )
    return Part(
        "elsewhere",
        "本地校长参加的外地工作室",
        ("成员", "所在学校", "工作室", "加入日期"),
        rows,
        empty="没有本地校长参加其他旗县区或市直的工作室。",
    )


def county_plans(scope: Scope) -> Part:
    """Art. 15: which counties have the studios in their work plan of the year, and what became of it."""
    rows = []
    for county in scope.ask(tallies.counties):
        number, finished = county.planned or 0, county.finished or 0
        url = address("county-plan", year=scope.year, county=county.pk) if number else ""
        cells = (Cell(number, url, "" if number else "未列入", tone="" if number else "red"), Cell(finished))
        rows.append(Row(county.label, cells))
    return Part(
        "counties",
        "旗县区年度工作计划",
        ("旗县区", "列入的任务", "已有完成情况"),
        tuple(rows),
        note=f"有工作室的旗县区{scope.year}年度工作计划中涉及工作室的任务（第十五条）。",
        empty="还没有设在旗县区的工作室。",
    )
