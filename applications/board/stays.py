"""How long applications stay where they have to wait."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count

from applications import figures
from applications.board.scope import Scope
from office.boards import Cell, Part, Row
from office.models import Entry

DAY = timedelta(days=1).total_seconds()


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
