"""What time tells in a round of applications: before a date, at it, after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.urls import reverse

from applications.flows import tells
from applications.flows.application import APPLICATION
from applications.flows.call import CALL
from applications.flows.member import PROPOSED_MEMBER
from applications.flows.publicity import OBJECTION, PUBLICITY
from applications.flows.review import REVIEW
from applications.models import (
    Application,
    ApplicationState,
    CallState,
    MemberState,
    ObjectionState,
    PublicityState,
    ReviewState,
)
from office.models import NoticeKind
from office.reminders import Reminder, register
from office.words import moment

A = ApplicationState
LAST_DAYS = (3, 1)


def _until(what: str) -> Callable[[Any, datetime], str]:
    return lambda case, until: f"{case}：{what}，{moment(until)}截止"


def _several(what: str) -> Callable[[int, datetime], str]:
    return lambda number, until: f"{number} 件{what}，{moment(until)}截止"


def _overdue(what: str) -> Callable[[Any, datetime], str]:
    return lambda case, until: f"{case}：{what}已于{moment(until)}到期"


def _several_overdue(what: str) -> Callable[[int, datetime], str]:
    return lambda number, until: f"{number} 件{what}已于{moment(until)}到期"


# Call

register(
    Reminder(
        "call-opens",
        CALL,
        (CallState.OPEN,),
        tells.schools_called,
        says=lambda call, at: f"{call}：申报开始，{moment(call.submit_by)}截止",
        together=lambda number, at: f"{number} 个批次开始申报",
        moment=Greatest(F("opens_at"), F("since")),
        kind=NoticeKind.PROGRESS,
        once=True,
    )
)
register(
    Reminder(
        "call-recommended",
        CALL,
        (CallState.OPEN,),
        tells.officers_of_call,
        says=lambda call, at: f"{call}：推荐已截止，请完成形式审查并开始专家评审",
        together=lambda number, at: f"{number} 个批次推荐已截止，请完成形式审查并开始专家评审",
        moment=F("authority_by"),
        kind=NoticeKind.ACTION,
    )
)

# Application, in whose hands it is

register(
    Reminder(
        "draft-closes",
        APPLICATION,
        (A.DRAFT,),
        tells.the_applicant,
        _until("尚未提交"),
        _several("申报尚未提交"),
        days=(7, *LAST_DAYS),
    )
)
register(
    Reminder(
        "school-closes",
        APPLICATION,
        (A.SCHOOL_REVIEW,),
        tells.the_school,
        _until("待学校审核"),
        _several("申报待学校审核"),
        days=LAST_DAYS,
    )
)
register(
    Reminder(
        "authority-closes",
        APPLICATION,
        (A.AUTHORITY_REVIEW,),
        tells.the_authority,
        _until("待审核推荐"),
        _several("申报待审核推荐"),
        days=(7, *LAST_DAYS),
    )
)
register(
    Reminder(
        "check-closes",
        APPLICATION,
        (A.RECOMMENDED,),
        tells.the_owner,
        _until("待形式审查"),
        _several("申报待形式审查"),
        days=LAST_DAYS,
    )
)
register(
    Reminder(
        "mending-ends",
        APPLICATION,
        (A.RETURNED,),
        tells.the_applicant,
        _until("退回后尚未重新提交"),
        _several("申报退回后尚未重新提交"),
        days=(1,),
    )
)

# Proposed member

register(
    Reminder(
        "invitation-closes",
        PROPOSED_MEMBER,
        (MemberState.PROPOSED,),
        tells.the_one_asked,
        lambda member, until: f"{member.application.studio_name}邀请您参加，请在{moment(until)}前答复",
        lambda number, until: f"{number} 份工作室邀请待您答复，{moment(until)}截止",
        days=LAST_DAYS,
    )
)

# At once when the application was sent, but gathered: a county may have eight members of one studio.
register(
    Reminder(
        "consent-asked",
        PROPOSED_MEMBER,
        (MemberState.ACCEPTED,),
        tells.those_who_consent,
        lambda member, at: f"{member.principal.name}参加{member.application.studio_name}，请办理同意",
        lambda number, at: f"{number} 名所属校长参加工作室，请办理同意",
        moment=F("application__submitted_at"),
        kind=NoticeKind.ACTION,
    )
)

# Review

register(
    Reminder(
        "review-due",
        REVIEW,
        (ReviewState.ASSIGNED,),
        tells.the_expert,
        _until("尚未提交评分"),
        _several("申报尚未提交评分"),
        days=LAST_DAYS,
    )
)
register(
    Reminder(
        "review-overdue",
        REVIEW,
        (ReviewState.ASSIGNED,),
        tells.the_expert,
        _overdue("专家评分"),
        _several_overdue("专家评分"),
    )
)
register(
    Reminder(
        "reviews-outstanding",
        REVIEW,
        (ReviewState.ASSIGNED,),
        tells.the_owner_of_review,
        lambda review, until: f"{review.application}：{review.expert}的评分已于{moment(until)}到期，尚未提交",
        lambda number, until: f"{number} 份专家评分已于{moment(until)}到期，尚未提交",
        leads=lambda review: reverse("call-progress", args=[review.application.call.number]),
    )
)

# Publicity and objections

register(
    Reminder(
        "publicity-ends",
        PUBLICITY,
        (PublicityState.PUBLISHED,),
        tells.officers_of_publicity,
        lambda publicity, until: f"{publicity}：公示期{moment(until)}结束",
        lambda number, until: f"{number} 个公示{moment(until)}结束",
        days=(1,),
        kind=NoticeKind.PROGRESS,
    )
)
_unannounced = Application.objects.filter(publicity=OuterRef("pk"), state=A.CONFIRMED)
register(
    Reminder(
        "announcement-waits",
        PUBLICITY,
        (PublicityState.CONCLUDED,),
        tells.officers_of_publicity,
        lambda publicity, since: f"{publicity}：公示已于{moment(since)}结束，尚未公布，请拟定公布",
        lambda number, since: f"{number} 个公示已结束，尚未公布",
        days=(-5,),
        moment=F("since"),
        when=Q(Exists(_unannounced)),
    )
)
register(
    Reminder(
        "objection-to-admit",
        OBJECTION,
        (ObjectionState.RECEIVED,),
        tells.officers_of_objection,
        _until("待受理"),
        _several("异议待受理"),
        days=LAST_DAYS,
    )
)
register(
    Reminder(
        "objection-to-answer",
        OBJECTION,
        (ObjectionState.INVESTIGATING,),
        tells.leaders_of_objection,
        _until("待答复"),
        _several("异议待答复"),
        days=LAST_DAYS,
    )
)
register(
    Reminder(
        "objection-overdue",
        OBJECTION,
        ObjectionState.pending,
        tells.officers_of_objection,
        _overdue("异议答复"),
        _several_overdue("异议答复"),
    )
)
