"""第七条　名校长工作室可聘请顾问、助理，可接收跟岗研修人员：由工作室自行确定，登记在案，不需审批。"""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from office.models import Entry
from studios.flows import PLAN
from studios.models import Plan, PlanKind, Staff, StaffKind, Studio
from tests.factories.accounts import make_bureau, make_capacity, make_school
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
TODAY = timezone.localdate()


@pytest.fixture
def studio() -> Studio:
    return make_studio()


def address(studio: Studio, *parts: object) -> str:
    return "/".join(["/studios", studio.number, "staff", *map(str, parts), ""])


def tab(studio: Studio, me) -> str:
    return browser_of(me).get(f"{studio.get_absolute_url()}?tab=staff").content.decode()


def add(studio: Studio, kind: str, me=None, **more) -> Staff:
    given = {"name": "包文华", "unit": "赤峰学院", "starts": str(TODAY - timedelta(days=30))} | more
    answer = browser_of(me or acting(studio.lead)).post(address(studio, "new", kind), given)
    assert answer.status_code == 302
    return Staff.objects.latest("pk")


def assistant(studio: Studio, **more):
    """An assistant who is an officer of some school, added by the lead with their account."""
    me = make_capacity(Role.OFFICER, make_school(studio.authority), name="敖敏")
    return me, add(studio, StaffKind.ASSISTANT, name="敖敏", account=me.user.username, **more)


def draft(studio: Studio, person: Staff, give: int = 1, me=None):
    return browser_of(me or acting(studio.lead)).post(address(studio, person.pk, "draft"), {"give": give})


def test_an_advisor_from_outside_is_recorded_without_account_or_approval(studio):
    add(studio, StaffKind.ADVISOR, post="教授")
    assert "包文华" in tab(studio, someone(Role.OFFICER, make_bureau()))
    entry = Entry.objects.of(studio).filter(step="staff").last()
    assert entry.label == "增加顾问"
    assert entry.user == studio.lead.user


def test_nobody_but_the_studio_records_its_people(studio):
    member = studio.memberships.all()[0].principal
    for other in (someone(Role.OFFICER, make_bureau()), someone(Role.OFFICER, studio.school), acting(member)):
        browser = browser_of(other)
        assert browser.get(address(studio, "new", "advisor")).status_code == 403
        assert browser.post(address(studio, "new", "advisor"), {"name": "某人"}).status_code == 403
        assert "增加顾问" not in tab(studio, other)
    assert not Staff.objects.exists()


def test_a_trainee_has_dates_host_mentor_and_tasks_and_ends_with_a_closing_note(studio):
    browser = browser_of(acting(studio.lead))
    given = {"name": "斯琴", "unit": "柳条沟小学", "starts": "2026-10-08"}
    lacking = browser.post(address(studio, "new", "trainee"), given)
    assert lacking.status_code == 422
    assert set(lacking.context["form"].errors) == {"ends", "host", "mentor", "tasks"}
    mentor = studio.memberships.select_related("principal__school").all()[0].principal
    more = {"ends": "2026-10-21", "host": mentor.school_id, "mentor": mentor.pk, "tasks": "参与行政值周"}
    trainee = add(studio, "trainee", **given | more)
    page = tab(studio, acting(studio.lead))
    assert mentor.name in page
    refused = browser.post(address(studio, trainee.pk, "end"), {"ends": "2026-10-21", "closing_note": ""})
    assert refused.status_code == 422
    browser.post(address(studio, trainee.pk, "end"), {"ends": "2026-10-21", "closing_note": "完成值周四次"})
    trainee.refresh_from_db()
    assert (trainee.ends, trainee.closing_note) == (date(2026, 10, 21), "完成值周四次")
    assert "已结业" in tab(studio, acting(studio.lead))


def test_a_mentor_is_the_lead_or_a_member_in_their_seat(studio):
    stranger = acting(make_studio().lead).user.principal
    given = {"name": "斯琴", "unit": "某校", "starts": "2026-10-08", "ends": "2026-10-21", "tasks": "跟岗"}
    given |= {"host": studio.school_id, "mentor": stranger.pk}
    answer = browser_of(acting(studio.lead)).post(address(studio, "new", "trainee"), given)
    assert set(answer.context["form"].errors) == {"mentor"}


def test_an_account_is_given_only_with_its_own_name(studio):
    me = make_capacity(Role.OFFICER, make_school(studio.authority), name="敖敏")
    given = {"name": "别人", "unit": "某校", "starts": str(TODAY), "account": me.user.username}
    answer = browser_of(acting(studio.lead)).post(address(studio, "new", "assistant"), given)
    assert "没有这个账号，或者与姓名不符" in answer.content.decode()


def test_an_assistant_is_let_draft_fills_in_but_does_not_file_and_loses_the_right(studio):
    me, person = assistant(studio)
    plan = Plan.objects.get(studio=studio, kind=PlanKind.ANNUAL)
    form = f"/plans/{plan.pk}/form/aims/"
    browser = browser_of(me)
    assert browser.get(form).status_code == 404
    assert draft(studio, person).status_code == 302
    assert "可代为起草" in tab(studio, acting(studio.lead))
    page = browser.get(form)
    saved = browser.post(form, {"aims": "助理起草", "link": "", "version": page.context["version"]})
    assert saved.status_code == 302
    assert plan.get_absolute_url() in browser.get("/plans/").content.decode()
    assert browser.post(f"/plans/{plan.pk}/steps/file/").status_code == 403
    draft(studio, person, give=0)
    assert browser.get(form).status_code == 404


def test_the_right_ends_with_the_assistants_time(studio):
    me, person = assistant(studio)
    draft(studio, person)
    assert PLAN.seen(me).exists()
    browser_of(acting(studio.lead)).post(
        address(studio, person.pk, "end"), {"ends": str(TODAY - timedelta(days=1))}
    )
    assert not PLAN.seen(me).exists()
    assert draft(studio, person).status_code == 403


def test_a_time_that_runs_out_by_itself_ends_the_right_too(studio):
    me, person = assistant(studio, ends=str(TODAY))
    draft(studio, person)
    assert PLAN.seen(me).exists()
    other, past = assistant(studio, ends=str(TODAY - timedelta(days=1)))
    assert draft(studio, past).status_code == 403
    assert not PLAN.seen(other).exists()


def test_the_lead_alone_lets_draft(studio):
    me, person = assistant(studio)
    draft(studio, person)
    _, second = assistant(studio)
    assert draft(studio, second, me=me).status_code == 403
    assert add(studio, StaffKind.ADVISOR, me=me).name == "包文华"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_tab_costs_the_same_for_one_person_and_for_three(studio, rows, django_assert_num_queries):
    for _ in range(rows):
        add(studio, StaffKind.ADVISOR)
    browser = browser_of(acting(studio.lead))
    where = f"{studio.get_absolute_url()}?tab=staff"
    browser.get(where)
    with django_assert_num_queries(10):
        assert browser.get(where).content.decode().count("包文华</strong>") == rows
