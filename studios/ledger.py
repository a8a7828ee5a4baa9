"""The ledger (台账) of a studio year: what was planned, held, attended, brought out, advised, and who helped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Area, Organisation
from office.flow import any_of
from studios.figures import CALLED, Attended, activities_of, attendance_of
from studios.models import (
    Advice,
    AdviceState,
    Membership,
    OutputState,
    PlanKind,
    Staff,
    Studio,
    StudioYear,
)
from studios.progress import items_of
from studios.scopes import people


@dataclass(frozen=True)
class Sheet:
    """One part: its heading, its columns with their widths on paper, its rows."""

    title: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Any, ...], ...]


def readers(me: Capacity) -> Q:
    """Lead, owner, county and host school (not members: attendance is the lead's to keep)."""
    return any_of(
        who(me)
        for who in (
            people.lead(""),
            people.owner_officer(""),
            people.owner_leader(""),
            people.county_officer(""),
            people.host_officer(""),
        )
    )


def may_read(studio: Studio, me: Capacity) -> bool:
    """Whether the ledgers of ``studio`` are for ``me``; one query."""
    return Studio.objects.filter(readers(me), pk=studio.pk).exists()


def sheets(year: StudioYear) -> tuple[Sheet, ...]:
    """All parts of the ledger of ``year``; a fixed number of queries."""
    studio = year.term.studio
    return (
        _plan(year),
        _activities(studio, year),
        _attendance(studio, year),
        _outputs(year),
        _advice(year),
        _staff(studio, year),
    )


def _plan(year: StudioYear) -> Sheet:
    plan = year.plans.filter(kind=PlanKind.ANNUAL, filed_at__isnull=False).first()
    rows = tuple(
        (
            done.item.place,
            done.item.get_duty_display(),
            done.item.task,
            _span(done.item.starts, done.item.ends),
            done.item.who,
            done.item.target,
            done.item.times,
            done.times,
            "已取消"
            if done.item.dropped
            else "已完成"
            if done.complete
            else "进行中"
            if done.times
            else "未开展",
        )
        for done in (items_of(plan) if plan else [])
    )
    columns = ("序号", "职责", "任务", "时间", "负责人", "目标", "目标次数", "已开展", "完成情况")
    return Sheet("计划任务完成情况", columns, (1, 2, 5, 2.4, 2, 4, 1.2, 1.2, 1.6), rows)


def _span(starts: str, ends: str) -> str:
    return f"{starts}至{ends}" if starts and ends else starts or ends


def _activities(studio: Studio, year: StudioYear) -> Sheet:
    came = Count("attendances", filter=Q(attendances__membership__studio=studio, attendances__present=True))
    rows = activities_of(year).annotate(came=came).select_related("organiser").defer("report", "purpose")
    schools = Prefetch("schools", Organisation.objects.order_by("pk"))
    lines = tuple(
        (
            timezone.localdate(row.starts_at),
            row.title,
            row.get_duty_display(),
            row.get_form_display(),
            row.place,
            row.organiser.name if row.organiser else studio.name,
            row.came,
            row.audience,
            "、".join(_school(school) for school in row.schools.all()),
            row.get_state_display(),
        )
        for row in rows.prefetch_related(schools).order_by("starts_at", "pk")
    )
    columns = ("日期", "活动", "职责", "形式", "地点", "主办", "到场成员", "参加人数", "帮扶学校", "状态")
    return Sheet("活动", columns, (2.2, 4, 2, 1.8, 2.6, 3, 1.2, 1.2, 3.4, 1.5), lines)


def _school(school: Organisation) -> str:
    marks = [word for word, holds in (("乡村", school.area == Area.RURAL), ("薄弱", school.weak)) if holds]
    return f"{school.name}（{'、'.join(marks)}）" if marks else school.name


def _attendance(studio: Studio, year: StudioYear) -> Sheet:
    """Who was to come to what was held, and came; members who were in the studio in that year."""
    counted = {
        key: Attended(called, came)
        for key, called, came in attendance_of(year).values_list("membership").annotate(**CALLED)
    }
    members = Membership.objects.filter(studio=studio, joined_on__lte=year.ends)
    members = members.exclude(left_on__lt=year.starts).select_related("principal__school")
    return Sheet(
        "成员出勤",
        ("成员", "学校", "加入", "退出", "应到", "到场", "出勤率"),
        (2, 4, 2, 2, 1, 1, 1.4),
        tuple(
            _member(row, counted.get(row.pk, Attended()))
            for row in members.order_by("principal__sort_key", "pk")
        ),
    )


def _member(row: Membership, attended: Attended) -> tuple[Any, ...]:
    facts = row.principal.name, row.principal.school.name, row.joined_on, row.left_on
    return (*facts, attended.called, attended.came, attended.rate)


def _outputs(year: StudioYear) -> Sheet:
    rows = tuple(
        (
            row.dated,
            row.title,
            row.get_kind_display(),
            row.get_level_display(),
            row.authors,
            row.number,
            row.source,
            row.get_duty_display(),
        )
        for row in year.outputs.exclude(state=OutputState.WITHDRAWN).order_by("dated", "pk")
    )
    columns = ("时间", "名称", "类别", "级别", "作者或完成人", "编号或文号", "刊物或单位", "职责")
    return Sheet("成果", columns, (2, 4.5, 1.2, 1.6, 2.4, 2.2, 2.6, 2), rows)


def _advice(year: StudioYear) -> Sheet:
    sent = Advice.objects.filter(year=year).exclude(state=AdviceState.DRAFT)
    rows = tuple(
        (
            timezone.localdate(row.sent_at) if row.sent_at else None,
            row.get_kind_display(),
            row.title,
            row.get_verdict_display() if row.verdict else row.get_state_display(),
            row.reply,
        )
        for row in sent.order_by("sent_at", "pk")
    )
    return Sheet("建言献策", ("报送", "种类", "标题", "答复", "答复意见"), (2, 1.8, 5, 1.8, 6), rows)


def _staff(studio: Studio, year: StudioYear) -> Sheet:
    rows = Staff.objects.filter(studio=studio, starts__lte=year.ends).exclude(ends__lt=year.starts)
    lines = tuple(
        (
            row.get_kind_display(),
            row.name,
            row.unit,
            row.post,
            row.mentor.name if row.mentor else "",
            row.starts,
            row.ends,
            row.tasks,
        )
        for row in rows.select_related("mentor").order_by("kind", "starts", "pk")
    )
    columns = ("身份", "姓名", "单位", "职务职称", "结对导师", "开始", "结束", "任务")
    return Sheet("顾问、助理和跟岗研修人员", columns, (1.8, 1.6, 3.2, 2, 1.6, 2, 2, 4), lines)


def words(rows: tuple[tuple[Any, ...], ...]) -> Iterator[tuple[str, ...]]:
    """Rows as paper says them: dates in short, nothing for None."""
    for row in rows:
        yield tuple(
            f"{cell:%Y-%m-%d}" if isinstance(cell, date) else "" if cell is None else str(cell)
            for cell in row
        )
