"""What a call comes to on paper: 推荐名单 of an authority, 申报汇总表, 评审结果汇总表, 不一致情况说明."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from accounts.capacity import Capacity
from accounts.models import Kind
from applications import results
from applications.call_forms import authorities_of, row_label
from applications.flows import APPLICATION
from applications.models import Application, ApplicationState, Call
from applications.scopes import STAFF
from office.words import day
from studios.models import Stage

S = ApplicationState
ORDER = {stage: place for place, stage in enumerate(Stage.values)}
SIGNED = (
    "填报人（签字）：　　　　　　　　主要负责人（签字）：　　　　　　　　单位（盖章）：　　　　　　　　年　　月　　日",
)
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("学校审核", (S.SCHOOL_REVIEW,)),
    ("主管部门审核", (S.AUTHORITY_REVIEW,)),
    ("退回修改", (S.RETURNED,)),
    ("待形式审查", (S.RECOMMENDED,)),
    ("专家评审", (S.UNDER_REVIEW,)),
    ("通过", (S.PASSED, S.PUBLICISED, S.HELD, S.CONFIRMED, S.ANNOUNCED)),
    ("未通过", (S.NOT_PASSED, S.REJECTED)),
    ("不予推荐", (S.DECLINED,)),
    ("撤回或失效", (S.WITHDRAWN, S.LAPSED)),
)


@dataclass(frozen=True)
class Summary:
    """A table: its title, for whom and when, its head, its rows of text and figures, the lines to be
    signed, the shares of its columns on paper.
    """

    title: str
    subtitle: str
    headers: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    notes: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()


def _owned(call: Call, me: Capacity) -> bool:
    return me.holds(*STAFF) and bool(call.programme.owner_id == me.organisation_id)


def _of_authority(call: Call, me: Capacity) -> bool:
    """The owner reads all of it, a county its own."""
    return _owned(call, me) or (me.holds(*STAFF) and me.kind == Kind.COUNTY)


def _reached(call: Call, me: Capacity) -> QuerySet[Application]:
    """The applications sent in the call that ``me`` may count: a county those of its own schools."""
    rows = APPLICATION.seen(me).filter(call=call, submitted_at__isnull=False)
    return rows if _owned(call, me) else rows.filter(authority=me.organisation_id)


def _under(call: Call, me: Capacity, at: datetime) -> str:
    whose = me.organisation.name if me.organisation else ""
    return f"{call.name}　{whose}　{day(localdate(at))}"


def recommended(call: Call, me: Capacity, at: datetime) -> Summary:
    """推荐名单: by authority and stage in the order of the ranks, with room for signature and seal."""
    rows = _reached(call, me).filter(recommended_at__isnull=False).exclude(state__in=S.freed)
    rows = rows.select_related("lead", "school", "authority").defer(
        "content", "lead__identity", "lead__phone"
    )
    whose = {each.pk: place for place, each in enumerate(authorities_of(call))}
    ranked = sorted(
        rows,
        key=lambda row: (whose.get(row.authority_id, len(whose)), ORDER[row.stage], row.rank or 0),
    )
    return Summary(
        "名校长工作室推荐名单",
        _under(call, me, at),
        ("旗县区", "学段", "推荐排序", "申报编号", "拟设工作室", "领衔人", "依托学校", "推荐时间"),
        [
            (
                row_label(row.authority, call.programme.owner),
                row.get_stage_display(),
                row.rank,
                row.number,
                row.studio_name,
                row.lead.name,
                row.school.name,
                localdate(row.recommended_at),
            )
            for row in ranked
        ],
        SIGNED,
        (8, 5, 7, 10, 20, 10, 22, 9),
    )


def applied(call: Call, me: Capacity, at: datetime) -> Summary:
    """申报汇总表: per authority and stage how many were sent, and where they stand."""
    counted = _reached(call, me).order_by().values_list("authority", "stage", "state")
    numbers: dict[tuple[int, str], Counter[str]] = {}
    for authority, stage, state, number in counted.annotate(number=Count("pk")):
        numbers.setdefault((authority, stage), Counter())[state] += number
    rows = [
        (row_label(each, call.programme.owner), Stage(stage).label, *_counts(numbers[each.pk, stage]))
        for each in authorities_of(call)
        for stage in Stage.values
        if (each.pk, stage) in numbers
    ]
    total = _counts(sum(numbers.values(), Counter()))
    return Summary(
        "名校长工作室申报汇总表",
        _under(call, me, at),
        ("旗县区", "学段", "已提交", *(label for label, _ in GROUPS)),
        [*rows, ("合计", "", *total)],
    )


def _counts(states: Counter[str]) -> list[int]:
    return [states.total(), *(sum(states[state] for state in group) for _, group in GROUPS)]


def judged(call: Call, me: Capacity, at: datetime) -> Summary:
    """评审结果汇总表: per stage the places, how many were judged and how, and the list intended."""
    rows = []
    for each in results.ranking(call):
        scores = [line.application.score for line in each.lines if line.application.score is not None]
        given = Counter(line.result for line in each.lines)
        rows.append(
            (
                each.label,
                each.places,
                len(each.lines),
                *_spread(scores),
                sum(value >= call.application_line for value in scores),
                given["pass"],
                given["fail"],
                given[""],
            )
        )
    return Summary(
        "名校长工作室评审结果汇总表",
        _under(call, me, at),
        (
            "学段",
            "拟建数量",
            "参评",
            "最高分",
            "最低分",
            "平均分",
            "达到分数线",
            "通过",
            "不通过",
            "未定",
        ),
        rows,
        SIGNED,
    )


def deviations(call: Call, me: Capacity, at: datetime) -> Summary:
    """与评审建议、推荐排序不一致的说明: what the leader's list decides otherwise, and why; an annex to the minutes."""
    rows = [
        (
            each.label,
            row_label(line.application.authority, call.programme.owner),
            line.application.rank,
            line.application.studio_name,
            line.application.score,
            results.WORDS[line.result],
            line.over_words,
            line.deviation,
            line.rank_deviation,
        )
        for each in results.ranking(call)
        for line in each.lines
        if line.deviation or line.over
    ]
    return Summary(
        "与评审建议、推荐排序不一致的说明",
        _under(call, me, at),
        (
            "学段",
            "旗县区",
            "推荐排序",
            "拟设工作室",
            "得分",
            "拟定结果",
            "越过",
            "与评审建议不一致的理由",
            "与推荐排序不一致的理由",
        ),
        rows,
        SIGNED,
        (4, 6, 5, 12, 5, 5, 14, 14, 14),
    )


def _spread(scores: Sequence[Decimal]) -> Sequence[Decimal | None]:
    """The highest, the lowest and the mean, with one decimal."""
    if not scores:
        return (None, None, None)
    mean = sum(scores, Decimal(0)) / len(scores)
    return [value.quantize(Decimal("0.1"), ROUND_HALF_UP) for value in (max(scores), min(scores), mean)]


@dataclass(frozen=True)
class Kept:
    """One table by its name in the address: its label, who reads it, what makes it."""

    label: str
    read_by: Callable[[Call, Capacity], bool]
    make: Callable[[Call, Capacity, datetime], Summary]


TABLES = {
    "recommended": Kept("推荐名单", _of_authority, recommended),
    "applications": Kept("申报汇总表", _of_authority, applied),
    "results": Kept("评审结果汇总表", _owned, judged),
    "deviations": Kept("不一致情况说明", _owned, deviations),
}


def readable(call: Call, me: Capacity) -> list[tuple[str, str]]:
    """The tables ``me`` may read, by name and label."""
    return [(name, table.label) for name, table in TABLES.items() if table.read_by(call, me)]
