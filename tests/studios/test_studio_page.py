"""工作室页: three years on one line, the four duties against plan; each reader with what is theirs."""

from datetime import datetime

import pytest
import time_machine

from accounts.models import Area, Role
from office.door import take
from studios import activities
from studios.flows import PLAN
from studios.models import Duty, Plan, PlanKind, Studio
from tests.articles.test_article_16 import fill
from tests.factories.accounts import make_bureau, make_county, make_principal, make_school
from tests.factories.activities import HELD_AT, held, joined, planned, records
from tests.factories.applications import acting, browser_of, make_lead, someone
from tests.factories.studios import SEATED, ZONE, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
SUMMER = datetime(2027, 6, 15, 10, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def summer():
    with time_machine.travel(SUMMER, tick=False):
        yield


@pytest.fixture
def studio() -> Studio:
    made = make_studio()
    plan = Plan.objects.get(studio=made, kind=PlanKind.ANNUAL)
    take(PLAN, "file", fill(plan).pk, acting(made.lead), SEATED)
    return made


def test_the_years_stand_on_one_line_with_what_was_planned_held_and_handed_in(studio: Studio) -> None:
    records(studio, 2)
    page = browser_of(acting(studio.lead)).get(studio.get_absolute_url())
    first, second, third = page.context["years"]
    assert [(fact.label, fact.text) for fact in first.facts] == [("计划", "已备案"), ("活动", "已开展 2 / 2")]
    assert (first.place, second.place, third.place, second.facts) == ("now", "ahead", "ahead", [])


def test_each_duty_is_shown_against_its_plan(studio: Studio) -> None:
    records(studio, 2)
    page = browser_of(acting(studio.lead)).get(studio.get_absolute_url())
    lines = {
        line.duty: (line.tasks, line.complete, line.held, line.outputs) for line in page.context["duties"]
    }
    assert lines == {
        Duty.RESEARCH: (1, 0, 0, 2),
        Duty.TRAINING: (1, 0, 2, 0),
        Duty.RADIATION: (1, 0, 0, 0),
        Duty.ADVICE: (1, 0, 0, 0),
    }


def test_a_task_is_complete_when_as_much_was_held_under_it_as_was_planned(studio: Studio) -> None:
    item = Plan.objects.get(studio=studio, kind=PlanKind.ANNUAL).items.get(duty=Duty.TRAINING)
    records(studio, 1, item=item)
    page = browser_of(acting(studio.lead)).get(studio.get_absolute_url())
    assert [line.complete for line in page.context["duties"]] == [0, 1, 0, 0]


def test_rural_and_weak_schools_that_were_helped_are_named_once(studio: Studio) -> None:
    rural, lead = make_school(studio.authority, area=Area.RURAL, weak=True), acting(studio.lead)
    for title in ("第一次送教", "第二次送教"):
        activity = planned(studio, title=title)
        activities.add_school(activity.pk, rural.pk, lead, HELD_AT)
        held(activity, lead)
    page = browser_of(acting(studio.lead)).get(studio.get_absolute_url())
    helped = page.context["helped"]
    assert (helped.schools, helped.rural, helped.weak) == ((rural,), 1, 1)


def test_what_a_plan_that_was_not_filed_looks_like() -> None:
    late = make_studio()
    page = browser_of(acting(late.lead)).get(late.get_absolute_url())
    assert page.context["years"][0].facts[0].text == "逾期未备案"


def test_a_studio_joined_by_others_counts_what_it_joined(studio: Studio) -> None:
    officer = someone(Role.OFFICER, make_bureau())
    held(joined(make_bureau(), officer, [studio], "全市论坛"), officer)
    page = browser_of(acting(studio.lead)).get(studio.get_absolute_url())
    assert [line.held for line in page.context["duties"]] == [0, 0, 1, 0]


def test_who_has_no_part_in_it_reads_what_the_directory_says(studio: Studio) -> None:
    (row,) = records(studio, 1)
    for me in (acting(make_principal(head=True)), someone(Role.OFFICER, make_county("松山区"))):
        page = browser_of(me).get(studio.get_absolute_url())
        assert "duties" not in page.context
        assert row.title not in page.content.decode()
        assert [year.facts for year in page.context["years"]] == [[], [], []]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_activity_and_for_three(
    number: int, studio: Studio, django_assert_num_queries
) -> None:
    records(studio, number)
    make_studio(make_lead(name="乌恩"), members=0)
    browser = browser_of(acting(studio.lead))
    browser.get(studio.get_absolute_url())
    with django_assert_num_queries(16):
        browser.get(studio.get_absolute_url())


TABS = {"plans": 11, "activities": 9, "outputs": 9, "advice": 9}


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("tab", TABS)
def test_a_tab_costs_the_same_for_one_record_and_for_three(
    tab: str, number: int, studio: Studio, django_assert_num_queries
) -> None:
    records(studio, number)
    browser = browser_of(acting(studio.lead))
    browser.get(studio.get_absolute_url())
    with django_assert_num_queries(TABS[tab]):
        browser.get(f"{studio.get_absolute_url()}?tab={tab}")


def test_each_tab_shows_what_the_lists_show_its_reader(studio: Studio) -> None:
    newest = records(studio, 31)[-1]
    draft = Plan.objects.get(studio=studio, kind=PlanKind.DEVELOPMENT)
    member = studio.memberships.all()[0].principal
    for me in (acting(studio.lead), acting(member), someone(Role.OFFICER, studio.authority)):
        found = {tab: shown(studio, me, tab) for tab in TABS}
        assert newest.title in found["activities"]
        assert "查看全部" in found["activities"]
        assert "论文" in found["outputs"]
        assert "第1年度工作计划" in found["plans"]
        assert (draft.name in found["plans"]) == (me.user == studio.lead.user), (
            "a draft is its writers' alone"
        )
        assert ("安排活动" in found["activities"]) == (me.user == studio.lead.user)


def test_who_has_no_part_in_it_has_none_of_its_tabs(studio: Studio) -> None:
    (row,) = records(studio, 1)
    for me in (acting(make_principal(head=True)), someone(Role.OFFICER, make_county("松山区"))):
        assert row.title not in shown(studio, me, "activities")


def shown(studio: Studio, me, tab: str) -> str:
    return browser_of(me).get(f"{studio.get_absolute_url()}?tab={tab}").content.decode()
