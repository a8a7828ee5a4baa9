"""The case page and the taking of a step, in the browser's words."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import APPLICATION, CALL
from applications.models import Application, ApplicationState, Call, CallState
from office import pages
from office.door import take
from office.history import record
from office.models import Attachment, Entry
from office.pages import CasePage, Link, Tab
from tests.factories.accounts import PASSWORD, make_capacity, make_county
from tests.factories.applications import bring_to, make_application, make_call, someone
from tests.office.conftest import AT, Cast

pytestmark = pytest.mark.django_db

Browser = Callable[[Capacity], Client]


def address(call: Call) -> str:
    return f"/calls/{call.number}/"


@pytest.fixture
def page_of_calls() -> Iterator[Callable[..., None]]:
    """Describes the page of calls as this test wants it; afterwards it is as before."""
    before = pages.PAGES.pop("call", None)

    def describe(**description: object) -> None:
        pages.register(CasePage("call", **description))  # type: ignore[arg-type]

    yield describe
    pages.PAGES.pop("call", None)
    if before:
        pages.register(before)


# What is shown


def test_the_page_names_the_case_its_state_and_the_steps_i_may_take(cast: Cast, as_person: Browser) -> None:
    page = as_person(cast.officer).get(address(cast.call))
    assert page.context["state_label"] == "拟定中"
    assert [offer.name for offer in page.context["offers"]] == ["open"]
    text = page.content.decode()
    assert "2026-P1号批次" in text
    assert "发布申报" in text


def test_a_step_that_is_not_possible_yet_says_what_is_missing_and_where_it_is_mended(
    cast: Cast, as_person: Browser
) -> None:
    page = as_person(cast.officer).get(address(cast.call))
    offer = page.context["offers"][0]
    assert [lack.sentence for lack in offer.missing] == [
        "请至少设定一个学段的拟建数量",
        "请设定申报材料",
        "请选定评分标准",
    ]
    assert {lack.article_url for lack in offer.missing} == {"/articles/9/"}
    assert all(lack.where_url for lack in offer.missing)


def test_an_opinion_not_yet_written_does_not_count_as_missing(cast: Cast, as_person: Browser) -> None:
    offer = as_person(cast.leader).get(address(cast.call)).context["offers"][0]
    assert (offer.name, offer.opinion, offer.missing) == ("cancel", True, [])


def test_the_way_marks_where_the_case_is_and_who_brought_it_there(cast: Cast, as_person: Browser) -> None:
    way = as_person(cast.leader).get(address(cast.call)).context["way"]
    assert [(stop.label, stop.place) for stop in way] == [
        ("拟定", "now"),
        ("申报推荐", "ahead"),
        ("专家评审", "ahead"),
        ("公示", "ahead"),
        ("公布", "ahead"),
    ]
    take(CALL, "cancel", cast.call.pk, cast.leader, AT + timedelta(days=3), "推迟")
    way = as_person(cast.leader).get(address(cast.call)).context["way"]
    assert (way[0].place, way[0].who, way[0].when) == ("done", "孙慧敏", "2026年3月2日")
    assert (way[1].place, way[1].who, way[1].when, way[1].note) == (
        "off",
        "何建国",
        "2026年3月5日",
        "取消批次",
    )


def test_opinions_stand_oldest_first_with_name_organisation_and_cause(cast: Cast, as_person: Browser) -> None:
    application = cast.new_application("2026-0001")
    take(CALL, "cancel", cast.call.pk, cast.leader, AT, "推迟到明年")
    entries = as_person(cast.leader).get(address(cast.call)).context["entries"]
    assert [(line.who, line.organisation, line.opinion) for line in entries] == [
        ("孙慧敏", "赤峰市教育局", ""),
        ("何建国", "赤峰市教育局", "推迟到明年"),
    ]
    entries = as_person(cast.applicant).get(f"/applications/{application.number}/").context["entries"]
    assert entries[-1].cause == "取消批次"


def test_a_closed_case_says_so(cast: Cast, as_person: Browser) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, AT, "推迟")
    page = as_person(cast.leader).get(address(cast.call))
    assert page.context["offers"] == []
    assert page.context["nothing_to_do"] == "本件已取消，已经办结。"


def test_tabs_are_those_open_to_the_reader(
    cast: Cast, as_person: Browser, page_of_calls: Callable[..., None]
) -> None:
    page_of_calls(
        subtitle=lambda call: f"自{call.start_on:%Y}年起",
        tabs=(
            Tab(
                "plan",
                "方案",
                "components/details.html",
                lambda case, me, at: {"details": [{"label": "方案", "value": case.number}]},
            ),
            Tab(
                "rows",
                "名额",
                "components/details.html",
                lambda case, me, at: {"details": [{"label": "名额表", "value": 12}]},
                count=lambda *_: 12,
            ),
            Tab("secret", "内部", "components/details.html", visible=lambda case, me: me.holds(Role.LEADER)),
        ),
        crumbs=lambda case, me: [Link("申报批次", "/calls/")],
        actions=lambda case, me, at: [Link("修改批次", "/calls/edit/", "primary")],
    )
    browser = as_person(cast.officer)
    page = browser.get(address(cast.call))
    assert [(tab["label"], tab["active"]) for tab in page.context["tabs"]] == [
        ("方案", True),
        ("名额", False),
    ]
    text = page.content.decode()
    assert "<dt>方案</dt><dd>2026-P1</dd>" in text
    assert "自2026年起" not in text
    assert "自2027年起" in text
    assert 'href="/calls/edit/"' in text
    text = browser.get(address(cast.call) + "?tab=rows").content.decode()
    assert "名额表" in text
    assert "名额 12" in text
    assert "<dt>方案</dt><dd>2026-P1</dd>" in browser.get(address(cast.call) + "?tab=secret").content.decode()


def test_a_reader_to_whom_history_is_closed_sees_neither_opinions_nor_names(
    cast: Cast, as_person: Browser, page_of_calls: Callable[..., None]
) -> None:
    page_of_calls(history=lambda case, me: not me.holds(Role.LEADER))
    page = as_person(cast.leader).get(address(cast.call))
    assert page.context["entries"] == []
    text = page.content.decode()
    assert "办理记录" not in text
    assert "孙慧敏" not in text


# Who is let in


def test_a_case_out_of_sight_is_not_found(cast: Cast, as_person: Browser) -> None:
    assert as_person(cast.county_officer).get(address(cast.call)).status_code == 404
    assert as_person(cast.officer).get("/calls/2031-P9/").status_code == 404
    assert as_person(cast.officer).get("/publicities/abc/").status_code == 404


def test_the_public_is_sent_to_the_login(cast: Cast, client: Client) -> None:
    assert client.get(address(cast.call)).status_code == 302
    assert client.post(address(cast.call) + "steps/cancel/").status_code == 302


# Taking a step


def test_a_step_taken_brings_back_to_the_case_and_says_so(cast: Cast, as_person: Browser) -> None:
    answer = as_person(cast.leader).post(
        address(cast.call) + "steps/cancel/", {"opinion": "推迟到明年", "password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain == [(address(cast.call), 302)]
    assert "已办理：2026-P1号批次，取消批次。" in answer.content.decode()
    assert Call.objects.get().state == CallState.CANCELLED


def test_next_leads_on_only_within_the_house(cast: Cast, as_person: Browser) -> None:
    browser = as_person(cast.leader)
    answer = browser.post(
        address(cast.call) + "steps/cancel/", {"opinion": "推迟", "password": PASSWORD, "next": "/desk/"}
    )
    assert answer["Location"] == "/desk/"
    other = cast.new_call("2026-P2")
    evil = {"opinion": "推迟", "password": PASSWORD, "next": "https://example.org/"}
    assert browser.post(address(other) + "steps/cancel/", evil)["Location"] == address(other)


def test_a_refused_step_keeps_what_was_typed_and_says_all_that_is_missing(
    cast: Cast, as_person: Browser
) -> None:
    answer = as_person(cast.officer).post(address(cast.call) + "steps/open/", {"opinion": "请即发布"})
    assert answer.status_code == 422
    assert (
        "未能办理“发布申报”：请至少设定一个学段的拟建数量（第九条）；请设定申报材料（第九条）；请选定评分标准（第九条）"
        in (answer.content.decode())
    )
    offer = answer.context["offers"][0]
    assert (offer.open, offer.opinion_value) == (True, "请即发布")
    assert steps_of(cast.call) == ["begin"]


def test_another_s_step_is_forbidden_and_an_unknown_one_not_found(cast: Cast, as_person: Browser) -> None:
    browser = as_person(cast.officer)
    assert browser.post(address(cast.call) + "steps/cancel/", {"opinion": "不开"}).status_code == 403
    assert browser.post(address(cast.call) + "steps/explode/").status_code == 404
    assert browser.get(address(cast.call) + "steps/cancel/").status_code == 405


def test_who_comes_second_sees_who_was_first_and_keeps_the_words(cast: Cast, as_person: Browser) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, AT, "推迟")
    second = make_capacity(Role.LEADER, cast.bureau)
    answer = as_person(second).post(address(cast.call) + "steps/cancel/", {"opinion": "经费不足"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "何建国已于2026年3月2日 09:30办理“取消批次”" in text
    assert "您刚才写的意见是：经费不足" in text
    assert steps_of(cast.call) == ["begin", "cancel"]


@pytest.fixture
def at_the_county(db: None) -> Application:
    """An application the school has endorsed: the county's officer is to recommend it, with a rank."""
    return bring_to(make_application(make_call()), ApplicationState.AUTHORITY_REVIEW)


def test_a_field_filled_in_wrongly_is_refused_beside_it_and_the_words_stay(
    at_the_county: Application, as_person: Browser
) -> None:
    officer = someone(Role.OFFICER, at_the_county.authority)
    url = f"/applications/{at_the_county.number}/steps/recommend/"
    answer = as_person(officer).post(url, {"rank": "first", "opinion": "同意推荐"})
    assert answer.status_code == 422
    offer = next(offer for offer in answer.context["offers"] if offer.name == "recommend")
    assert (offer.open, offer.opinion_value) == (True, "同意推荐")
    assert offer.form.errors["rank"]
    assert "推荐排序" in answer.content.decode()
    at_the_county.refresh_from_db()
    assert at_the_county.state == ApplicationState.AUTHORITY_REVIEW


def test_the_step_s_own_fields_are_kept_with_the_case_and_in_its_history(
    at_the_county: Application, as_person: Browser
) -> None:
    officer = someone(Role.OFFICER, at_the_county.authority)
    url = f"/applications/{at_the_county.number}/steps/recommend/"
    page = as_person(officer).post(url, {"rank": "2", "opinion": "同意推荐"}, follow=True)
    at_the_county.refresh_from_db()
    assert (at_the_county.rank, at_the_county.state) == (2, ApplicationState.RECOMMENDED)
    assert page.context["entries"][-1].facts == ["推荐排序：2"]


def test_a_wrong_field_is_not_looked_at_by_who_may_not_take_the_step(
    at_the_county: Application, as_person: Browser
) -> None:
    url = f"/applications/{at_the_county.number}/steps/recommend/"
    school_officer = someone(Role.OFFICER, at_the_county.school)
    assert as_person(school_officer).post(url, {"rank": "first"}).status_code == 403
    stranger = make_capacity(Role.OFFICER, make_county("松山区"))
    assert as_person(stranger).post(url, {"rank": "first"}).status_code == 404


# What it costs


def test_a_page_with_thirty_opinions_and_twenty_files_costs_no_more_than_one_with_few(
    at_the_county: Application, as_person: Browser
) -> None:
    officer = someone(Role.OFFICER, at_the_county.authority)
    school_officer = someone(Role.OFFICER, at_the_county.school)
    browser = as_person(officer)
    url = f"/applications/{at_the_county.number}/?tab=materials"
    browser.get(url)
    counts = []
    for number in (1, 20):
        for _ in range(number):
            record(
                at_the_county, "note", "补充说明", school_officer, AT, {"备注": ["无", "有"]}, opinion="已阅"
            )
            Attachment.objects.create(
                case=at_the_county,
                slot="other",
                name="说明.pdf",
                kind="pdf",
                size=900,
                user=officer.user,
                at=AT,
            )
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(url)
        counts.append(len(queries))
    assert len(page.context["entries"]) > 21
    assert counts[0] == counts[1]
    assert counts[1] <= 18


def steps_of(case: object) -> list[str]:
    return [entry.step for entry in Entry.objects.of(case)]


def test_withdrawing_asks_once_and_says_what_will_happen(cast: Cast, as_person: Browser) -> None:
    application = cast.new_application("2026-0001")
    page = as_person(cast.applicant).get(f"/applications/{application.number}/")
    offer = next(offer for offer in page.context["offers"] if offer.name == "withdraw")
    assert offer.confirm == "撤回后，王志远名校长工作室的本次申报即告终止，拟任成员一并失效"
    as_person(cast.applicant).post(offer.url)
    assert Application.objects.get().state == ApplicationState.WITHDRAWN
    assert APPLICATION.state_label(ApplicationState.WITHDRAWN) == "已撤回"
