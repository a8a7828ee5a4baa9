"""看板: the figures of a call, for its owner and for its counties; each number counts what its list shows."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import APPLICATION
from applications.models import ApplicationState, Call
from office.boards import Board
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school
from tests.factories.applications import (
    DURING,
    OPENS,
    bring_to,
    browser_of,
    make_application,
    make_call,
    make_lead,
)
from tests.factories.rounds import (
    SCORED_ON,
    judge,
    leader,
    owner,
    seat_panel,
    start_review,
    step,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spring")]
S = ApplicationState


def board(browser: Client, call: Call) -> Board:
    return browser.get(f"/board/?call={call.number}").context["board"]


def figures(board: Board, part: str) -> dict[str, list[Any]]:
    """A part's rows by label, the values of their cells."""
    found = board.part(part)
    assert found
    return {row.label: [cell.value for cell in row.cells] for row in found.rows}


def county_of(name: str) -> Capacity:
    return make_capacity(Role.OFFICER, make_county(name))


@pytest.fixture
def counties() -> tuple[Capacity, Capacity]:
    return county_of("红山区"), county_of("松山区")


@pytest.fixture
def call(counties: tuple[Capacity, Capacity]) -> Call:
    """红山区: one recommended, one declined by the county, one at its school. 松山区: one accepted. One draft."""
    call = make_call(county_quota=2)
    hongshan, songshan = (me.organisation for me in counties)

    def applied(name: str, county: Any, state: str, at: Any = DURING) -> Any:
        school = make_school(county)
        make_capacity(Role.OFFICER, school)
        return bring_to(make_application(call, make_lead(name=name, school=school)), state, at)

    applied("王一", hongshan, S.RECOMMENDED)
    step(
        applied("王二", hongshan, S.AUTHORITY_REVIEW), "authority_decline", counties[0], opinion="材料不实。"
    )
    applied("王三", hongshan, S.SCHOOL_REVIEW, DURING + timedelta(days=1))
    applied("王四", songshan, S.UNDER_REVIEW)
    make_application(call, make_lead(school=make_school(hongshan)), complete=False)
    return call


def test_the_owner_sees_how_many_came_how_far(call: Call) -> None:
    shown = figures(board(browser_of(owner(call)), call), "funnel")
    assert {label: cells[0] for label, cells in shown.items()} == {
        "已提交": 4,
        "学校审核同意": 3,
        "主管部门推荐": 2,
        "形式审查通过": 1,
        "专家评审完成": 0,
        "评审通过": 0,
        "公示": 0,
        "公布": 0,
    }


def test_a_county_counts_its_own_schools_alone(call: Call, counties: tuple[Capacity, Capacity]) -> None:
    shown = board(browser_of(counties[0]), call)
    assert {label: cells[0] for label, cells in figures(shown, "funnel").items()} == {
        "学校审核同意": 2,
        "主管部门推荐": 1,
        "形式审查通过": 0,
        "评审通过": 0,
        "公示": 0,
        "公布": 0,
    }
    assert list(figures(shown, "places")) == ["红山区"]
    assert figures(shown, "endings") == {"主管部门不予推荐": [1], "合计": [1]}
    assert shown.part("experts") is None


def test_counties_and_stages_with_what_holds_a_place_of_the_quota(call: Call) -> None:
    part = board(browser_of(owner(call)), call).part("places")
    assert part
    rows = {row.label: row.cells for row in part.rows}
    at = part.columns.index("小学申报") - 1
    assert [cell.words for cell in rows["红山区"][at : at + 2]] == ["3", "1"]
    assert [cell.words for cell in rows["红山区"][-2:]] == ["3", "1 / 2"]
    assert [cell.words for cell in rows["松山区"][-2:]] == ["1", "1 / 2"]
    assert [cell.words for cell in rows["合计"][-2:]] == ["4", "2"]


def test_submissions_by_day_and_running(call: Call) -> None:
    with time_machine.travel(DURING + timedelta(days=3), tick=False):
        shown = board(browser_of(owner(call)), call)
    days = figures(shown, "days")
    assert len(days) == 12  # from the opening on 2 March to 13 March
    assert days["2026年3月10日（周二）"] == [3, 3]
    assert days["2026年3月11日（周三）"] == [1, 4]
    assert days["2026年3月13日（周五）"] == [0, 4]
    part = shown.part("days")
    assert part
    assert part.curve
    assert (part.curve.most, part.curve.total) == (3, 4)


def test_how_long_each_stop_took_and_what_is_late(call: Call) -> None:
    applied = APPLICATION.model.objects.get(lead__name="王三")  # type: ignore[attr-defined]
    bring_to(applied, S.AUTHORITY_REVIEW, DURING + timedelta(days=5))
    with time_machine.travel(OPENS + timedelta(days=45), tick=False):
        shown = board(browser_of(owner(call)), call)
    # 王一, 王二 and 王四 went through their schools at once, 王三 took four days.
    assert figures(shown, "stays")["学校审核"] == [4, 0.0, 4.0, 0]
    late = figures(shown, "late")
    assert late["待主管部门审核推荐"] == [1, 5]
    assert "填报中" in late


def test_the_progress_of_the_experts_is_counted_for_the_owner() -> None:
    call = make_call()
    bring_to(make_application(call), S.UNDER_REVIEW)
    experts = seat_panel(call)
    call = start_review(call)
    with time_machine.travel(call.score_by + timedelta(days=1), tick=False):
        browser = browser_of(leader(call))
        shown = board(browser, call)
        assert figures(shown, "experts")[str(experts[0])] == [0, 1, 1, 1]
        assert figures(shown, "experts")["合计"] == [0, 3, 3, 3]
        every_number_leads_to_what_it_counts(browser, shown)
    with time_machine.travel(SCORED_ON, tick=False):
        browser = browser_of(leader(call))
        judge(call, "0.9")
        shown = board(browser, call)
        assert figures(shown, "experts")["合计"] == [3, 0, 0, 3]
        assert figures(shown, "funnel")["专家评审完成"][0] == 1
        every_number_leads_to_what_it_counts(browser, shown)


def every_number_leads_to_what_it_counts(browser: Client, board: Board) -> None:
    """Each linked number is the count of the list behind it."""
    cells = [cell for part in board.parts for row in part.rows for cell in row.cells if cell.url]
    assert cells
    for cell in cells:
        assert browser.get(cell.url).context["page_obj"].paginator.count == cell.value, cell.url


def test_every_number_leads_to_what_it_counts(call: Call, counties: tuple[Capacity, Capacity]) -> None:
    with time_machine.travel(OPENS + timedelta(days=45), tick=False):
        for me in (owner(call), leader(call), *counties):
            browser = browser_of(me)
            every_number_leads_to_what_it_counts(browser, board(browser, call))


def test_the_desk_shows_the_same_figures(call: Call) -> None:
    browser = browser_of(owner(call))
    panel = next(each for each in browser.get("/desk/").context["panels"] if each.title == "申报进展")
    shown = figures(board(browser, call), "funnel")
    assert {bar.label: bar.value for bar in panel.bars} == {label: cells[0] for label, cells in shown.items()}
    assert panel.url == f"/board/?call={call.number}"


def test_each_part_comes_as_its_excel_sheet(call: Call) -> None:
    browser = browser_of(owner(call))
    for part in board(browser, call).parts:
        if not part.rows:
            continue
        answer = browser.get(f"/board/?call={call.number}&part={part.key}&export=xlsx")
        rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)  # type: ignore[attr-defined]
        assert rows[0] == part.columns
        assert [row[0] for row in rows[1:]] == [row.label for row in part.rows]
        assert rows[1][1] == (part.rows[0].cells[0].text or part.rows[0].cells[0].value)
    assert browser.get(f"/board/?call={call.number}&part=nothing&export=xlsx").status_code == 404


def test_without_a_call_the_address_means_the_latest_that_runs(call: Call) -> None:
    browser = browser_of(owner(call))
    make_call(opened=False)
    assert browser.get("/board/").context["board"].chosen == call.number
    assert browser.get("/board/?call=2019-1").status_code == 404


def test_before_the_first_call_the_board_says_what_will_be_here() -> None:
    answer = browser_of(make_capacity(Role.OFFICER, make_bureau())).get("/board/")
    assert answer.context["board"].parts == ()
    assert "申报批次发布以后" in answer.content.decode()


def test_schools_and_principals_have_no_board(call: Call) -> None:
    for me in (
        make_capacity(Role.OFFICER, make_school()),
        make_capacity(Role.PRINCIPAL, make_school()),
        make_capacity(Role.EXPERT, make_bureau()),
        make_capacity(Role.FINANCE, make_bureau()),
    ):
        assert browser_of(me).get("/board/").status_code == 403


def test_a_board_costs_the_same_for_one_application_and_for_three(django_assert_num_queries: Any) -> None:
    call = make_call()
    browser = browser_of(owner(call))
    county = browser_of(county_of("红山区"))
    for more in (1, 2):
        for _ in range(more):
            bring_to(make_application(call), S.UNDER_REVIEW)
        browser.get("/board/")
        county.get("/board/")
        with django_assert_num_queries(19):
            browser.get("/board/")
        county.get("/board/")
        with django_assert_num_queries(18):
            county.get("/board/")
