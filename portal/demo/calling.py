"""What bureau and public do to a call of the demonstration, from its opening to the announcement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.capacity import PUBLIC
from applications import results
from applications.calling import fresh_number
from applications.defaults import end_of_day
from applications.defaults import lay as lay_materials
from applications.flows import ANNOUNCEMENT, CALL, PUBLICITY
from applications.models import (
    Announcement,
    Application,
    Call,
    Expert,
    Objection,
    Panel,
    PanelSeat,
    Publicity,
    Quota,
    Review,
    StagePlaces,
)
from evaluations.models import Rubric
from office.attachments import receive
from office.door import begin, take
from portal.demo.cast import Cast
from portal.demo.stage import Stage, at_time, paper

CONTACT = "赤峰市教育局教师工作科，电话 0476-8300000，新城区玉龙大街1号"


@dataclass(frozen=True)
class Plan:
    """A call's dates as days from the day on which it opens."""

    name: str
    opens: datetime
    submit: int
    score: int
    stages: dict[str, int]
    start_on: date


def make_call(cast: Cast, plan: Plan, rubric: Rubric) -> Call:
    """A call as the officer would set it up, opened on its first morning."""
    officer = cast.officer(cast.bureau.pk)
    evening = end_of_day(timezone.localdate(plan.opens))
    call = Call(
        number=fresh_number(cast.programme, plan.opens),
        programme=cast.programme,
        name=plan.name,
        start_on=plan.start_on,
        opens_at=at_time(plan.opens, 8),
        submit_by=evening + timedelta(days=plan.submit),
        school_by=evening + timedelta(days=plan.submit + 2),
        authority_by=evening + timedelta(days=plan.submit + 6),
        check_by=evening + timedelta(days=plan.submit + 9),
        score_by=evening + timedelta(days=plan.score),
        county_quota=4,
        rubric=rubric,
    )
    begin(call, officer, plan.opens, "拟定批次")
    for stage, places in plan.stages.items():
        StagePlaces.objects.create(call=call, stage=stage, number=places)
        Quota.objects.create(call=call, authority=cast.bureau, stage=stage, number=3)
    lay_materials(call)
    take(CALL, "open", call.pk, officer, plan.opens)
    return Call.objects.get(pk=call.pk)


def seat_panels(stage: Stage, experts: int) -> None:
    """The same experts on a panel for each stage of the call."""
    for places in stage.call.places.all():
        panel = Panel.objects.create(call=stage.call, stage=places.stage)
        for expert in Expert.objects.order_by("pk")[:experts]:
            PanelSeat.objects.create(panel=panel, expert=expert, drawn=True)


def judge(stage: Stage, at: datetime, levels: dict[int, float]) -> None:
    """All experts score all applications around the level of each."""
    for review in Review.objects.filter(application__call=stage.call).select_related("expert", "application"):
        stage.score(review, at, levels[review.application_id])


def decide(stage: Stage, at: datetime) -> None:
    """The officer takes over what the scores propose and attaches the minutes, the leader decides."""
    results.take_over(stage.call, stage.owner, at)
    receive(CALL, stage.call.pk, paper("会议纪要"), slot="minutes", me=stage.owner, at=at)
    opinion = "经局党组会议研究，同意按评审结果确定名单。"
    take(CALL, "decide", stage.call.pk, stage.leader, at, opinion)


def publish(stage: Stage, at: datetime) -> Publicity:
    publicity = Publicity(call=stage.call, days=stage.call.publicity_days, contact=CONTACT)
    begin(publicity, stage.owner, at, "拟定公示")
    take(PUBLICITY, "publish", publicity.pk, stage.owner, at)
    return Publicity.objects.get(pk=publicity.pk)


def issue(stage: Stage, over: datetime) -> None:
    """The announcement is drafted and issued in the days after the publicity was over: the studios are founded."""
    announcement = Announcement(
        call=stage.call,
        title="关于公布赤峰市名校长工作室名单的通知",
        issued_on=timezone.localtime(over).date() + timedelta(days=5),
    )
    begin(announcement, stage.owner, over + timedelta(days=2), "拟稿")
    take(ANNOUNCEMENT, "issue", announcement.pk, stage.leader, over + timedelta(days=5))


def announce(stage: Stage, publicity: Publicity) -> None:
    """Nobody objects; the studios are announced."""
    over = (publicity.ends_at or publicity.since) + timedelta(hours=10)
    take(PUBLICITY, "conclude", publicity.pk, stage.owner, over)
    issue(stage, over)


def object_to(application: Application, at: datetime, name: str, text: str) -> Objection:
    """Somebody objects on the public page."""
    objection = Objection(
        publicity=application.publicity,
        application=application,
        name=name,
        contact="19900001234",
        text=text,
        received_at=at,
    )
    begin(objection, PUBLIC, at, "提出异议", facts={"public": True})
    return objection
