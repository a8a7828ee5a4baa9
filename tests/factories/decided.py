"""From applications under review to the decided list, the publicity, the announcement: through the door."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from accounts.capacity import Capacity
from accounts.models import Appointment, Organisation, Role
from applications.flows import ANNOUNCEMENT, CALL, PROPOSED_MEMBER, PUBLICITY, REVIEW
from applications.models import (
    Announcement,
    Application,
    ApplicationState,
    Call,
    Expert,
    Panel,
    Publicity,
    Review,
    ReviewScore,
)
from evaluations.models import Indicator
from office.attachments import receive
from office.door import begin, take
from tests.factories.accounts import OrganisationFactory, make_capacity, make_county, make_school
from tests.factories.applications import DURING, bring_to, make_application, make_lead, paper, someone

ZONE = ZoneInfo("Asia/Shanghai")
DECIDED = datetime(2026, 9, 29, 15, 0, tzinfo=ZONE)
PUBLISHED = datetime(2026, 9, 30, 10, 0, tzinfo=ZONE)  # a Wednesday
LAST_SECOND = datetime(2026, 10, 13, 23, 59, 59, tzinfo=ZONE)
AFTERWARDS = datetime(2026, 10, 14, 9, 0, tzinfo=ZONE)
CONTACT = "赤峰市教育局教师工作科，0476-8330000"


def applicant(call: Call, name: str, county: str = "红山区", stage: str = "primary") -> Application:
    """An application of ``name`` under review, its eight members with the consents of school and authority."""
    lead = make_lead(name=name, school=make_school(make_county(county)))
    application = make_application(call, lead)
    application = bring_to(application, ApplicationState.UNDER_REVIEW)
    for member in application.members.select_related("principal__school__parent"):
        school = member.principal.school
        take(PROPOSED_MEMBER, "consent_school", member.pk, someone(Role.OFFICER, school), DURING)
        take(PROPOSED_MEMBER, "consent_authority", member.pk, someone(Role.OFFICER, school.parent), DURING)
    return application


def decide(call: Call, at: datetime = DECIDED) -> Call:
    """Every application under review gets full points of three experts and passes."""
    owner = call.programme.owner
    officer, leader = someone(Role.OFFICER, owner), someone(Role.LEADER, owner)
    reviewed = at - timedelta(days=1)
    elsewhere = OrganisationFactory(name=f"{call.number}评审专家单位")
    for stage in set(call.applications.values_list("stage", flat=True)):
        panel = Panel.objects.create(call=call, stage=stage)
        for _ in range(call.valid_reviews_min):
            person = make_capacity(Role.EXPERT, elsewhere)
            panel.seats.create(expert=Expert.objects.create(user=person.user, unit=elsewhere, stages=[stage]))
    take(CALL, "start_review", call.pk, officer, reviewed)
    for review in Review.objects.filter(application__call=call).select_related("expert__user"):
        _submit(review, reviewed)
    call.applications.filter(state=ApplicationState.UNDER_REVIEW).update(result="pass")
    receive(CALL, call.pk, paper("会议纪要.pdf"), slot="minutes", me=officer, at=at)
    return take(CALL, "decide", call.pk, leader, at, "经局党组会议研究，同意。")


def _submit(review: Review, at: datetime) -> None:
    for indicator in Indicator.objects.filter(rubric=review.application.call.rubric_id, parent__isnull=False):
        ReviewScore.objects.create(
            review=review, indicator=indicator, points=Decimal(indicator.points), maximum=indicator.points
        )
    Review.objects.filter(pk=review.pk).update(comment="办学成效突出。")
    appointment = Appointment.objects.get(user=review.expert.user, role=Role.EXPERT)
    take(REVIEW, "submit", review.pk, Capacity(review.expert.user, appointment), at)


def publish(call: Call, at: datetime = PUBLISHED, days: int = 5) -> Publicity:
    """The decided list goes up."""
    officer = someone(Role.OFFICER, call.programme.owner)
    publicity = Publicity(call=call, days=days, contact=CONTACT)
    begin(publicity, officer, at, "拟定公示")
    return take(PUBLICITY, "publish", publicity.pk, officer, at)


def conclude(publicity: Publicity, at: datetime = AFTERWARDS) -> Publicity:
    """The list has ended, says the owner's officer."""
    officer = someone(Role.OFFICER, publicity.call.programme.owner)
    return take(PUBLICITY, "conclude", publicity.pk, officer, at)


def announce(call: Call, at: datetime = AFTERWARDS, number: str = "", copies_to: str = "") -> Announcement:
    """All that is confirmed is announced by the owner's leader."""
    owner: Organisation = call.programme.owner
    draft = Announcement(
        call=call,
        title="关于公布2026年度名校长工作室名单的通知",
        document_number=number,
        issued_on=at.date(),
        copies_to=copies_to,
    )
    begin(draft, someone(Role.OFFICER, owner), at, "拟稿")
    return take(ANNOUNCEMENT, "issue", draft.pk, someone(Role.LEADER, owner), at)


def publicised(call: Call, names: Sequence[str]) -> Publicity:
    """A call with these applicants, decided and publicised."""
    for name in names:
        applicant(call, name)
    return publish(decide(call))
