"""第十二条　名校长工作室所在学校应为工作室提供独立的工作场所和必要的办公条件，并适当减轻领衔人的工作负担。
工作室成员所在学校要为成员参加工作室活动提供便利和支持，予以必要的经费保障。
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from applications.flows import APPLICATION
from applications.models import Application
from office.attachments import receive, slots
from office.door import take
from office.models import Notice
from office.reminders import remind
from studios import timekeeping
from studios.flows import MEMBERSHIP, PLEDGE
from studios.models import PledgeState, SupportPledge
from tests.factories.accounts import capacity, make_bureau, make_capacity
from tests.factories.applications import (
    DURING,
    acting,
    bring_to,
    browser_of,
    make_application,
    make_call,
    paper,
    someone,
)
from tests.factories.rounds import refusal, step
from tests.factories.studios import SEATED, WORKING, ZONE, make_studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    """Sent to its school."""
    return bring_to(make_application(make_call()), "school_review")


def test_the_school_pledges_its_support_and_seals_the_form_before_it_endorses(
    application: Application,
) -> None:
    officer = someone(Role.OFFICER, application.school)
    assert refusal(APPLICATION, "endorse", application, officer) == [
        "请上传材料：学校支持承诺书（第十二条）",
        "请上传材料：签字盖章的申报表（第十二条）",
    ]
    receive(APPLICATION, application.pk, paper(), slot="pledge", me=officer, at=DURING)
    assert refusal(APPLICATION, "endorse", application, officer) == [
        "请上传材料：签字盖章的申报表（第十二条）"
    ]
    receive(APPLICATION, application.pk, paper(), slot="signed-form", me=officer, at=DURING)
    assert (
        step(application, "endorse", officer, opinion="提供专用工作室60平方米。").state == "authority_review"
    )


def test_the_pledge_is_the_schools_not_the_applicants(application: Application) -> None:
    also_officer = capacity(application.lead.user, application.school, Role.OFFICER)
    make_capacity(Role.OFFICER, application.school, name="林书记")
    for me in (acting(application.lead), also_officer, someone(Role.OFFICER, application.authority)):
        with pytest.raises((PermissionDenied, Application.DoesNotExist)):
            receive(APPLICATION, application.pk, paper(), slot="pledge", me=me, at=DURING)
    assert "pledge" not in slots(application)


def test_the_pledge_stays_when_the_authority_sends_the_application_back_to_the_school() -> None:
    application = bring_to(make_application(make_call()), "authority_review")
    county = someone(Role.OFFICER, application.authority)
    application = step(application, "authority_return_school", county, opinion="承诺书未写面积。")
    officer = someone(Role.OFFICER, application.school)
    receive(APPLICATION, application.pk, paper("承诺书（补）.pdf"), slot="pledge", me=officer, at=DURING)
    assert len(slots(application)["pledge"]) == 2
    assert step(application, "endorse", officer, opinion="已补充。").state == "authority_review"


def test_what_the_applicant_says_of_the_workplace_is_part_of_the_form() -> None:
    draft = make_application(make_call())
    draft.content = {**draft.content, "support": {}}
    draft.save()
    said = refusal(APPLICATION, "submit", draft, acting(draft.lead))
    assert len(said) == 1
    assert said[0].startswith("“经费与保障”尚缺：")


def test_with_the_studio_at_work_each_school_is_asked_and_the_host_confirms_with_what_article_12_asks() -> (
    None
):
    studio = make_studio()
    officer = someone(Role.OFFICER, studio.school)
    host = SupportPledge.objects.get(year__term__studio=studio, membership=None)
    assert SupportPledge.objects.filter(year=host.year, membership__isnull=False).count() == 8
    assert host.due == datetime(2027, 3, 31, 23, 59, 59, tzinfo=ZONE)
    assert PLEDGE.waiting(officer, SEATED).get() == host
    said = refusal(PLEDGE, "confirm", host, officer, at=SEATED)
    assert said == [
        "请填写独立工作场所（第十二条）",
        "请填写面积（第十二条）",
        "请填写减轻领衔人工作负担的措施（第十二条）",
    ]
    given = {"workplace": "办公楼三层302室", "area": "62.5", "equipment": "电脑四台", "load": "每周减四课时"}
    answer = browser_of(officer).post(f"/pledges/{host.pk}/steps/confirm/", given, follow=True)
    page = answer.content.decode()
    assert "62.5 ㎡" in page
    assert "每周减四课时" in page
    host.refresh_from_db()
    assert host.state == PledgeState.CONFIRMED


def test_what_is_confirmed_waits_for_nobody() -> None:
    studio = make_studio()
    host = SupportPledge.objects.get(year__term__studio=studio, membership=None)
    given = {"workplace": "302室", "area": Decimal("60"), "equipment": "", "load": "减四课时"}
    take(PLEDGE, "confirm", host.pk, someone(Role.OFFICER, studio.school), SEATED, given=given)
    page = browser_of(someone(Role.OFFICER, make_bureau())).get(f"/pledges/{host.pk}/").content.decode()
    assert "现为“已确认”。现在没有需要您办理的步骤。" in page
    assert "已等" not in page
    assert "（当前）" not in page


def test_a_members_school_gives_convenience_and_nobody_confirms_for_their_own_school_as_the_member() -> None:
    studio = make_studio()
    pledge = SupportPledge.objects.filter(year__term__studio=studio, membership__isnull=False)[0]
    member = pledge.membership.principal
    also_officer = capacity(member.user, pledge.school, Role.OFFICER)
    with pytest.raises(PermissionDenied):
        take(PLEDGE, "confirm", pledge.pk, also_officer, SEATED, given={"convenience": "调课"})
    with pytest.raises((PermissionDenied, SupportPledge.DoesNotExist)):
        take(PLEDGE, "confirm", pledge.pk, someone(Role.OFFICER, studio.school), SEATED)
    officer = someone(Role.OFFICER, pledge.school)
    given = {"convenience": "安排调课、用车", "funds": Decimal("3000.00")}
    assert take(PLEDGE, "confirm", pledge.pk, officer, SEATED, given=given).funds == Decimal("3000.00")


def test_next_year_begins_with_what_was_said_and_who_left_is_not_asked() -> None:
    studio = make_studio(members=9)
    host = SupportPledge.objects.get(year__term__studio=studio, membership=None)
    given = {"workplace": "302室", "area": Decimal("60"), "equipment": "", "load": "减四课时"}
    take(PLEDGE, "confirm", host.pk, someone(Role.OFFICER, studio.school), SEATED, given=given)
    leaver = studio.memberships.order_by("pk")[0]
    take(MEMBERSHIP, "leave", leaver.pk, acting(leaver.principal), WORKING, "工作调动")
    take(MEMBERSHIP, "note_left", leaver.pk, someone(Role.OFFICER, make_bureau()), WORKING)
    assert SupportPledge.objects.get(membership=leaver).state == PledgeState.LAPSED
    for day in (1, 1, 9):
        timekeeping.keep(datetime(2028, 1, day, 3, 0, tzinfo=ZONE))
    asked = SupportPledge.objects.filter(year__number=2)
    assert asked.count() == 9
    again = asked.get(membership=None)
    assert (again.state, again.workplace, again.load) == (PledgeState.OPEN, "302室", "减四课时")


def test_county_and_bureau_find_what_is_not_confirmed_and_the_school_is_reminded() -> None:
    studio = make_studio()
    host = SupportPledge.objects.get(year__term__studio=studio, membership=None)
    for officer in (someone(Role.OFFICER, studio.authority), someone(Role.OFFICER, make_bureau())):
        page = browser_of(officer).get("/pledges/?state=open&of=host").content.decode()
        assert page.count(studio.school.name) == 1
        assert "待学校确认" in page
    school = someone(Role.OFFICER, studio.school)
    remind(host.due.replace(hour=8, minute=0, second=0) - timedelta(days=14))
    assert Notice.objects.filter(user=school.user, text__contains="尚未确认").exists()


@pytest.mark.parametrize("studios", [1, 3])
def test_the_list_of_pledges_costs_the_same(studios: int, django_assert_num_queries: Any) -> None:
    for _ in range(studios):
        make_studio()
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    browser.get("/pledges/")
    with django_assert_num_queries(6):
        assert browser.get("/pledges/").content.decode().count("名校长工作室</a>") == studios * 9
    pledge = SupportPledge.objects.all()[0]
    with django_assert_num_queries(5):
        browser.get(pledge.get_absolute_url())
