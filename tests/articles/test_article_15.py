"""第十五条: counties have the studios in their yearly work plan, and see their studios and their principals elsewhere."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role
from office.models import Entry
from office.sheets import write_sheet
from studios.models import CountyPlanItem, Studio
from tests.factories.accounts import make_bureau, make_county, make_principal, make_school
from tests.factories.applications import acting, browser_of, make_lead, someone
from tests.factories.studios import invited, make_studio, seat

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def studio() -> Studio:
    return make_studio()


@pytest.fixture
def county(studio: Studio) -> Client:
    return browser_of(someone(Role.OFFICER, studio.authority))


def items(county: Client, **more: object) -> list[CountyPlanItem]:
    return list(county.get("/county-plan/", more).context["page_obj"])


def test_the_county_enters_an_item_and_says_later_what_became_of_it(county: Client, studio: Studio) -> None:
    given = {
        "year": 2027,
        "task": "组织工作室送教下乡",
        "timing": "4—6月",
        "studios": [studio.pk],
        "done": "",
    }
    assert county.post("/county-plan/new/", given).status_code == 302
    item = CountyPlanItem.objects.get()
    assert (item.county, list(item.studios.all())) == (studio.authority, [studio])
    assert items(county, year=2027, open=1) == [item]
    county.post(f"/county-plan/{item.pk}/", given | {"done": "送教四次，覆盖八所学校"})
    assert items(county, open=1) == []
    entries = Entry.objects.of(item).order_by("sequence")
    assert [entry.label for entry in entries] == ["列入年度工作计划", "修改年度工作计划"]
    assert entries[1].facts == {"完成情况": ["", "送教四次，覆盖八所学校"]}


def test_only_the_countys_officer_writes_and_only_bureau_and_county_read(
    county: Client, studio: Studio
) -> None:
    county.post("/county-plan/new/", {"year": 2027, "task": "送教", "timing": "4月"})
    item = CountyPlanItem.objects.get()
    bureau, other = (
        browser_of(someone(Role.OFFICER, place)) for place in (make_bureau(), make_county("松山区"))
    )
    assert items(bureau) == [item]
    assert bureau.get(f"/county-plan/{item.pk}/").status_code == 403
    assert items(other) == []
    assert other.post(f"/county-plan/{item.pk}/", {"year": 2027}).status_code == 404
    assert browser_of(acting(studio.lead)).get("/county-plan/").status_code == 403


def test_a_studio_that_is_not_the_countys_cannot_be_named(county: Client) -> None:
    foreign = make_studio(make_lead(school=make_school(make_county("松山区"))), members=0)
    answer = county.post(
        "/county-plan/new/", {"year": 2027, "task": "送教", "timing": "4月", "studios": [foreign.pk]}
    )
    assert answer.status_code == 422
    assert not CountyPlanItem.objects.exists()


def sheet(rows: list[list[object]]) -> SimpleUploadedFile:
    file = BytesIO()
    write_sheet(file, "计划", ["年度", "工作任务", "时间安排", "涉及的工作室", "完成情况"], rows)
    return SimpleUploadedFile("计划.xlsx", file.getvalue())


def test_the_sheet_is_shown_before_anything_is_written_and_refused_rows_say_why(
    county: Client, studio: Studio
) -> None:
    county.post("/county-plan/new/", {"year": 2027, "task": "送教下乡", "timing": "4月"})
    rows: list[list[object]] = [
        ["2027年", "送教下乡", "5月", studio.name, "已完成"],
        ["", "工作室座谈", "每学期一次", "", ""],
        [2027, "跟岗研修", "9月", "没有的工作室", ""],
    ]
    page = county.post("/county-plan/import/", {"file": sheet(rows)})
    assert [(row.fresh, bool(row.reasons)) for row in page.context["rows"]] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert "没有找到工作室“没有的工作室”" in page.content.decode()
    assert CountyPlanItem.objects.count() == 1
    county.post("/county-plan/import/", page.context["held"])
    assert set(CountyPlanItem.objects.values_list("task", "timing", "done")) == {
        ("送教下乡", "5月", "已完成"),
        ("工作室座谈", "每学期一次", ""),
    }


def test_a_file_that_is_no_workbook_is_refused_in_words(county: Client) -> None:
    answer = county.post("/county-plan/import/", {"file": SimpleUploadedFile("计划.xlsx", b"MZ\x90")})
    assert answer.status_code == 422
    assert "不是 Excel 工作簿" in answer.content.decode()


def test_a_county_sees_its_studios_and_its_principals_in_studios_elsewhere(studio: Studio) -> None:
    place = make_county("松山区")
    member = make_principal(school=make_school(place), famous=True, head=True)
    seat(invited(studio, member))
    browser = browser_of(someone(Role.OFFICER, place))
    part = browser.get("/studios-board/").context["board"].part("elsewhere")
    assert [row.label for row in part.rows] == [member.name]
    assert studio.get_absolute_url() in [cell.url for row in part.rows for cell in row.cells]
    assert browser.get(studio.get_absolute_url() + "?tab=members").status_code == 200


def test_the_bureau_sees_which_counties_have_not_planned_for_their_studios(studio: Studio) -> None:
    bureau = browser_of(someone(Role.OFFICER, make_bureau()))
    row = bureau.get("/studios-board/").context["board"].part("counties").rows[0]
    assert (row.label, row.cells[0].words, row.cells[0].tone) == (studio.authority.label, "未列入", "red")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_item_and_for_three(
    number: int, county: Client, studio: Studio, django_assert_num_queries
) -> None:
    for each in range(number):
        given = {"year": 2027, "task": f"任务{each}", "timing": "4月", "studios": [studio.pk]}
        county.post("/county-plan/new/", given)
    county.get("/county-plan/")
    with django_assert_num_queries(6):
        county.get("/county-plan/")
