"""The board of a call (申报看板): each part with links to the list that its numbers count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from accounts.capacity import Capacity
from accounts.models import Kind
from applications import figures, progress
from applications.call_forms import authorities_of, row_label
from applications.dates import last_submission
from applications.flows import APPLICATION
from applications.models import Application, ApplicationState, Call
from office.boards import Cell, Part, Row
from office.models import Entry
from office.templatetags.office import day, days_until
from studios.models import Stage

S = ApplicationState
DAY = timedelta(days=1).total_seconds()


@dataclass(frozen=True)
class Scope:
    """A call as ``me`` may count it at ``at``: the owner all of it, a county what came to it."""

    call: Call
    me: Capacity
    at: datetime

    @property
    def owned(self) -> bool:
        return figures.owns(self.call, self.me)

    @property
    def rows(self) -> QuerySet[Application]:
        """The rows of the list of applications at this call."""
        return APPLICATION.seen(self.me).filter(call=self.call)

    def url(self, **more: Any) -> str:
        """The list of applications with these filters."""
        given = {name: value for name, value in more.items() if value not in (None, "")}
        return f"{reverse('application-list')}?{urlencode({'call': self.call.number} | given)}"

    def cell(self, number: int, tone: str = "", **filters: Any) -> Cell:
        """A number that leads to what it counts; nothing to look at where it is 0."""
        return Cell(number, self.url(**filters) if number else "", tone=tone if number else "")


def parts(call: Call, me: Capacity, at: datetime) -> tuple[Part, ...]:
    """All parts ``me`` may read; the experts' progress is the owner's alone."""
    scope = Scope(call, me, at)
    found = [funnel(scope), endings(scope), places(scope), days(scope)]
    if scope.owned:
        found.append(experts(scope))
    return (*found, stays(scope), late(scope))


def funnel(scope: Scope) -> Part:
    """How many came how far, and what share of those who came to the step before."""
    shown = figures.funnel(scope.call, scope.me)
    numbers = figures.reached(scope.call, scope.me, scope.at)
    rows, before = [], None
    for figure in shown:
        number = numbers[figure.key]
        share = f"{number / before:.0%}" if before else ""
        rows.append(
            Row(figure.label, (scope.cell(number, state=figure.key), Cell(share or None, text=share)))
        )
        before = number
    note = "填报中的不计" if scope.owned else "从学校审核同意、送达本局算起"
    return Part(
        "funnel",
        "申报进展",
        ("环节", "到达份数", "占上一环节"),
        tuple(rows) if numbers[""] else (),
        note=f"到达过该环节的份数，{note}。",
        empty="还没有申报。",
        bars=0,
    )


def endings(scope: Scope) -> Part:
    """Why applications came to an end."""
    numbers = figures.counted(scope.rows, figures.ENDED, scope.me)
    rows = tuple(
        Row(figure.label, (scope.cell(numbers[figure.key], state=figure.key),))
        for figure in figures.ENDED
        if numbers[figure.key]
    )
    total = Row("合计", (scope.cell(sum(numbers[f.key] for f in figures.ENDED), state="ended"),), total=True)
    return Part(
        "endings",
        "终止原因",
        ("原因", "份数"),
        (*rows, total) if rows else (),
        empty="没有终止的申报。",
        bars=0,
    )


def places(scope: Scope) -> Part:
    """By county and stage: how many were sent, how many hold a place, of how many."""
    call = scope.call
    called = [stage for stage in Stage.values if stage in _called(call)]
    held = _by_place(scope)
    limits = {(row.authority_id, row.stage): row.number for row in call.quotas.all()}
    owner = call.programme.owner
    shown = [each for each in authorities_of(call) if scope.owned or each.pk == scope.me.organisation_id]
    rows = [
        Row(
            row_label(each, owner),
            _place_cells(
                scope, called, held, {stage: limits.get((each.pk, stage)) for stage in called}, each.pk
            )
            + _all_cells(
                scope,
                held,
                limits.get((each.pk, ""), None if each.pk == owner.pk else call.county_quota),
                each.pk,
            ),
        )
        for each in shown
    ]
    if len(rows) > 1:
        cells = _place_cells(scope, called, held, {}, None) + _all_cells(scope, held, None, None)
        rows.append(Row("合计", cells, total=True))
    heads = [f"{Stage(stage).label}{what}" for stage in called for what in ("申报", "推荐")]
    return Part(
        "places",
        "旗县区和学段",
        ("旗县区", *heads, "申报合计", "推荐合计"),
        tuple(rows),
        note="推荐为占用名额的份数，斜线后是名额；没有斜线的不限名额。",
    )


def _called(call: Call) -> set[str]:
    return {row.stage for row in call.places.all() if row.number}


def _by_place(scope: Scope) -> dict[tuple[int, str], tuple[int, int]]:
    """(authority, stage) → sent, holding a place."""
    sent = Q(submitted_at__isnull=False)
    found = (
        scope.rows.order_by()
        .values_list("authority", "stage")
        .annotate(
            sent=Count("pk", filter=sent),
            placed=Count("pk", filter=figures.PLACED.condition(scope.me)),
        )
    )
    return {(authority, stage): (sent, placed) for authority, stage, sent, placed in found}


def _place_cells(
    scope: Scope,
    called: list[str],
    held: dict[tuple[int, str], tuple[int, int]],
    limits: dict[str, int | None],
    authority: int | None,
) -> tuple[Cell, ...]:
    """Two cells for each stage, of one authority or (None) of all."""
    return tuple(cell for stage in called for cell in _pair(scope, held, limits.get(stage), authority, stage))


def _all_cells(
    scope: Scope, held: dict[tuple[int, str], tuple[int, int]], limit: int | None, authority: int | None
) -> tuple[Cell, ...]:
    return _pair(scope, held, limit, authority, "")


def _pair(
    scope: Scope,
    held: dict[tuple[int, str], tuple[int, int]],
    limit: int | None,
    authority: int | None,
    stage: str,
) -> tuple[Cell, Cell]:
    """What was sent and what holds a place, of an authority (None: all) and a stage ("": all)."""
    counted = [pair for (whose, of), pair in held.items() if authority in (None, whose) and stage in ("", of)]
    sent, placed = sum(pair[0] for pair in counted), sum(pair[1] for pair in counted)
    county = authority if scope.me.kind == Kind.BUREAU else None
    where: dict[str, Any] = {"county": county, "stage": stage}
    text = "" if limit is None else f"{placed} / {limit}"
    url = scope.url(state=figures.PLACED.key, **where) if placed else ""
    return scope.cell(sent, state="to-submitted", **where), Cell(placed, url, text)


def days(scope: Scope) -> Part:
    """Submissions by day, from the opening to the deadline or today."""
    sent = scope.rows.filter(submitted_at__isnull=False).annotate(on=TruncDate("submitted_at")).order_by()
    counts: dict[date, int] = dict(sent.values_list("on").annotate(number=Count("pk")))
    rows, total = [], 0
    for each in _days_of(scope, counts):
        number = counts.get(each, 0)
        total += number
        rows.append(Row(day(each), (scope.cell(number, day=each.isoformat()), Cell(total))))
    return Part(
        "days",
        "每日提交",
        ("日期", "当日提交", "累计"),
        tuple(rows) if total else (),
        note=f"申报截止{day(localdate(last_submission(scope.call)))}。",
        empty="还没有提交的申报。",
        over_time=True,
    )


def _days_of(scope: Scope, counts: Iterable[date]) -> list[date]:
    """Every day of the window as far as it has come, and to the last submission in any case."""
    first = localdate(scope.call.opens_at)
    window = min(localdate(last_submission(scope.call)), localdate(scope.at))
    counts = list(counts)
    first, last = min([first, *counts]), max([window, *counts])
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def experts(scope: Scope) -> Part:
    """How far each expert is; the numbers lead to the list of reviews."""
    loads = progress.loads(progress.reviews_of(scope.call), scope.call, scope.at)
    rows = [
        Row(
            str(load.expert),
            (
                _reviews(scope, load.done, expert=load.expert.pk, state="submitted"),
                _reviews(scope, load.of - load.done, expert=load.expert.pk, state="assigned"),
                _reviews(scope, load.late, "red", expert=load.expert.pk, state="late"),
                _reviews(scope, load.of, expert=load.expert.pk, state="counting"),
            ),
        )
        for load in loads
    ]
    sums = (
        sum(load.done for load in loads),
        sum(load.late for load in loads),
        sum(load.of for load in loads),
    )
    done, behind, of = sums
    total = Row(
        "合计",
        (
            _reviews(scope, done, state="submitted"),
            _reviews(scope, of - done, state="assigned"),
            _reviews(scope, behind, "red", state="late"),
            _reviews(scope, of, state="counting"),
        ),
        total=True,
    )
    return Part(
        "experts",
        "专家评审进度",
        ("专家", "已提交", "未提交", "其中逾期", "应评"),
        (*rows, total) if rows else (),
        note=f"评分截止{day(localdate(scope.call.score_by))}。",
        empty="专家评审还没有开始。",
    )


def _reviews(scope: Scope, number: int, tone: str = "", **filters: Any) -> Cell:
    address = f"{reverse('review-list')}?{urlencode({'call': scope.call.number} | filters)}"
    return Cell(number, address if number else "", tone=tone if number else "")


def stays(scope: Scope) -> Part:
    """How long applications stayed where they had to wait, and how many stay there now."""
    kept = _spent(scope)
    now: Counter[str] = Counter(dict(scope.rows.order_by().values_list("state").annotate(number=Count("pk"))))
    rows = []
    for state, label in figures.STAYS.items():
        spent = sorted(kept.get(state, ()))
        if not (spent or now[state]):
            continue
        rows.append(
            Row(
                label,
                (
                    scope.cell(len(spent), state=f"left-{state}"),
                    Cell(round(median(spent), 1) if spent else None),
                    Cell(round(spent[-1], 1) if spent else None),
                    scope.cell(now[state], state=f"in-{state}"),
                ),
            )
        )
    return Part(
        "stays",
        "各环节用时",
        ("环节", "办结份数", "中位用时（天）", "最长（天）", "现在停留"),
        tuple(rows),
        note="一份申报几次经过同一环节的，合并计算；按自然日。",
        empty="还没有提交的申报。",
    )


def _spent(scope: Scope) -> dict[str, list[float]]:
    """For each state the days that each application which has left it spent in it, read from the history."""
    moves = (
        Entry.objects.filter(
            content_type__app_label="applications",
            content_type__model="application",
            object_id__in=scope.rows.order_by().values("pk"),
        )
        .exclude(target="")
        .order_by("object_id", "sequence")
        .values_list("object_id", "target", "at")
    )
    spent: dict[tuple[str, int], float] = defaultdict(float)
    before: tuple[int, str, datetime] | None = None
    for pk, target, at in moves:
        if before and before[0] == pk and before[1] == target:
            continue
        if before and before[0] == pk:
            spent[before[1], pk] += (at - before[2]).total_seconds() / DAY
        before = (pk, target, at)
    found: dict[str, list[float]] = defaultdict(list)
    for (state, _), number in spent.items():
        found[state].append(number)
    return found


def late(scope: Scope) -> Part:
    """What should have been handled by now, by where it stands."""
    rows = scope.rows.filter(figures.overdue(scope.at)).order_by()
    counts = {
        state: (number, oldest)
        for state, number, oldest in rows.values_list("state").annotate(number=Count("pk"), oldest=Min("due"))
    }
    lines = tuple(
        Row(
            label,
            (
                scope.cell(counts[state][0], "red", waiting="late", state=f"in-{state}"),
                Cell(-days_until(counts[state][1], scope.at)),
            ),
        )
        for state, label in S.choices
        if state in counts
    )
    return Part(
        "late",
        "超期未办",
        ("现在的环节", "份数", "最长超期（天）"),
        lines,
        empty="没有超期的申报。",
    )
