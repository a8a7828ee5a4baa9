"""The board of studios (工作室看板): how they stand, what they do for each duty, whom they help; numbers lead to lists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from accounts.capacity import Capacity
from accounts.models import Kind, Organisation
from office.boards import Cell, Part, Row
from office.templatetags.office import plain_day
from studios.figures import Helped, needy, tasks_of
from studios.health import MARKS, WORKING, Standing, marked, standings
from studios.models import (
    Activity,
    ActivityState,
    CountyPlanItem,
    Duty,
    FiledState,
    Membership,
    MembershipState,
    Plan,
    Studio,
    StudioState,
    StudioYear,
)
from studios.progress import Done, completion


@dataclass(frozen=True)
class Scope:
    """The studios of whoever looks (``rows``: owned, or under the county) in the calendar year ``year``, at ``at``."""

    me: Capacity
    year: int
    at: datetime

    @property
    def rows(self) -> QuerySet[Studio]:
        here = self.me.organisation_id
        return Studio.objects.filter(
            Q(programme__owner=here) | Q(authority=here), state__in=StudioState.live
        ).order_by("number")

    @property
    def begins(self) -> date:
        return date(self.year, 1, 1)

    @property
    def ends(self) -> date:
        return date(self.year, 12, 31)

    def held(self) -> QuerySet[Activity]:
        """Activities held in the year by these studios, their own and those they joined, each once."""
        joined = Activity.partners.through._default_manager.filter(studio__in=self.rows).values("activity")
        return Activity.objects.filter(
            Q(studio__in=self.rows) | Q(pk__in=joined),
            state=ActivityState.HELD,
            starts_at__date__gte=self.begins,
            starts_at__date__lte=self.ends,
        ).order_by()

    def activities(self, number: int, **filters: Any) -> Cell:
        """A number of held activities that leads to them."""
        span = {"state": ActivityState.HELD.value, "since": self.begins, "until": self.ends}
        return Cell(number, address("activity-list", **span, **filters) if number else "")


def address(name: str, **filters: Any) -> str:
    """The list of this name with filters; nothing where the program has no such list."""
    try:
        return f"{reverse(name)}?{urlencode(filters)}"
    except NoReverseMatch:
        return ""


def parts(me: Capacity, year: int, at: datetime) -> tuple[Part, ...]:
    """All parts for ``me``: a county also sees its principals in studios elsewhere."""
    scope = Scope(me, year, at)
    shown = [health(scope), attention(scope), lacking(scope), duties(scope), helped(scope)]
    if me.kind == Kind.COUNTY:
        shown.append(elsewhere(scope))
    else:
        shown.append(county_plans(scope))
    return tuple(shown)


def health(scope: Scope) -> Part:
    """A line for each studio that goes on: members, plan, summary, activities, support."""
    found = standings(scope.rows, scope.at)
    rows = scope.rows.select_related("programme")
    return Part(
        "health",
        "工作室状况",
        ("工作室", "状态", "在任成员", "本年度计划", "年度总结", "本年度活动", "最近活动", "支持保障"),
        tuple(_health_row(studio, found[studio.pk], scope.at) for studio in rows if studio.pk in found),
        note="“本年度”是工作室正在进行的建设年度；活动含参加的。红色的需要关注。",
        empty="还没有工作室。",
    )


def _health_row(studio: Studio, standing: Standing, at: datetime) -> Row:
    url = studio.get_absolute_url()
    marks = standing.marks
    since = standing.year.starts if standing.year else None
    listed = {"studio": studio.pk, "state": ActivityState.HELD.value, "since": since}
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
        number = marked(scope.rows, mark.key, scope.at).count()
        url = address("studio-list", mark=mark.key) if number else ""
        rows.append(Row(mark.label, (Cell(number, url, tone="red" if number else ""),)))
    return Part("attention", "需要关注", ("事项", "工作室"), tuple(rows), bars=0)


def lacking(scope: Scope) -> Part:
    """Plans past their day that were never filed (Art. 16), the oldest first."""
    plans = Plan.objects.filter(studio__in=scope.rows, filed_at=None, due__lt=scope.at).defer("content")
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
        for plan in plans.select_related("studio__authority", "year", "term").order_by("due", "pk")
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
    years = StudioYear.objects.filter(term__studio__in=scope.rows, starts__year=scope.year)
    planned: dict[str, list[Done]] = defaultdict(list)
    for found in tasks_of(years.values("pk")).values():
        for done in found:
            planned[done.item.duty].append(done)
    counted = dict(scope.held().values_list("duty").annotate(number=Count("pk", distinct=True)))
    rows = [_duty_row(scope, Duty(duty), planned[duty], counted.get(duty, 0)) for duty in Duty.values]
    total = (
        *_planned([done for each in planned.values() for done in each]),
        scope.activities(sum(counted.values())),
    )
    return Part(
        "duties",
        "四项职责：计划与开展",
        ("职责", "计划任务", "已完成", "完成率", "开展活动"),
        (*rows, Row("合计", total, total=True)),
        note=f"{scope.year}年度工作计划的任务；归在任务下的活动和成果达到目标次数即为完成（第八条、第十六条）。",
    )


def _duty_row(scope: Scope, duty: Duty, planned: list[Done], held: int) -> Row:
    return Row(duty.label, (*_planned(planned), scope.activities(held, duty=duty.value)))


def _planned(tasks: list[Done]) -> tuple[Cell, Cell, Cell]:
    """How many tasks, how many of them complete, and their share."""
    complete, everything = completion(tasks)
    return Cell(everything), Cell(complete), Cell(f"{complete / everything:.0%}" if everything else None)


def helped(scope: Scope) -> Part:
    """Which counties' schools were helped: rural and weak ones, and by how many activities."""
    link = Activity.schools.through._default_manager.filter(activity__in=scope.held())
    touched: dict[int, set[int]] = defaultdict(set)
    for key, activity in link.values_list("organisation", "activity"):
        touched[key].add(activity)
    schools = Organisation.objects.filter(pk__in=touched).select_related("parent").order_by("parent__code")
    places: dict[Organisation, list[Organisation]] = defaultdict(list)
    for school in schools:
        if school.parent:
            places[school.parent].append(school)
    rows = [Row(_place(place), _help_cells(members, touched)) for place, members in places.items()]
    if len(rows) > 1:
        rows.append(Row("合计", _help_cells(list(schools), touched), total=True))
    return Part(
        "helped",
        "帮扶乡村学校和薄弱学校",
        ("旗县区", "帮扶学校", "其中乡村", "其中薄弱", "活动", "到乡村、薄弱学校的活动"),
        tuple(rows),
        note=f"{scope.year}年已开展的活动所帮扶的学校，一所学校只计一次（第八条）。",
        empty="还没有开展帮扶活动。",
        bars=0,
    )


def _place(place: Organisation) -> str:
    return "市直" if place.kind == Kind.BUREAU else place.label


def _help_cells(schools: list[Organisation], touched: dict[int, set[int]]) -> tuple[Cell, ...]:
    found = Helped.of(schools)
    activities = {activity for school in schools for activity in touched[school.pk]}
    of_needy = {activity for school in schools if needy(school) for activity in touched[school.pk]}
    numbers = (len(schools), found.rural, found.weak, len(activities), len(of_needy))
    return tuple(Cell(number) for number in numbers)


def elsewhere(scope: Scope) -> Part:
    """Art. 15: principals of the county's schools who sit in studios elsewhere."""
    here = scope.me.organisation_id
    seats = Membership.objects.filter(principal__school__parent=here, state__in=MembershipState.seated)
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
        for seat in seats.exclude(studio__authority=here)
        .filter(studio__state__in=StudioState.live)
        .select_related("principal__school", "studio")
        .order_by("principal__school__sort_key", "pk")
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
    counties = Organisation.objects.filter(
        studios_under__in=scope.rows.filter(state__in=WORKING), kind=Kind.COUNTY
    )
    items = CountyPlanItem.objects.filter(year=scope.year).order_by()
    done = Count("pk", filter=~Q(done=""))
    counted = {
        county: (number, finished)
        for county, number, finished in items.values_list("county").annotate(number=Count("pk"), done=done)
    }
    rows = []
    for county in counties.distinct().order_by("code", "pk"):
        number, finished = counted.get(county.pk, (0, 0))
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
