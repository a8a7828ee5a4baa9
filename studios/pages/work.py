"""The tabs of a studio's page that say what it plans, does, brings out and advises: to each reader what the lists show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.capacity import Capacity
from office.flow import Flow
from office.pages import Link, Tab
from office.words import plain_day
from studios import figures
from studios.flows import ACTIVITY, ADVICE, OUTPUT, PLAN, SUMMARY
from studios.models import Activity, Studio, StudioState
from studios.rights import rights

SHOWN = 30


@dataclass(frozen=True)
class Cell:
    """One cell: its words, where they lead, the tone of a badge, whether it stays on one line."""

    text: str
    url: str = ""
    tone: str = ""
    whole: bool = False


def _day(value: date | datetime | None) -> Cell:
    return Cell(plain_day(value), whole=True)


Rows = list[tuple[Cell, ...]]


def part_or_pen(case: Studio, me: Capacity) -> bool:
    """Whoever has a part in the studio, or writes for it."""
    mine = rights(case, me)
    return mine["held"] or mine["writes"]


def _may_write(case: Studio, me: Capacity) -> bool:
    return case.state in StudioState.live and rights(case, me)["writes"]


def _state(flow: Flow, row: Any) -> Cell:
    return Cell(row.get_state_display(), tone=flow.tones.get(row.state, "grey"))


def _named(text: str, row: Any) -> Cell:
    return Cell(text, row.get_absolute_url())


def _of(flow: Flow, me: Capacity, condition: Q, *related: str) -> QuerySet[Any]:
    return flow.seen(me).filter(condition).select_related(*related)


def _work(title: str, columns: tuple[str, ...], rows: Rows, empty: str, **more: Any) -> Mapping[str, Any]:
    labelled = [list(zip(columns, row, strict=True)) for row in rows]
    return {"work_title": title, "columns": columns, "rows": labelled, "empty": empty, **more}


def _first(rows: QuerySet[Any], case: Studio, me: Capacity, name: str) -> tuple[list[Any], dict[str, Any]]:
    """The newest of ``rows``, and where all of them stand when there are more."""
    found: list[Model] = list(rows[: SHOWN + 1])
    if len(found) <= SHOWN:
        return found, {}
    # Whoever writes without a part in the studio finds only its rows in the list.
    more = urlencode({"studio": case.pk}) if rights(case, me)["held"] else ""
    return found[:SHOWN], {"all": Link(f"显示最近 {SHOWN} 项，查看全部", f"{reverse(name)}?{more}")}


def _plans(case: Studio, me: Capacity, at: datetime) -> Mapping[str, Any]:
    plans = _of(PLAN, me, Q(studio=case), "term", "year").defer("content").order_by("-term__number", "-kind")
    summaries = _of(SUMMARY, me, Q(year__term__studio=case), "year").defer("content", "figures")
    papers = [(PLAN, row, row.name, row.year_id if row.filed_at else None) for row in plans]
    papers += [
        (SUMMARY, row, f"第{row.year.number}年度总结", None) for row in summaries.order_by("year__starts")
    ]
    years = {year for *_, year in papers if year}
    tasks = figures.read("tasks", years) if years else {}
    rows: Rows = [
        (
            _named(name, row),
            _day(row.due),
            _day(row.filed_at),
            Cell(figures.tasks_in_words(tasks[year]) if year else "—"),
            _state(flow, row),
        )
        for flow, row, name, year in papers
    ]
    return _work(
        "规划、计划和总结",
        ("名称", "期限", "备案时间", "任务", "状态"),
        rows,
        "工作室开始建设后，发展规划和年度计划会列在这里；年度总结到期前出现（第十六条）。",
    )


def _activities(case: Studio, me: Capacity, at: datetime) -> Mapping[str, Any]:
    joined = Activity.partners.through._default_manager.filter(studio=case).values("activity")
    rows = _of(ACTIVITY, me, Q(studio=case) | Q(pk__in=joined), "organiser", "studio").defer(
        "report", "purpose"
    )
    found, more = _first(rows.order_by("-starts_at", "-pk"), case, me, "activity-list")
    links = [Link("安排活动", reverse("activity-new"), "primary")] if _may_write(case, me) else []
    return _work(
        "活动",
        ("活动", "日期", "职责和形式", "主办", "状态"),
        [
            (
                _named(row.title, row),
                _day(timezone.localdate(row.starts_at)),
                Cell(f"{row.get_duty_display()} · {row.get_form_display()}"),
                Cell("本工作室" if row.studio_id == case.pk else row.host_name),
                _state(ACTIVITY, row),
            )
            for row in found
        ],
        "工作室安排和参加的活动会列在这里（第八条）。",
        links=links,
        **more,
    )


def _outputs(case: Studio, me: Capacity, at: datetime) -> Mapping[str, Any]:
    rows = _of(OUTPUT, me, Q(studio=case)).defer("summary").order_by("-dated", "-pk")
    found, more = _first(rows, case, me, "output-list")
    links = [Link("登记成果", reverse("output-new"), "primary")] if _may_write(case, me) else []
    return _work(
        "成果",
        ("成果", "时间", "类别", "级别", "作者或完成人", "状态"),
        [
            (
                _named(row.title, row),
                _day(row.dated),
                Cell(row.get_kind_display()),
                Cell(row.get_level_display()),
                Cell(row.authors),
                _state(OUTPUT, row),
            )
            for row in found
        ],
        "课题、论文、著作、课程、获奖和讲座登记后，会列在这里（第八条）。",
        links=links,
        **more,
    )


def _advice(case: Studio, me: Capacity, at: datetime) -> Mapping[str, Any]:
    rows: Iterable[Any] = _of(ADVICE, me, Q(studio=case)).defer("text").order_by("-pk")
    links = (
        [Link("起草", reverse("advice-new", args=[case.number]), "primary")] if _may_write(case, me) else []
    )
    return _work(
        "建言献策",
        ("标题", "种类", "报送", "答复", "状态"),
        [
            (
                _named(row.title, row),
                Cell(row.get_kind_display()),
                _day(row.sent_at),
                Cell(row.get_verdict_display() or "—"),
                _state(ADVICE, row),
            )
            for row in rows
        ],
        "发展建议和调研报告报送后，会列在这里（第八条）。",
        links=links,
    )


WORK = tuple(
    Tab(key, label, "studios/work.html", context=context, visible=part_or_pen)
    for key, label, context in (
        ("plans", "计划", _plans),
        ("activities", "活动", _activities),
        ("outputs", "成果", _outputs),
        ("advice", "建言", _advice),
    )
)
