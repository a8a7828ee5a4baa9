"""How far applications came, day by day, why they ended, and what is late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from applications import figures
from applications.board.scope import Scope
from applications.dates import last_submission
from applications.models import ApplicationState
from office.boards import Cell, Part, Row
from office.words import day, days_until

S = ApplicationState


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
