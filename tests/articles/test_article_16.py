"""第十六条: the lead plans, files, is returned, amends; what is filed stays readable."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from office.door import Refused, take
from office.filing.saving import save_section, stamp
from office.models import Notice
from studios import timekeeping
from studios.flows import PLAN
from studios.models import Duty, FiledState, Plan, PlanKind
from studios.progress import completion, items_of
from tests.factories.accounts import make_bureau, make_principal
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import SEATED, WORKING, ZONE, invited, make_studio, seat

pytestmark = [pytest.mark.django_db, pytest.mark.core]
IN_TIME = datetime(2027, 3, 31, 23, 59, 59, tzinfo=ZONE)


def row(duty: Duty, task: str, **more):
    given = {
        "duty": duty.value,
        "task": task,
        "starts": "2027-03",
        "ends": "2027-06",
        "target": "一次",
        "times": "",
    }
    return given | {"who": "", "share": ""} | more


def fill(plan: Plan, rows=None, at: datetime = SEATED) -> Plan:
    """Fill in the annual plan completely, or with these tasks."""
    aims, items = plan.layout.section("aims"), plan.layout.section("items")
    plan = save_section(plan, aims, {"aims": "形成课堂评价办法", "link": ""}, stamp(plan, aims), at)
    given = rows or [row(duty, f"{duty.label}任务") for duty in Duty]
    keyed = [each | {"key": each.get("key") or f"{place:012x}"} for place, each in enumerate(given)]
    return save_section(plan, items, {"items": keyed}, stamp(plan, items), at)


@pytest.fixture
def studio():
    return make_studio()


@pytest.fixture
def plan(studio):
    return Plan.objects.select_related("studio__lead", "studio__programme", "term", "year").get(
        kind=PlanKind.ANNUAL, studio=studio
    )


def test_with_the_eighth_member_the_plans_stand_on_the_leads_desk_with_their_dates(studio, plan):
    development = Plan.objects.get(kind=PlanKind.DEVELOPMENT)
    assert plan.year.number == 1
    assert {plan.due, development.due} == {datetime(2027, 3, 31, 23, 59, 59, tzinfo=ZONE)}
    waiting = PLAN.waiting(acting(studio.lead), SEATED)
    assert {each.pk for each in waiting} == {plan.pk, development.pk}


def test_nothing_is_due_within_thirty_days_after_the_studio_began(studio):
    late = make_studio(members=0)
    began = datetime(2027, 3, 20, 9, 0, tzinfo=ZONE)
    for _ in range(8):
        seat(invited(late, at=began), at=began)
    assert Plan.objects.get(studio=late, kind=PlanKind.ANNUAL).year.plan_due == date(2027, 4, 19)


def test_a_plan_without_tasks_under_each_duty_is_refused_with_article_8(plan, studio):
    fill(plan, [row(Duty.RESEARCH, "课题研究")])
    with pytest.raises(Refused) as refusal:
        take(PLAN, "file", plan.pk, acting(studio.lead), SEATED)
    assert "建言献策" in str(refusal.value)


def test_a_task_that_ends_before_it_begins_is_refused(plan, studio):
    fill(plan, [row(duty, "任务", starts="2027-06", ends="2027-03") for duty in Duty])
    with pytest.raises(Refused, match="早于开始月份"):
        take(PLAN, "file", plan.pk, acting(studio.lead), SEATED)


def test_the_lead_files_in_the_last_second_and_a_day_later_is_late(plan, studio):
    fill(plan)
    take(PLAN, "file", plan.pk, acting(studio.lead), IN_TIME)
    plan.refresh_from_db()
    assert (plan.state, plan.late) == (FiledState.FILED, False)
    other = make_studio()
    second = fill(Plan.objects.get(studio=other, kind=PlanKind.ANNUAL))
    take(PLAN, "file", second.pk, acting(other.lead), IN_TIME + timedelta(seconds=1))
    second.refresh_from_db()
    assert second.late


def test_the_bureau_returns_the_lead_mends_amends_and_the_difference_is_shown(plan, studio):
    lead, officer = acting(studio.lead), someone(Role.OFFICER, make_bureau())
    fill(plan)
    take(PLAN, "file", plan.pk, lead, SEATED)
    with pytest.raises(Refused, match="意见"):
        take(PLAN, "return", plan.pk, officer, SEATED)
    take(PLAN, "return", plan.pk, officer, SEATED, "示范辐射任务请写明学校")
    assert Notice.objects.filter(user=lead.user, text__contains="示范辐射任务请写明学校").exists()
    items = [row(duty, "到柳条沟小学诊断" if duty == Duty.RADIATION else "任务") for duty in Duty]
    fill(Plan.objects.get(pk=plan.pk), items)
    take(PLAN, "file", plan.pk, lead, SEATED)
    take(PLAN, "amend", plan.pk, lead, WORKING, "增加一次论坛")
    amended = fill(
        Plan.objects.get(pk=plan.pk), [*items, row(Duty.RADIATION, "举办论坛", key="aaaaaaaaaaaa")]
    )
    take(PLAN, "file", amended.pk, lead, WORKING)
    page = browser_of(officer).get(f"{plan.get_absolute_url()}?tab=changes").content.decode()
    assert "增加一次论坛" in page
    assert "举办论坛" in page
    assert [each.reason for each in plan.versions.all()] == ["", "", "增加一次论坛"]


def test_while_a_plan_is_amended_others_read_what_was_filed(plan, studio):
    lead, officer = acting(studio.lead), someone(Role.OFFICER, make_bureau())
    fill(plan)
    take(PLAN, "file", plan.pk, lead, SEATED)
    take(PLAN, "amend", plan.pk, lead, WORKING, "调整")
    fill(Plan.objects.get(pk=plan.pk), [row(duty, "尚未备案的新任务") for duty in Duty])
    assert "尚未备案的新任务" not in browser_of(officer).get(plan.get_absolute_url()).content.decode()
    assert "尚未备案的新任务" in browser_of(lead).get(plan.get_absolute_url()).content.decode()


def test_an_item_left_out_is_dropped_and_stays_with_what_was_done_under_it(plan, studio):
    lead = acting(studio.lead)
    fill(plan)
    take(PLAN, "file", plan.pk, lead, SEATED)
    assert completion(items_of(plan)) == (0, 4)
    take(PLAN, "amend", plan.pk, lead, WORKING, "合并任务")
    kept = [row(duty, f"{duty.label}任务", key=f"{place:012x}") for place, duty in enumerate(Duty)]
    fill(Plan.objects.get(pk=plan.pk), [*kept[:3], row(Duty.ADVICE, "调研报告一份", key="bbbbbbbbbbbb")])
    take(PLAN, "file", plan.pk, lead, WORKING)
    assert [(each.item.task, each.item.dropped) for each in items_of(plan)][-1] == ("建言献策任务", True)
    assert completion(items_of(plan)) == (0, 4)


def test_only_the_lead_files_and_a_draft_is_seen_by_its_writers_alone(plan, studio):
    fill(plan)
    for other in (
        someone(Role.OFFICER, make_bureau()),
        someone(Role.OFFICER, studio.school),
        acting(make_principal()),
    ):
        with pytest.raises((PermissionDenied, Plan.DoesNotExist)):
            take(PLAN, "file", plan.pk, other, SEATED)
        assert not PLAN.seen(other).filter(pk=plan.pk).exists()


def test_the_clock_opens_the_next_years_plan_once_also_after_a_week_off(studio):
    assert Plan.objects.filter(studio=studio, kind=PlanKind.ANNUAL).count() == 1
    timekeeping.keep(datetime(2027, 11, 30, 3, 0, tzinfo=ZONE))
    assert Plan.objects.filter(studio=studio, kind=PlanKind.ANNUAL).count() == 1
    for day in (9, 9, 10):
        timekeeping.keep(datetime(2027, 12, day, 3, 0, tzinfo=ZONE))
    assert [each.year.number for each in Plan.objects.filter(studio=studio, year__isnull=False)] == [1, 2]


def test_two_people_edit_one_plan_and_nothing_is_overwritten(plan, studio):
    browser = browser_of(acting(studio.lead))
    address = f"/plans/{plan.pk}/form/aims/"
    read = browser.get(address).context["version"]
    kept = browser.post(address, {"aims": "先写的", "link": "", "version": read})
    assert kept.status_code == 302
    late = browser.post(address, {"aims": "后写的", "link": "", "version": read})
    assert late.status_code == 409
    assert "先写的" in late.content.decode()
    assert "后写的" in late.content.decode()
    plan.refresh_from_db()
    assert plan.content["aims"]["aims"] == "先写的"


def test_a_row_keeps_its_key_through_saving_by_itself(plan, studio):
    browser = browser_of(acting(studio.lead))
    address = f"/plans/{plan.pk}/form/items/"
    read = browser.get(address).context["version"]
    data = {
        "version": read,
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-duty": "research",
        "items-0-task": "课题研究",
        "items-0-target": "一项",
    }
    first = browser.post(address, data, headers={"X-Autosave": "1"}).json()
    key = first["values"]["items-0-key"]
    again = data | {"version": first["version"], "items-0-key": key, "items-0-task": "课题研究与结题"}
    second = browser.post(address, again, headers={"X-Autosave": "1"}).json()
    assert second["values"]["items-0-key"] == key
    plan.refresh_from_db()
    assert [each["key"] for each in plan.content["items"]["items"]] == [key]


@pytest.mark.parametrize("plans", [1, 3])
def test_the_list_costs_the_same_for_one_plan_and_for_three(plans, django_assert_num_queries):
    studios = [make_studio() for _ in range((plans + 1) // 2)]
    browser = browser_of(acting(studios[0].lead))
    browser.get("/plans/")
    with django_assert_num_queries(5):
        assert browser.get("/plans/").status_code == 200
