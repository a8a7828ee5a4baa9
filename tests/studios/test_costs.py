"""Lists and case pages of studios that no other module counts: the same number of queries for one row and for three."""

import pytest

from accounts.models import Role
from office.door import take
from studios.flows import PLAN
from studios.models import Duty, Plan, PlanKind
from tests.articles.test_article_16 import fill, row
from tests.factories.accounts import make_bureau, make_principal
from tests.factories.activities import held, planned
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import SEATED, accepted, invited, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def bureau():
    return browser_of(someone(Role.OFFICER, make_bureau()))


@pytest.mark.parametrize("rows", [1, 3])
def test_members(rows, bureau, django_assert_num_queries):
    studio = make_studio(members=0)
    places = [accepted(invited(studio, make_principal(head=False), "主持学校全面工作")) for _ in range(rows)]
    home = studio.get_absolute_url()
    for address, cost in (
        ("/memberships/", 5),
        (places[0].get_absolute_url(), 7),
        (f"{home}?tab=members", 9),
    ):
        assert bureau.get(address).status_code == 200
        with django_assert_num_queries(cost):
            bureau.get(address)


@pytest.mark.parametrize("rows", [1, 3])
def test_studios(rows, bureau, django_assert_num_queries):
    for _ in range(rows):
        make_studio(members=1)
    assert bureau.get("/studios/").status_code == 200
    with django_assert_num_queries(6):
        bureau.get("/studios/")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_plan_with_what_was_done_under_its_tasks(rows, bureau, django_assert_num_queries):
    studio = make_studio()
    lead = acting(studio.lead)
    tasks = [row(duty, f"{duty.label}任务{each}") for duty in Duty for each in range(rows)]
    plan = fill(Plan.objects.get(studio=studio, kind=PlanKind.ANNUAL), tasks)
    take(PLAN, "file", plan.pk, lead, SEATED)
    for number, item in enumerate(plan.items.filter(duty=Duty.TRAINING)):
        held(planned(studio, title=f"研修{number}", item=item), lead)
    take(PLAN, "amend", plan.pk, lead, SEATED, "增加任务")
    take(PLAN, "file", plan.pk, lead, SEATED)
    for tab, cost in (("content", 6), ("items", 9), ("changes", 7)):
        address = f"{plan.get_absolute_url()}?tab={tab}"
        assert bureau.get(address).status_code == 200
        with django_assert_num_queries(cost):
            bureau.get(address)
