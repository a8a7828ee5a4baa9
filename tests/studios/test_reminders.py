"""What time tells of studios at work: once each, to whom it concerns, also after days without the clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
import time_machine

from accounts.models import Role
from office.door import take
from office.models import Notice
from office.reminders import remind
from studios.flows import MEMBERSHIP, PLAN
from studios.models import Membership, Plan, PlanKind, Studio
from tests.articles.test_article_16 import fill
from tests.factories.accounts import make_bureau, make_principal
from tests.factories.applications import acting, make_lead, someone
from tests.factories.studios import FOUNDED, SEATED, ZONE, accepted, invited, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
DAY = timedelta(days=1)


def on(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


def clock(*moments: datetime) -> None:
    for at in moments:
        with time_machine.travel(at, tick=False):
            remind(at)


def daily(since: datetime, until: datetime) -> Iterable[datetime]:
    while since <= until:
        yield since
        since += DAY


def told(person: int | None, name: str) -> list[str]:
    """The days on which somebody was told by this reminder."""
    rows = Notice.objects.filter(user=person, key__startswith=f"{name}:").order_by("pk")
    return [f"{row.at.astimezone(ZONE):%m-%d}" for row in rows]


@pytest.fixture
def studio() -> Studio:
    return make_studio()


def file_all(studio: Studio, at: datetime) -> None:
    for plan in Plan.objects.filter(studio=studio, kind=PlanKind.ANNUAL):
        take(PLAN, "file", fill(plan).pk, acting(studio.lead), at)


def test_the_lead_hears_thirty_seven_and_one_day_before_the_plan_is_due(studio: Studio) -> None:
    file_all(studio, SEATED)  # the development plan is still open
    clock(*daily(on(2027, 2, 27), on(2027, 4, 2)))
    assert told(studio.lead.user_id, "plan-closes") == ["03-01", "03-24", "03-30"]
    assert told(studio.lead.user_id, "plan-overdue") == ["04-01"]


def test_two_plans_due_on_one_day_are_one_notice_and_what_is_filed_is_told_no_more(studio: Studio) -> None:
    clock(on(2027, 2, 20), on(2027, 3, 1))
    notice = Notice.objects.get(user=studio.lead.user_id, key__startswith="plan-closes")
    assert notice.text == "2 份规划或计划尚未备案，2027年3月31日（周三）截止"
    assert notice.url == "/plans/?waiting=1"


def test_county_and_bureau_hear_every_week_of_plans_that_lack_in_one_notice() -> None:
    bureau = someone(Role.OFFICER, make_bureau())
    first, second = make_studio(), make_studio(make_lead(name="乌恩"))
    county = someone(Role.OFFICER, first.authority)
    assert first.authority == second.authority
    clock(*daily(on(2027, 3, 30), on(2027, 5, 8)))
    weeks = ["04-01", "04-08", "04-15", "04-22", "04-29"]
    for me in (bureau, county):
        assert told(me.user_id, "plans-outstanding") == weeks
    notice = Notice.objects.filter(user=county.user_id, key__startswith="plans-outstanding").first()
    assert notice is not None
    assert notice.text.startswith("4 份规划或计划已于")
    assert notice.url == "/studios/?mark=plan"


def test_a_clock_that_was_off_tells_the_last_mark_alone_and_once(studio: Studio) -> None:
    file_all(studio, SEATED)
    clock(on(2027, 2, 20))
    clock(on(2027, 3, 30, 15), on(2027, 3, 30, 15), on(2027, 3, 30, 18))
    assert told(studio.lead.user_id, "plan-closes") == ["03-30"]


def leave(member: Membership, at: datetime) -> None:
    take(MEMBERSHIP, "leave", member.pk, acting(member.principal), at, "工作调动")
    take(MEMBERSHIP, "note_left", member.pk, someone(Role.OFFICER, make_bureau()), at)


def test_members_missing_for_sixty_days_are_told_once_and_anew_when_it_happens_again(studio: Studio) -> None:
    first, second = Membership.objects.filter(studio=studio).order_by("pk")[:2]
    leave(first, on(2027, 2, 1))
    clock(*daily(on(2027, 3, 28), on(2027, 4, 8)))
    concerned = [
        studio.lead.user_id,
        someone(Role.OFFICER, studio.authority).user_id,
        someone(Role.OFFICER, make_bureau()).user_id,
    ]
    for person in concerned:
        assert told(person, "members-below") == ["04-02"]
    newcomer = accepted(invited(studio, at=on(2027, 5, 2)), on(2027, 5, 2))
    for step, place in (
        ("consent_school", newcomer.principal.school),
        ("consent_authority", newcomer.principal.school.parent),
    ):
        take(MEMBERSHIP, step, newcomer.pk, someone(Role.OFFICER, place), on(2027, 5, 2))
    clock(*daily(on(2027, 5, 28), on(2027, 6, 1)))
    leave(second, on(2027, 6, 1))
    clock(*daily(on(2027, 7, 28), on(2027, 8, 3)))
    assert told(studio.lead.user_id, "members-below") == ["04-02", "07-31"]


def test_a_studio_that_does_not_fill_is_told_of_before_and_after_its_days() -> None:
    studio = make_studio(members=7)
    studio.prepare_by = (FOUNDED + 60 * DAY).date()
    studio.save(update_fields=["prepare_by"])  # announcements set it with the studio
    leader = someone(Role.LEADER, make_bureau())
    clock(*daily(FOUNDED + 44 * DAY, FOUNDED + 64 * DAY))
    assert told(studio.lead.user_id, "preparing-ends") == ["01-16", "01-27"]
    assert told(leader.user_id, "preparing-over") == ["01-31"]


def test_whoever_has_not_consented_for_a_week_is_reminded_once(studio: Studio) -> None:
    member = accepted(invited(studio, make_principal(famous=True, head=True), at=SEATED), SEATED)
    school = someone(Role.OFFICER, member.principal.school)
    county = someone(Role.OFFICER, member.principal.school.parent)
    take(MEMBERSHIP, "consent_school", member.pk, school, SEATED)
    clock(*daily(SEATED + DAY, SEATED + 9 * DAY))
    assert told(county.user_id, "consent-waits") == [f"{SEATED + 7 * DAY:%m-%d}"]
    assert told(school.user_id, "consent-waits") == []


def test_who_was_invited_and_does_not_answer_is_reminded_after_a_week(studio: Studio) -> None:
    member = invited(studio, at=SEATED)
    me = acting(member.principal)
    clock(*daily(SEATED, SEATED + 9 * DAY))
    assert told(me.user_id, "invitation-waits") == [f"{SEATED + 7 * DAY:%m-%d}"]


def test_the_end_of_the_term_is_told_half_a_year_and_a_quarter_before(studio: Studio) -> None:
    clock(*daily(on(2029, 7, 2), on(2029, 7, 6)), *daily(on(2029, 9, 30), on(2029, 10, 4)))
    assert told(studio.lead.user_id, "term-ends") == ["07-04", "10-02"]
