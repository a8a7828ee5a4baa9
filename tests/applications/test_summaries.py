"""推荐名单 and the summary tables of a call: what they count, who reads which."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.capacity import Capacity
from accounts.models import Role
from applications.models import ApplicationState, Call
from office.paper.engine import available
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school
from tests.factories.applications import bring_to, browser_of, make_application, make_call, make_lead
from tests.factories.rounds import judge, leader, owner, recommend, seat_panel, start_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spring")]
S = ApplicationState


def sheet(browser: Client, call: Call, table: str) -> list[tuple[Any, ...]]:
    """The rows of the Excel sheet below its head."""
    answer = browser.get(f"/calls/{call.number}/tables/{table}/?export=xlsx")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(load_workbook(BytesIO(content)).active.values)[1:]


@pytest.fixture
def counties() -> tuple[Capacity, Capacity]:
    return tuple(make_capacity(Role.OFFICER, make_county(name)) for name in ("红山区", "松山区"))  # type: ignore[return-value]


@pytest.fixture
def call(counties: tuple[Capacity, Capacity]) -> Call:
    """Two recommended by 红山区, one by 松山区, one still with its school."""
    call = make_call()
    hongshan, songshan = (me.organisation for me in counties)
    first = bring_to(
        make_application(call, make_lead(name="王一", school=make_school(hongshan))), S.AUTHORITY_REVIEW
    )
    second = bring_to(
        make_application(call, make_lead(name="王二", school=make_school(hongshan))), S.AUTHORITY_REVIEW
    )
    recommend(first, 2)
    recommend(second, 1)
    bring_to(make_application(call, make_lead(name="王三", school=make_school(songshan))), S.RECOMMENDED)
    school = make_school(hongshan)
    make_capacity(Role.OFFICER, school)
    bring_to(make_application(call, make_lead(name="王四", school=school)), S.SCHOOL_REVIEW)
    return call


def test_a_county_prints_its_own_recommendations_in_the_order_of_the_ranks(
    call: Call, counties: tuple[Capacity, Capacity]
) -> None:
    one, other = (browser_of(me) for me in counties)
    assert [(row[2], row[5]) for row in sheet(one, call, "recommended")] == [(1, "王二"), (2, "王一")]
    assert [row[5] for row in sheet(other, call, "recommended")] == ["王三"]
    assert "推荐名单" in one.get(f"/calls/{call.number}/").content.decode()


def test_the_bureau_reads_all_counties_one_after_the_other(call: Call) -> None:
    rows = sheet(browser_of(owner(call)), call, "recommended")
    assert [(row[0], row[5]) for row in rows] == [("红山区", "王二"), ("红山区", "王一"), ("松山区", "王三")]


def test_the_summary_counts_what_was_sent_by_county_stage_and_state(
    call: Call, counties: tuple[Capacity, Capacity]
) -> None:
    rows = sheet(browser_of(owner(call)), call, "applications")
    assert [row[:4] for row in rows] == [
        ("红山区", "小学", 3, 1),
        ("松山区", "小学", 1, 0),
        ("合计", None, 4, 1),
    ]
    assert [row[6] for row in rows] == [2, 1, 3]
    mine = sheet(browser_of(counties[0]), call, "applications")
    assert [row[:4] for row in mine] == [("红山区", "小学", 2, 0), ("合计", None, 2, 0)]


def test_the_results_are_summed_up_for_the_owner_alone(counties: tuple[Capacity, Capacity]) -> None:
    call = make_call()
    bring_to(make_application(call), S.UNDER_REVIEW)
    seat_panel(call)
    call = start_review(call)
    judge(call, "0.9")
    assert sheet(browser_of(leader(call)), call, "results") == [("小学", 3, 1, 90, 90, 90, 1, 0, 0, 1)]
    assert browser_of(counties[0]).get(f"/calls/{call.number}/tables/results/").status_code == 403


def test_others_read_none_of_them(call: Call) -> None:
    for me in (
        make_capacity(Role.OFFICER, make_school()),
        make_capacity(Role.PRINCIPAL, make_school()),
        make_capacity(Role.EXPERT, make_bureau()),
    ):
        browser = browser_of(me)
        for table in ("recommended", "applications", "results"):
            assert browser.get(f"/calls/{call.number}/tables/{table}/").status_code == 403
        assert "推荐名单" not in browser.get(f"/calls/{call.number}/").content.decode()
    assert browser_of(owner(call)).get(f"/calls/{call.number}/tables/nothing/").status_code == 404


@pytest.mark.skipif(available() is not None, reason="no Pango or fonts here")
def test_on_paper_the_list_leaves_room_for_signature_and_seal(
    call: Call, counties: tuple[Capacity, Capacity]
) -> None:
    answer = browser_of(counties[0]).get(f"/calls/{call.number}/tables/recommended/")
    assert answer["Content-Type"] == "application/pdf"
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).replace(
        "\n", ""
    )
    for each in ("推荐名单", "红山区教育局", "王二", "签字", "盖章"):
        assert each in words


@pytest.mark.parametrize("table", ["recommended", "applications", "results"])
def test_a_table_costs_the_same_for_one_application_and_for_three(
    table: str, django_assert_num_queries: Any
) -> None:
    call = make_call()
    browser = browser_of(owner(call))
    costs = {"recommended": 6, "applications": 6, "results": 8}
    for more in (1, 2):
        for _ in range(more):
            bring_to(make_application(call), S.RECOMMENDED)
        browser.get(f"/calls/{call.number}/tables/{table}/?export=xlsx")
        with django_assert_num_queries(costs[table]):
            browser.get(f"/calls/{call.number}/tables/{table}/?export=xlsx")
