"""工作室看板: how studios stand, for their owner and their county; each number counts what its list shows."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Role
from office.door import take
from studios.flows import PLAN
from studios.models import Plan, PlanKind, Studio
from tests.articles.test_article_16 import fill
from tests.factories.accounts import make_bureau, make_county, make_school
from tests.factories.applications import acting, browser_of, make_lead, someone
from tests.factories.studios import SEATED, ZONE, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
SUMMER = datetime(2027, 6, 15, 10, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def summer():
    with time_machine.travel(SUMMER, tick=False):
        yield


@pytest.fixture
def diligent() -> Studio:
    """Its plans are filed in time."""
    studio = make_studio()
    plan = Plan.objects.get(studio=studio, kind=PlanKind.ANNUAL)
    take(PLAN, "file", fill(plan).pk, acting(studio.lead), SEATED)
    return studio


@pytest.fixture
def idle() -> Studio:
    """Another county's: seven members, no plan."""
    lead = make_lead(name="哈斯", school=make_school(make_county("松山区")))
    return make_studio(lead, members=7)


def bureau() -> Client:
    return browser_of(someone(Role.OFFICER, make_bureau()))


def part(browser: Client, key: str) -> dict[str, list[Any]]:
    found = browser.get("/studios-board/").context["board"].part(key)
    return {row.label: list(row.cells) for row in found.rows}


def test_the_owner_sees_how_each_studio_stands(diligent: Studio, idle: Studio) -> None:
    shown = part(bureau(), "health")
    assert [cell.words for cell in shown[diligent.name][:3]] == ["建设中", "8 / 8", "已备案"]
    assert [cell.words for cell in shown[idle.name][:3]] == ["组建中", "7 / 8", "—"]
    assert shown[idle.name][1].tone == "red"


def test_each_mark_leads_to_a_list_of_as_many_studios(diligent: Studio, idle: Studio) -> None:
    browser = bureau()
    marks = part(browser, "attention")
    assert {label: cells[0].value for label, cells in marks.items()} == {
        "成员不足": 1,
        "计划逾期未备案": 1,
        "总结逾期未备案": 0,
        "三个月没有活动": 1,
        "支持保障未确认": 1,
    }
    for cells in marks.values():
        if cells[0].url:
            assert len(browser.get(cells[0].url).context["page_obj"]) == cells[0].value


def test_plans_that_lack_are_listed_with_how_long(diligent: Studio) -> None:
    cells = part(bureau(), "lacking")[diligent.name]
    assert [cell.words for cell in cells][1:] == ["发展规划（2027—2029年）", "2027年3月31日", "76"]


def test_tasks_of_each_duty_are_counted_against_what_was_done(diligent: Studio) -> None:
    shown = part(bureau(), "duties")
    assert [cell.value for cell in shown["办学研究"]] == [1, 0, "0%", 0]
    assert [cell.value for cell in shown["合计"]] == [4, 0, "0%", 0]


def test_a_county_counts_its_own_alone(diligent: Studio, idle: Studio) -> None:
    browser = browser_of(someone(Role.OFFICER, idle.authority))
    assert list(part(browser, "health")) == [idle.name]
    assert browser.get("/studios-board/").context["board"].part("counties") is None


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.ADMIN])
def test_others_have_no_board(role: Role) -> None:
    assert browser_of(someone(role, make_bureau())).get("/studios-board/").status_code == 403


@pytest.mark.parametrize("key", ["health", "attention", "lacking", "duties", "helped", "counties"])
def test_every_part_is_a_sheet_of_the_same_rows(key: str, diligent: Studio) -> None:
    browser = bureau()
    found = browser.get("/studios-board/").context["board"].part(key)
    answer = browser.get(f"/studios-board/?part={key}&export=xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(found.columns)
    assert sheet.max_row == 1 + len(found.rows)


@pytest.mark.parametrize("number", [1, 3])
def test_the_board_costs_the_same_for_one_studio_and_for_three(
    number: int, django_assert_num_queries
) -> None:
    for _ in range(number):
        make_studio()
    browser = bureau()
    browser.get("/studios-board/")
    with django_assert_num_queries(10):
        browser.get("/studios-board/")
