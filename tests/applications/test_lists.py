"""Lists, the case page and the desk of applications: who finds what, at which cost."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Role
from applications.models import Application, ApplicationState, Call
from applications.pages.desk import quota_panel
from office.calendar import upcoming
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school
from tests.factories.applications import (
    DURING,
    acting,
    bring_to,
    browser_of,
    make_application,
    make_call,
    make_lead,
    someone,
)
from tests.factories.rounds import judging, make_expert, seat_panel, start_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spring")]
S = ApplicationState


@pytest.fixture
def call() -> Call:
    return make_call(county_quota=4)


def of_county(
    call: Call, county: str, name: str, state: str = S.RECOMMENDED, school: str = ""
) -> Application:
    lead = make_lead(name=name, school=make_school(make_county(county), school or None))
    return bring_to(make_application(call, lead), state)


def numbers(browser: Client, **query: str) -> list[str]:
    return [row.number for row in browser.get("/applications/", query).context["page_obj"]]


def test_each_finds_what_has_reached_them(call):
    draft = make_application(call, make_lead(name="王志远"), complete=False)
    hongshan = of_county(call, "红山区", "赵国栋")
    aohan = of_county(call, "敖汉旗", "陈凤霞", S.SCHOOL_REVIEW)
    someone(Role.OFFICER, aohan.school)
    assert numbers(browser_of(someone(Role.OFFICER, make_bureau()))) == [
        aohan.number,
        hongshan.number,
        draft.number,
    ]
    assert numbers(browser_of(someone(Role.OFFICER, make_county("红山区")))) == [hongshan.number]
    assert numbers(browser_of(someone(Role.OFFICER, make_county("敖汉旗")))) == [], "not yet endorsed"
    assert numbers(browser_of(someone(Role.OFFICER, aohan.school))) == [aohan.number]
    assert numbers(browser_of(acting(draft.lead))) == [draft.number]
    assert browser_of(make_capacity(Role.EXPERT, make_bureau())).get("/applications/").status_code == 403


def test_filters_and_search_by_pinyin_narrow_the_list(call):
    zhao = of_county(call, "红山区", "赵国栋", school="清泉小学")
    chen = of_county(call, "敖汉旗", "陈凤霞", S.AUTHORITY_REVIEW)
    bureau = browser_of(someone(Role.OFFICER, make_bureau()))
    assert numbers(bureau, search="zgd") == [zhao.number]
    assert numbers(bureau, search="qqxx") == [zhao.number]
    assert numbers(bureau, search="陈凤") == [chen.number]
    assert numbers(bureau, state="checking") == [chen.number]
    assert numbers(bureau, county=str(zhao.authority_id)) == [zhao.number]
    assert numbers(bureau, call=call.number, stage="senior") == []
    assert numbers(bureau, sort="number") == [zhao.number, chen.number]


def test_the_sheet_holds_exactly_what_is_filtered(call):
    of_county(call, "红山区", "赵国栋")
    of_county(call, "敖汉旗", "陈凤霞")
    bureau = browser_of(someone(Role.OFFICER, make_bureau()))
    answer = bureau.get("/applications/", {"search": "赵国栋", "export": "xlsx"})
    rows = list(load_workbook(BytesIO(b"".join(answer))).active.values)
    flat = [str(cell) for row in rows for cell in row]
    assert "赵国栋名校长工作室" in flat
    assert "陈凤霞名校长工作室" not in flat
    assert "学段内排名" in flat


def test_a_principal_finds_the_open_calls_on_top(call):
    lead = make_lead(name="王志远")
    browser = browser_of(acting(lead))
    page = browser.get("/applications/").content.decode()
    assert "我的申报" in page
    assert "开始申报" in page
    make_application(call, lead, complete=False)
    assert "继续填报" in browser.get("/applications/").content.decode()


def test_a_county_recommends_several_at_once_each_with_its_rank(call):
    first = of_county(call, "红山区", "赵国栋", S.AUTHORITY_REVIEW)
    second = of_county(call, "红山区", "陈凤霞", S.AUTHORITY_REVIEW)
    browser = browser_of(someone(Role.OFFICER, make_county("红山区")))
    page = browser.get("/applications/")
    assert [step["name"] for step in page.context["batch_steps"]] == ["recommend"]
    sent = {
        "pk": [first.pk, second.pk],
        "confirmed": "1",
        "opinion": "同意推荐",
        f"{first.pk}-rank": "2",
        f"{second.pk}-rank": "1",
    }
    browser.post("/applications/batch/recommend/", sent)
    assert list(Application.objects.order_by("rank").values_list("pk", "state")) == [
        (second.pk, S.RECOMMENDED),
        (first.pk, S.RECOMMENDED),
    ]


def test_the_quota_stands_on_the_countys_desk(call):
    of_county(call, "红山区", "赵国栋")
    of_county(call, "红山区", "陈凤霞")
    panel = quota_panel(someone(Role.OFFICER, make_county("红山区")), DURING)
    assert [(bar.label, bar.text) for bar in panel.bars] == [("已推荐", "2 / 4"), ("小学", "2（不限名额）")]
    assert quota_panel(acting(make_lead()), DURING) is None


def test_the_calls_dates_stand_in_the_calendar(call):
    texts = [occasion.text for occasion in upcoming(acting(make_lead()), DURING)]
    assert texts == [f"{call.name}：申报截止"]


def test_an_expert_finds_the_date_of_scoring_for_what_is_to_be_judged(call):
    application = of_county(call, "红山区", "赵国栋", S.UNDER_REVIEW)
    expert, idle = (judging(each) for each in (*seat_panel(call, application.stage)[:1], make_expert()))
    start_review(call)
    soon = call.score_by - timedelta(days=20)
    assert [occasion.text for occasion in upcoming(expert, soon)] == [f"{call.name}：评分截止"]
    assert upcoming(idle, soon) == []


def test_the_case_page_shows_every_section_and_the_way(call):
    application = of_county(call, "红山区", "赵国栋", S.AUTHORITY_REVIEW)
    page = (
        browser_of(someone(Role.OFFICER, make_county("红山区")))
        .get(application.get_absolute_url())
        .content.decode()
    )
    for words in ("基本情况", "领衔条件", "三年规划", "建言献策", "¥50,000.00", "红山区教育局", "推荐排序"):
        assert words in page


def test_the_printed_form_is_a_pdf_with_all_sections(call):
    application = of_county(call, "红山区", "赵国栋", S.AUTHORITY_REVIEW)
    browser = browser_of(acting(application.lead))
    answer = browser.get(f"/applications/{application.number}/print/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert (
        browser_of(acting(make_lead())).get(f"/applications/{application.number}/print/").status_code == 404
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_no_more_for_more_rows(call, django_assert_num_queries, rows):
    for _ in range(rows):
        make_application(call, make_lead(), complete=False)
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    browser.get("/applications/")
    with django_assert_num_queries(7):
        browser.get("/applications/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_sheet_asks_no_more_for_more_rows(call, django_assert_num_queries, rows):
    for _ in range(rows):
        make_application(call, make_lead(), complete=False)
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    b"".join(browser.get("/applications/", {"export": "xlsx"}))
    with django_assert_num_queries(5):
        b"".join(browser.get("/applications/", {"export": "xlsx"}))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_case_page_asks_no_more_for_more_entries(call, django_assert_num_queries, rows):
    state = S.SCHOOL_REVIEW if rows == 1 else S.RECOMMENDED
    application = of_county(call, "红山区", "赵国栋", state)
    browser = browser_of(someone(Role.LEADER, make_bureau()))
    browser.get(application.get_absolute_url())
    with django_assert_num_queries(10):
        browser.get(application.get_absolute_url())
