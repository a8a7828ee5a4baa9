"""The second half of a round, from the experts to the plaque, each step taken by whose it is."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.capacity import PUBLIC, Capacity
from accounts.models import Appointment, Organisation, Role
from applications import objecting, panels, results
from applications.content import SECTIONS
from applications.flows import ANNOUNCEMENT, APPLICATION, CALL, OBJECTION, PUBLICITY, REVIEW
from applications.models import (
    Announcement,
    Application,
    ApplicationState,
    Call,
    Expert,
    Objection,
    Publicity,
    Review,
    ReviewScore,
    ReviewState,
)
from evaluations.models import Indicator
from office.attachments import receive
from office.door import Refused, begin, take
from office.filing.fields import value_of
from office.filing.saving import save_section, stamp
from office.flow import Flow
from office.models import Case
from programmes.numerals import chinese_number
from studios.models import Stage
from tests.factories.accounts import make_bureau, make_capacity
from tests.factories.applications import DURING, acting, attach_materials, bring_to, paper, someone

PANEL = 3


def on(year: int, month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """A moment of the wall clock in 赤峰."""
    return datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo("Asia/Shanghai"))


# The days of the round that make_call() opens on 2 March 2026, after its window.
SENDING_ON = on(2026, 3, 25)
REVIEWING_ON = on(2026, 4, 23)
SCORED_ON = on(2026, 5, 8)
DECIDED_ON = on(2026, 5, 25)
PUBLISHED_ON = on(2026, 5, 27)  # a Wednesday; five working days later is 3 June
CONCLUDED_ON = on(2026, 6, 4)
ANNOUNCED_ON = on(2026, 6, 10)


def last_moment(day: date) -> datetime:
    """The last second of a day, to its last fraction."""
    return datetime.combine(day, time.max, tzinfo=ZoneInfo("Asia/Shanghai"))


def owner(call: Call) -> Capacity:
    """The officer of the programme's owner."""
    return someone(Role.OFFICER, call.programme.owner)


def leader(call: Call) -> Capacity:
    """The leader of the programme's owner."""
    return someone(Role.LEADER, call.programme.owner)


def step(
    application: Application,
    name: str,
    me: Capacity,
    at: datetime = DURING,
    opinion: str = "",
    **given: object,
) -> Application:
    """One step of an application; returns it as it then is."""
    take(APPLICATION, name, application.pk, me, at, opinion, given)
    return again(application)


def refusal(
    flow: Flow,
    name: str,
    case: Case,
    me: Capacity,
    at: datetime = DURING,
    opinion: str = "同意。",
    **given: object,
) -> list[str]:
    """What the door says is missing, each sentence with its article; fails when the step is taken."""
    with pytest.raises(Refused) as refused:
        take(flow, name, case.pk, me, at, opinion, given)
    return [
        f"{lack.sentence}（第{chinese_number(lack.article)}条）" if lack.article else lack.sentence
        for lack in refused.value.missing
    ]


def again(application: Application) -> Application:
    """The application as the database has it now."""
    rows = Application.objects.select_related("call__programme__owner", "lead", "school", "authority")
    return rows.get(pk=application.pk)


def endorse(application: Application, at: datetime = DURING) -> Application:
    """The school attaches what it owes and agrees."""
    officer = someone(Role.OFFICER, application.school)
    attach_materials(application, "school", officer, at)
    return step(application, "endorse", officer, at, "经学校党组织研究，同意申报。")


def recommend(application: Application, rank: int = 1, at: datetime = DURING) -> Application:
    """The school's authority recommends with a rank."""
    officer = someone(Role.OFFICER, application.authority)
    return step(application, "recommend", officer, at, "同意推荐。", rank=rank)


def make_expert(
    name: str = "", unit: Organisation | None = None, of: Organisation | None = None, **more: object
) -> Expert:
    """An expert for every stage in the pool of ``of`` (default: the bureau), appointed there."""
    person = make_capacity(Role.EXPERT, of or make_bureau(), name)
    return Expert.objects.create(user=person.user, unit=unit, stages=list(Stage.values), **more)


def judging(expert: Expert) -> Capacity:
    """The expert as an expert."""
    return Capacity(expert.user, Appointment.objects.get(user=expert.user, role=Role.EXPERT))


def seat_panel(call: Call, stage: str = Stage.PRIMARY, number: int = PANEL) -> list[Expert]:
    """New experts, named to the panel of a stage."""
    experts = [make_expert(of=call.programme.owner) for _ in range(number)]
    for expert in experts:
        panels.seat(call, stage, expert.pk, owner(call), DURING)
    return experts


def start_review(call: Call, at: datetime = REVIEWING_ON) -> Call:
    """The experts get what was accepted."""
    return take(CALL, "start_review", call.pk, owner(call), at)


def fill_sheet(review: Review, share: str = "0.9") -> None:
    """Give every indicator this share of its points, with a comment."""
    for indicator in Indicator.objects.filter(rubric=review.application.call.rubric_id, parent__isnull=False):
        points = (indicator.points * Decimal(share)).quantize(Decimal("0.1"))
        ReviewScore.objects.update_or_create(
            review=review,
            indicator=indicator,
            defaults={"points": points, "maximum": indicator.points, "reason": "见材料"},
        )
    review.comment = "材料翔实，规划可行。"
    review.save(update_fields=["comment"])


def score(review: Review, share: str = "0.9", at: datetime = SCORED_ON) -> Review:
    """The expert fills the sheet and hands it in."""
    fill_sheet(review, share)
    return take(REVIEW, "submit", review.pk, judging(review.expert), at)


def judge(call: Call, share: str = "0.9", at: datetime = SCORED_ON) -> None:
    """Every sheet still open is handed in."""
    rows = Review.objects.filter(application__call=call, state=ReviewState.ASSIGNED)
    for review in rows.select_related("application__call", "expert__user"):
        score(review, share, at)


def attach_minutes(call: Call, at: datetime = DECIDED_ON) -> None:
    """The officer attaches the minutes of the meeting."""
    receive(CALL, call.pk, paper("会议纪要.pdf"), slot="minutes", me=owner(call), at=at)


def decide(call: Call, at: datetime = DECIDED_ON) -> Call:
    """The officer takes over what the scores propose and attaches the minutes, the leader decides."""
    results.take_over(call, owner(call), at)
    attach_minutes(call, at)
    return take(CALL, "decide", call.pk, leader(call), at, "经局党组会议研究，同意。")


def publish(call: Call, at: datetime = PUBLISHED_ON) -> Publicity:
    """The list of the passed goes up."""
    publicity = Publicity(call=call, days=call.publicity_days, contact="市教育局人事科，电话 0476-8300000")
    begin(publicity, owner(call), at)
    take(PUBLICITY, "publish", publicity.pk, owner(call), at)
    return Publicity.objects.get(pk=publicity.pk)


def object_to(application: Application, at: datetime, name: str = "钱学文") -> Objection:
    """Somebody objects by the public form at ``at``."""
    words = objecting.Grievance(name, "13900001111", "对材料的真实性有疑问。")
    return objecting.receive(application.publicity_id, application.number, words, [], me=PUBLIC, at=at)


def answer(objection: Objection, name: str, at: datetime, opinion: str = "已向颁奖单位核实。") -> Objection:
    """The officer looks into an objection, the leader answers: ``uphold`` or ``dismiss``."""
    call = objection.publicity.call
    take(OBJECTION, "investigate", objection.pk, owner(call), at)
    return take(OBJECTION, name, objection.pk, leader(call), at + timedelta(hours=1), opinion)


def conclude(publicity: Publicity, at: datetime = CONCLUDED_ON) -> Publicity:
    """The officer ends the publicity."""
    return take(PUBLICITY, "conclude", publicity.pk, owner(publicity.call), at)


def draft_announcement(call: Call, at: datetime = CONCLUDED_ON, number: str = "") -> Announcement:
    """The officer drafts the document that will set up the studios, ``number`` typed from the register or none."""
    announcement = Announcement(
        call=call,
        title="关于公布赤峰市名校长工作室名单的通知",
        issued_on=at.astimezone().date(),
        document_number=number,
    )
    begin(announcement, owner(call), at)
    return announcement


def announce(call: Call, at: datetime = ANNOUNCED_ON, number: str = "") -> Announcement:
    """The leader issues it."""
    return take(ANNOUNCEMENT, "issue", draft_announcement(call, at, number).pk, leader(call), at)


def bring_on(application: Application, state: str) -> Application:
    """Bring the only application of its call, or one of several at one place, forward to ``state``, to the end."""
    S = ApplicationState
    order = [S.UNDER_REVIEW, S.PASSED, S.PUBLICISED, S.CONFIRMED, S.ANNOUNCED]
    if state not in order:
        return bring_to(application, state)
    application = bring_to(application, S.UNDER_REVIEW)
    call = application.call
    seat_panel(call, application.stage)
    start_review(call)
    if state == S.UNDER_REVIEW:
        return again(application)
    judge(call)
    decide(call)
    steps = (publish, lambda call: conclude(call.publicities.get()), announce)
    for go_on in steps[: order.index(S(state)) - 1]:
        go_on(call)
    return again(application)


def change(application: Application, section: str, at: datetime = DURING, **values: object) -> Application:
    """The applicant changes some fields of a section."""
    held = SECTIONS[section]
    now = {field.key: value_of(application, held, field) for field in held.fields}
    save_section(application, held, now | values, stamp(application, held), at)
    return again(application)


def withdraw(application: Application, at: datetime = DURING) -> Application:
    """The applicant takes it back."""
    return step(application, "withdraw", acting(application.lead), at)
