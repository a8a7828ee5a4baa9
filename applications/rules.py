"""What must hold for the steps of Art. 9, and the articles that ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.statements import written_once
from applications.dates import dates_of
from applications.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Material,
    MemberState,
    ProposedMember,
    Quota,
    StagePlaces,
)
from office.attachments import filled_slots
from office.filing.pages import form_address
from office.flow import Missing
from office.words import moment
from programmes import working_days
from programmes.numerals import chinese_number
from studios.models import Bar, Studio

# The scheduled job waits this long after a deadline, so that what arrived in time is through the door before it.
GRACE = timedelta(minutes=10)


def mend_by(application: Application, at: datetime) -> datetime:
    """The end of mend_working_days counted from ``at``."""
    days = application.call.programme.mend_working_days
    return working_days.after(at.astimezone().date(), days).moment


def due(application: Application, at: datetime) -> datetime | None:
    """Until when the application is to leave the state it enters at ``at``.

    What was returned gets mend_working_days anew at each stop before the recommendation, also after the window.
    """
    names = {
        ApplicationState.DRAFT: "submit_by",
        ApplicationState.SCHOOL_REVIEW: "school_by",
        ApplicationState.AUTHORITY_REVIEW: "authority_by",
    }
    if application.state == ApplicationState.RETURNED:
        return mend_by(application, at)
    date = application.call.check_by if application.state == ApplicationState.RECOMMENDED else None
    if name := names.get(ApplicationState(application.state)):
        date = getattr(dates_of(application.call, application.authority_id), name)
    if date and application.resume_at:
        return max(date, mend_by(application, at))
    return date


def in_window(application: Application, at: datetime) -> Iterator[Missing]:
    """Art. 9: the call is open and ``at`` lies between its dates, the last second included."""
    call = application.call
    submit_by = dates_of(call, application.authority_id).submit_by
    if call.state != CallState.OPEN:
        yield Missing(f"“{call.name}”目前不在申报期（{call.get_state_display()}）", 9)
    elif at < call.opens_at:
        yield Missing(f"申报自{moment(call.opens_at)}开始", 9)
    elif at > submit_by:
        yield Missing(f"申报已于{moment(submit_by)}截止", 9)


def _materials(application: Application, by: str, section: str) -> Iterator[Missing]:
    filled = filled_slots(application)
    for material in application.call.materials.filter(by=by, required=True).exclude(key__in=filled):
        page = (
            form_address(application, section)
            if section
            else f"{application.get_absolute_url()}?tab=materials"
        )
        article = 12 if by == Material.By.SCHOOL else 9
        yield Missing(f"请上传材料：{material.label}", article, f"{page}#material-{material.key}")


def materials_attached(application: Application, at: datetime) -> Iterator[Missing]:
    """What the applicant has to attach is there."""
    yield from _materials(application, Material.By.APPLICANT, "materials")


def school_materials_attached(application: Application, at: datetime) -> Iterator[Missing]:
    """Art. 12: the school's support pledge, and the signed and sealed form."""
    yield from _materials(application, Material.By.SCHOOL, "")


def is_head(application: Application, at: datetime) -> Iterator[Missing]:
    """The applicant is a head now, and of this school (Art. 5 一般), with the title (Art. 6): otherwise with a reason."""
    lead = application.lead
    reason = application.exception.strip()
    where = form_address(application, "basics")
    if not lead.head:
        yield Missing("领衔人须为正职校长（园长），档案中现任职务不是正职，请联系旗县区教育局更正", 6)
    if lead.school_id != application.school_id and not reason:
        yield Missing(
            f"您的档案显示现任职学校为{lead.school}，工作室一般依托领衔校长所在学校设立，请说明例外理由",
            5,
            where,
        )
    if not lead.famous and not reason:
        yield Missing("档案中没有“市级名校长”称号，请说明例外理由", 6, where)


def enough_members(application: Application, at: datetime) -> Iterator[Missing]:
    """Art. 6: as many members as the programme asks for (8–10, the lead not counted) have accepted."""
    programme = application.call.programme
    states = _states_of_members(application.pk)
    accepted = states.count(MemberState.ACCEPTED)
    where = form_address(application, "members")
    if not programme.members_min <= accepted <= programme.members_max:
        yield Missing(
            f"第{chinese_number(6)}条：工作室由领衔校长和{programme.members_min}–{programme.members_max}名成员组成，"
            f"现有 {accepted} 名成员本人同意",
            6,
            where,
        )
    if len(states) > programme.members_max:
        yield Missing(
            f"拟任成员共 {len(states)} 名，超过 {programme.members_max} 名，请撤换多出的人选", 6, where
        )


@written_once
def _states_of_members(application: int) -> QuerySet[ProposedMember, str]:
    rows = ProposedMember.objects.filter(application=application, state__in=MemberState.live)
    return rows.values_list("state", flat=True)


def not_barred(application: Application, at: datetime) -> Iterator[Missing]:
    """Art. 18: 不合格的不再列为下一周期工作室建设对象."""
    call = application.call
    for bar in _bars(application.lead_id, call.programme_id, call.start_on):
        yield Missing(f"{bar.ground}，至{bar.until:%Y年%-m月%-d日}前不列为建设对象", 18)


@written_once
def _bars(lead: int, programme: int, start: date) -> QuerySet[Bar]:
    return Bar.objects.filter(principal=lead, programme=programme, starts__lte=start, until__gte=start)[:1]


def leads_no_other(application: Application, at: datetime) -> Iterator[Missing]:
    """A lead's present studio must have ended when the new term starts (Art. 5)."""
    for studio in _led_beyond(application.lead_id, application.call.start_on):
        yield Missing(f"您领衔的{studio}在新周期开始时尚未期满", 5)


@written_once
def _led_beyond(lead: int, start: date) -> QuerySet[Studio, str]:
    return Studio.objects.led_beyond(lead, start).values_list("name", flat=True)[:1]


def stage_called(application: Application, at: datetime) -> Iterator[Missing]:
    """The call sets up studios of this stage."""
    if not _places(application.call_id, application.stage):
        yield Missing(
            f"本批次不设{application.get_stage_display()}学段的工作室", 9, form_address(application, "basics")
        )


@written_once
def _places(call: int, stage: str) -> QuerySet[StagePlaces, int]:
    return StagePlaces.objects.filter(call=call, stage=stage).values_list("number", flat=True)


def within_mending(application: Application, at: datetime) -> Iterator[Missing]:
    """A returned application is mended within its working days, also after the window."""
    if application.due and at > application.due:
        yield Missing(f"修改期限已于{moment(application.due)}届满", 9)


def before_decision(application: Application, at: datetime) -> Iterator[Missing]:
    """What a call has decided is not taken up again."""
    if application.call.state not in (CallState.OPEN, CallState.REVIEWING):
        yield Missing(f"本批次{application.call.get_state_display()}，不能再恢复或受理", 9)


def places_left(application: Application, at: datetime) -> Iterator[Missing]:
    """The authority's quota, of the stage and altogether. Counted under the lock of the call."""
    call = application.call
    held = Application.objects.filter(
        call=call, authority=application.authority_id, recommended_at__isnull=False
    ).exclude(state__in=ApplicationState.freed)
    held = held.exclude(pk=application.pk)
    limits = dict(_limits(call.pk, application.authority_id))
    total = limits.get("", None if application.authority_id == call.programme.owner_id else call.county_quota)
    of_stage = limits.get(application.stage)
    if total is not None and held.count() >= total:
        yield Missing(f"推荐名额共 {total} 个，已用完", 9)
    if of_stage is not None and held.filter(stage=application.stage).count() >= of_stage:
        yield Missing(f"{application.get_stage_display()}学段推荐名额 {of_stage} 个，已用完", 9)


@written_once
def _limits(call: int, authority: int) -> QuerySet[Quota, tuple[str, int]]:
    return Quota.objects.filter(call=call, authority=authority).values_list("stage", "number")


def none_other_live(application: Application, at: datetime) -> Iterator[Missing]:
    """One live application per call and lead: a declined one is not reinstated beside a later one."""
    others = Application.objects.filter(call=application.call_id, lead=application.lead_id).exclude(
        state__in=ApplicationState.ended
    )
    if other := others.exclude(pk=application.pk).values_list("number", flat=True).first():
        yield Missing(f"申报人在本批次另有申报（{other}）", 9)


def place_again(application: Application, at: datetime) -> Iterator[Missing]:
    """Reinstating what had been recommended needs its place again."""
    if application.recommended_at:
        yield from places_left(application, at)


def ranked(application: Application, at: datetime) -> Iterator[Missing]:
    """Art. 9: a recommendation carries its rank within the stage, each rank once."""
    if not application.rank:
        yield Missing("请填写推荐排序", 9)
        return
    held = (application.call_id, application.authority_id, application.stage, application.rank)
    for taken in _of_rank(*held):
        if taken != application:
            yield Missing(f"推荐排序 {application.rank} 已用于{taken}", 9)


@written_once
def _of_rank(call: int, authority: int, stage: str, rank: int) -> QuerySet[Application]:
    held = Application.objects.filter(call=call, authority=authority, stage=stage, rank=rank)
    return held.filter(recommended_at__isnull=False).exclude(state__in=ApplicationState.freed)


def time_is_up(application: Application, at: datetime) -> Iterator[Missing]:
    """Nothing lapses before its date; what waits for the school lapses with the authority's date."""
    late = application.due is not None and at > application.due + GRACE
    if application.state == ApplicationState.SCHOOL_REVIEW:
        late = late and at > dates_of(application.call, application.authority_id).authority_by + GRACE
    if not late:
        yield Missing("尚未到期")


def call_of(application_pk: int) -> list[QuerySet[Any]]:
    """The lock under which quotas and the decision count: the call."""
    return [Call.objects.filter(applications=application_pk)]
