"""Lists: what they show, find, sort, count and hand out; steps on several rows at once."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.capacity import Capacity
from accounts.models import Appointment, Role
from applications.flows import CALL
from applications.models import Application, ApplicationState, Call, CallState
from office import lists
from office.door import take
from office.jobs import run_due
from office.models import Entry, Job, Notice
from tests.factories.accounts import PASSWORD, make_capacity, make_county, make_school
from tests.factories.applications import bring_to, make_application, make_call, make_lead, someone
from tests.office.conftest import AT, Cast, principal_of

pytestmark = pytest.mark.django_db

Browser = Callable[[Capacity], Client]


@pytest.fixture
def drafts(cast: Cast) -> list[str]:
    """Three applications, in the order of their numbers."""
    names = ["赵国栋", "包·格日乐图", "乌云其其格"]
    for number, name in enumerate(names, 1):
        applicant = principal_of(make_school(cast.county, f"{name[:1]}家店小学"), name)
        cast.new_application(f"2026-000{number}", applicant)
    return names


def shown(page: object) -> list[str]:
    return [row.number for row in page.context["page_obj"]]  # type: ignore[attr-defined]


def sheet_rows(content: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


# Finding


def test_a_list_shows_what_i_may_see_and_counts_it(cast: Cast, drafts: list[str], as_person: Browser) -> None:
    page = as_person(cast.officer).get("/applications/")
    assert shown(page) == ["2026-0003", "2026-0002", "2026-0001"]
    assert "共 3 份" in page.content.decode()
    empty = as_person(cast.county_officer).get("/applications/")
    assert shown(empty) == []
    assert "共 0 份" in empty.content.decode()


def test_the_search_finds_each_word_in_any_of_its_columns(
    cast: Cast, drafts: list[str], as_person: Browser
) -> None:
    page = as_person(cast.officer).get("/applications/", {"search": "包 0002"})
    assert shown(page) == ["2026-0002"]
    assert "共 3 份，符合筛选 1 份" in page.content.decode()
    assert shown(as_person(cast.officer).get("/applications/", {"search": "包 0001"})) == []


def test_the_filters_stay_in_the_address_when_sorting_and_turning_pages(
    cast: Cast, drafts: list[str], as_person: Browser
) -> None:
    text = as_person(cast.officer).get("/applications/?search=2026&stage=primary").content.decode()
    assert "?search=2026&amp;stage=primary&amp;sort=number" in text


def test_sorting_is_by_the_columns_offered_and_no_others(
    cast: Cast, drafts: list[str], as_person: Browser
) -> None:
    browser = as_person(cast.officer)
    assert shown(browser.get("/applications/?sort=number")) == ["2026-0001", "2026-0002", "2026-0003"]
    assert shown(browser.get("/applications/?sort=studio")) == ["2026-0002", "2026-0003", "2026-0001"]
    assert shown(browser.get("/applications/?sort=-studio")) == ["2026-0001", "2026-0003", "2026-0002"]
    assert shown(browser.get("/applications/?sort=lead__user__password")) == [
        "2026-0003",
        "2026-0002",
        "2026-0001",
    ]


def test_a_filter_that_is_not_understood_finds_nothing_and_says_so(
    cast: Cast, drafts: list[str], as_person: Browser
) -> None:
    page = as_person(cast.officer).get("/applications/?stage=university")
    assert shown(page) == []
    assert page.context["filter"].form.errors["stage"]


def test_a_list_outside_one_s_business_is_forbidden(cast: Cast, as_person: Browser, client: Client) -> None:
    administrator = make_capacity(Role.ADMIN, cast.bureau)
    assert as_person(administrator).get("/applications/").status_code == 403
    assert client.get("/applications/").status_code == 302


def test_counts_stop_where_they_would_cost(
    cast: Cast, drafts: list[str], as_person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "COUNT_TO", 2)
    monkeypatch.setattr(lists.bounded_count, "__defaults__", (2,))
    assert "共 2+ 份" in as_person(cast.officer).get("/applications/").content.decode()
    assert lists.count_words(2) == "2"


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_for_one_row_and_for_three(cast: Cast, as_person: Browser, number: int) -> None:
    for serial in range(number):
        cast.new_application(f"2026-000{serial}", principal_of(make_school(cast.county)))
    browser = as_person(cast.officer)
    browser.get("/applications/?search=2026&sort=studio")
    with CaptureQueriesContext(connection) as queries:
        page = browser.get("/applications/?search=2026&sort=studio")
    assert len(shown(page)) == number
    assert len(queries) == 8


# Excel


def test_the_sheet_holds_exactly_what_is_filtered(cast: Cast, drafts: list[str], as_person: Browser) -> None:
    answer = as_person(cast.officer).get("/applications/?search=格&sort=number&export=xlsx")
    rows = sheet_rows(b"".join(answer.streaming_content))
    assert rows[0][:3] == ("编号", "拟设工作室", "领衔人")
    assert [row[2] for row in rows[1:]] == ["包·格日乐图", "乌云其其格"]


def test_a_long_sheet_is_made_behind_and_ends_in_a_notice(
    cast: Cast, drafts: list[str], as_person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SHEET_AT_ONCE", 2)
    answer = as_person(cast.officer).get("/applications/?sort=number&export=xlsx")
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert job.title == "导出申报评审"
    run_due(AT + timedelta(days=3650))
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert [row[2] for row in sheet_rows(job.file.read())[1:]] == drafts
    assert Notice.objects.get(user=cast.officer.user).text == "导出申报评审：已完成"


def test_a_sheet_asked_for_under_an_appointment_since_ended_is_not_made(
    cast: Cast, drafts: list[str], as_person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SHEET_AT_ONCE", 2)
    as_person(cast.officer).get("/applications/?export=xlsx")
    Appointment.objects.filter(pk=cast.officer.appointment.pk).update(ends=AT.date() - timedelta(days=1))
    run_due(AT + timedelta(days=3650))
    job = Job.objects.get()
    assert (job.state, job.message) == (Job.State.FAILED, "发起导出的任职已经结束，没有导出。")


# Several rows at once


def test_a_batch_first_shows_which_and_how_many_and_does_nothing(cast: Cast, as_person: Browser) -> None:
    other = cast.new_call("2026-P2")
    take(CALL, "cancel", other.pk, cast.leader, AT, "重复")
    page = as_person(cast.leader).post("/calls/batch/cancel/", {"pk": [cast.call.pk, other.pk]})
    text = page.content.decode()
    assert "选了 2 项，其中 1 项可以办理" in text
    assert "确认取消批次 1 项" in text
    assert "现在不能办理，将跳过" in text
    assert Call.objects.filter(state=CallState.CANCELLED).count() == 1


def test_a_batch_without_the_opinion_it_needs_does_not_begin(cast: Cast, as_person: Browser) -> None:
    page = as_person(cast.leader).post("/calls/batch/cancel/", {"pk": cast.call.pk, "confirmed": 1})
    assert page.status_code == 422
    assert "请填写意见。" in page.content.decode()
    assert Entry.objects.of(cast.call).count() == 1


def test_a_confirmed_batch_is_taken_and_reported_row_by_row(cast: Cast, as_person: Browser) -> None:
    other = cast.new_call("2026-P2")
    page = as_person(cast.leader).post(
        "/calls/batch/cancel/",
        {
            "pk": [cast.call.pk, other.pk],
            "confirmed": 1,
            "opinion": "推迟",
            "back": "/applications/",
            "password": PASSWORD,
        },
    )
    text = page.content.decode()
    assert "已办理 2 项" in text
    assert 'href="/applications/"' in text
    assert Call.objects.filter(state=CallState.CANCELLED).count() == 2


def test_a_row_that_is_refused_says_why_and_hinders_no_other(cast: Cast, as_person: Browser) -> None:
    page = as_person(cast.officer).post("/calls/batch/open/", {"pk": cast.call.pk, "confirmed": 1})
    text = page.content.decode()
    assert "已办理 0 项，未办理 1 项" in text
    assert "请选定评分标准" in text


def test_each_row_of_a_batch_carries_its_own_fields(as_person: Browser, db: None) -> None:
    """A county recommends two at once, each with its rank; a rank given twice is refused for the second alone."""
    call, county = make_call(), make_county("红山区")
    first, second, third = (
        bring_to(
            make_application(call, make_lead(school=make_school(county))), ApplicationState.AUTHORITY_REVIEW
        )
        for _ in range(3)
    )
    browser = as_person(someone(Role.OFFICER, county))
    chosen = {"pk": [first.pk, second.pk, third.pk], "confirmed": 1, "opinion": "同意推荐"}
    ranks = {f"{first.pk}-rank": "1", f"{second.pk}-rank": "many", f"{third.pk}-rank": "1"}
    page = browser.post("/applications/batch/recommend/", chosen | ranks)
    assert page.status_code == 422
    assert "有 1 行填写有误，请更正后再办理。" in page.content.decode()
    page = browser.post("/applications/batch/recommend/", chosen | ranks | {f"{second.pk}-rank": "2"})
    assert "已办理 2 项，未办理 1 项" in page.content.decode()
    assert f"推荐排序 1 已用于{first}" in page.content.decode()
    ranked = Application.objects.filter(state=ApplicationState.RECOMMENDED).order_by("rank")
    assert list(ranked.values_list("pk", "rank")) == [(first.pk, 1), (second.pk, 2)]


def test_a_batch_of_another_s_step_is_forbidden(cast: Cast, as_person: Browser) -> None:
    browser = as_person(cast.county_officer)
    assert browser.post("/calls/batch/cancel/", {"pk": cast.call.pk}).status_code == 403
    assert browser.post("/calls/batch/explode/", {"pk": cast.call.pk}).status_code == 404
    assert browser.get("/calls/batch/cancel/").status_code == 405


def test_a_batch_of_nothing_says_how_to_choose(cast: Cast, as_person: Browser) -> None:
    page = as_person(cast.leader).post("/calls/batch/cancel/", {"back": "https://example.org/"})
    assert page.status_code == 400
    assert "没有选中任何一项" in page.content.decode()
    assert "example.org" not in page.content.decode()
