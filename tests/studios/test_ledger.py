"""台账: a studio year on paper and as a workbook, for lead, owner, county and host."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from accounts.models import Role
from office.door import take
from office.paper.engine import available
from studios import activities
from studios.flows import PLAN
from studios.models import Activity, Duty, Membership, Plan, PlanKind, Staff, StaffKind, Studio
from tests.articles.test_article_16 import fill
from tests.factories.accounts import make_bureau
from tests.factories.activities import held, planned, records
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import SEATED, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def studio() -> Studio:
    made = make_studio()
    plan = Plan.objects.get(studio=made, kind=PlanKind.ANNUAL)
    take(PLAN, "file", fill(plan).pk, acting(made.lead), SEATED)
    item = plan.items.get(duty=Duty.TRAINING)
    records(made, 2, item=item)
    return made


def address(studio: Studio, year: int = 2027) -> str:
    return f"/studios/{studio.number}/ledger/{year}/"


def book(browser: Client, studio: Studio) -> Workbook:
    answer = browser.get(f"{address(studio)}?export=xlsx")
    return load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def test_the_workbook_has_a_sheet_for_each_part(studio: Studio) -> None:
    found = book(browser_of(acting(studio.lead)), studio)
    assert {sheet.title: sheet.max_row - 1 for sheet in found} == {
        "计划任务完成情况": 4,
        "活动": 2,
        "成员出勤": 8,
        "成果": 2,
        "建言献策": 0,
        "顾问、助理和跟岗研修人员": 0,
    }


def test_attendance_is_summed_for_each_member(studio: Studio) -> None:
    late, *_ = activities.members_of(Activity.objects.filter(studio=studio)[0])
    held(planned(studio, title="有人请假的例会"), acting(studio.lead), absent=1)
    rows = book(browser_of(acting(studio.lead)), studio)["成员出勤"].iter_rows(values_only=True)
    assert [row[4:] for row in rows if row[0] == late.principal.name] == [(3, 2, "67%")]


def test_tasks_say_how_often_they_were_done(studio: Studio) -> None:
    rows = book(browser_of(acting(studio.lead)), studio)["计划任务完成情况"].iter_rows(values_only=True)
    assert {row[1]: row[6:] for row in rows}["培养中青年校长"] == (1, 2, "已完成")


def test_who_helped_in_another_year_is_not_in_this_ones(studio: Studio) -> None:
    for starts, name in (("2027-03-01", "古道远"), ("2028-03-01", "白音")):
        Staff.objects.create(studio=studio, kind=StaffKind.ADVISOR, name=name, unit="研究中心", starts=starts)
    rows = book(browser_of(acting(studio.lead)), studio)["顾问、助理和跟岗研修人员"].iter_rows(
        values_only=True
    )
    assert [row[1] for row in rows][1:] == ["古道远"]


@pytest.mark.skipif(available() is not None, reason="no fonts here")
def test_the_ledger_prints(studio: Studio) -> None:
    answer = browser_of(acting(studio.lead)).get(address(studio))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_lead_owner_county_and_host_read_it_and_members_do_not(studio: Studio) -> None:
    member = Membership.objects.filter(studio=studio).order_by("pk")[0]
    readers = [acting(studio.lead), someone(Role.LEADER, make_bureau())]
    readers += [someone(Role.OFFICER, place) for place in (studio.authority, studio.school)]
    for me in readers:
        assert browser_of(me).get(f"{address(studio)}?export=xlsx").status_code == 200
        assert address(studio) in browser_of(me).get(studio.get_absolute_url()).content.decode()
    refused = browser_of(acting(member.principal))
    assert refused.get(f"{address(studio)}?export=xlsx").status_code == 403
    assert address(studio) not in refused.get(studio.get_absolute_url()).content.decode()


def test_a_year_the_studio_does_not_have_is_not_found(studio: Studio) -> None:
    assert browser_of(acting(studio.lead)).get(address(studio, 2031)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_ledger_costs_the_same_for_one_record_and_for_three(
    number: int, studio: Studio, django_assert_num_queries
) -> None:
    records(studio, number)
    browser = browser_of(acting(studio.lead))
    browser.get(f"{address(studio)}?export=xlsx")
    with django_assert_num_queries(15):
        browser.get(f"{address(studio)}?export=xlsx")
