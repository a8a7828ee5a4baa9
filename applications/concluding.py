"""What publicity, objections and the announcement need, and what they will do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from applications.models import (
    Announcement,
    Application,
    ApplicationState,
    CallState,
    Objection,
    ObjectionState,
    Publicity,
)
from office.flow import Missing
from office.words import day, moment
from programmes import working_days


def list_to_publish(publicity: Publicity, at: datetime) -> Iterator[Missing]:
    """The call is decided and somebody passed."""
    call = publicity.call
    if call.state not in (CallState.DECIDED, CallState.PUBLICITY):
        yield Missing("名单尚未审定", 9, call.get_absolute_url())
    elif not call.applications.filter(state=ApplicationState.PASSED).exists():
        yield Missing("没有待公示的工作室", 9, call.get_absolute_url())
    if not publicity.contact.strip():
        yield Missing("请填写异议受理单位及联系方式", 9, reverse("publicity-edit", args=[publicity.pk]))


def end_of(publicity: Publicity, at: datetime) -> working_days.Deadline:
    """The last moment of a publicity that begins at ``at``."""
    return working_days.after(at.astimezone().date(), publicity.days)


def what_publishing_does(publicity: Publicity) -> str:
    number = publicity.call.applications.filter(state=ApplicationState.PASSED).count()
    return f"将公示 {number} 个工作室，公示期 {publicity.days} 个工作日，自公示次日起算，节假日不计"


def what_correcting_does(publicity: Publicity) -> str:
    return f"更正说明将写在公示页上，公示期自今日起重新计算 {publicity.days} 个工作日"


def publicity_over(publicity: Publicity, at: datetime) -> Iterator[Missing]:
    """Art. 9 经公示无异议: the conclusion comes after the last second of the last day."""
    if publicity.ends_at is None or at <= publicity.ends_at:
        yield Missing(f"公示期至{moment(publicity.ends_at)}，期满后方可结束", 9)


def objection_due(objection: Objection, at: datetime) -> datetime | None:
    """Objections are answered within objection_working_days."""
    if objection.state not in ObjectionState.pending:
        return None
    days = objection.publicity.call.programme.objection_working_days
    return working_days.after(objection.received_at.astimezone().date(), days).moment


def what_upholding_does(objection: Objection) -> str:
    return f"异议成立后，{objection.application.studio_name}不予公布"


def ready_to_issue(announcement: Announcement, at: datetime) -> Iterator[Missing]:
    """Art. 9: announced is who went through publicity without a valid objection."""
    call = announcement.call
    if call.state not in (CallState.PUBLICITY, CallState.ANNOUNCED):
        yield Missing("尚未公示", 9, call.get_absolute_url())
    elif not to_announce(announcement).exists():
        yield Missing("没有公示无异议、待公布的工作室", 9, reverse("case-call", args=[call.key]))
    where = reverse("announcement-edit", args=[announcement.pk])
    if announcement.issued_on is None:
        yield Missing("请填写成文日期", 9, where)
    if not announcement.document_number and not call.programme.document_code:
        yield Missing("请填写发文字号（本项目没有设定发文机关代字，系统不能自动编号）", 9, where)


def to_announce(announcement: Announcement) -> QuerySet[Application]:
    """The applications this announcement will make studios of."""
    return Application.objects.filter(call=announcement.call_id, state=ApplicationState.CONFIRMED).order_by(
        "stage", "number"
    )


def what_issuing_does(announcement: Announcement) -> str:
    number = to_announce(announcement).count()
    held = announcement.call.applications.filter(state=ApplicationState.HELD).count()
    rest = f"；另有 {held} 个异议核查中，将另行公布" if held else ""
    return f"将印发文件，设立 {number} 个工作室并生成牌匾，周期自{day(announcement.call.start_on)}起{rest}"
