"""The desk: what waits for me, what I handed on, what is coming up."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import CALL, PROPOSED_MEMBER
from office import calendar, desk, panels
from office.door import take
from office.models import Notice
from office.views.desk import greeting, summary
from tests.factories.accounts import make_capacity
from tests.office.conftest import AT, Cast, principal_of

pytestmark = pytest.mark.django_db

Browser = Callable[[Capacity], Client]


@pytest.mark.core
def test_a_case_stands_on_the_desk_of_those_whose_step_is_next(cast: Cast) -> None:
    rows = desk.waiting(cast.officer, AT)
    assert [(row.prompt, row.title, row.url) for row in rows] == [
        ("发布申报", "2026-P1号批次", "/calls/2026-P1/")
    ]
    assert desk.count(cast.officer, AT) == 1
    assert desk.waiting(cast.leader, AT) == []
    assert desk.count(cast.county_officer, AT) == 0


@pytest.mark.core
def test_cases_of_several_flows_stand_together_the_most_pressing_first(cast: Cast) -> None:
    application = cast.new_application("2026-0001")
    member = cast.propose(application, "李雅琴")
    me = next(iter(cast_of(member)))
    own = cast.new_application("2026-0002", me, AT + timedelta(hours=1))
    rows = desk.waiting(me, AT)
    assert [(row.prompt, row.title, row.sender) for row in rows] == [
        ("答复邀请", "李雅琴 参加 王志远名校长工作室", "王志远"),
        ("填报并提交", "李雅琴名校长工作室", own.school.name),
    ]
    assert [row.due for row in rows] == [cast.call.submit_by, cast.call.submit_by]
    assert desk.count(me, AT) == 2


def cast_of(member: object) -> list[Capacity]:
    """The principal asked, in the capacity in which they answer."""
    user = member.principal.user  # type: ignore[attr-defined]
    return [Capacity(user, appointment) for appointment in user.appointments.all()]


@pytest.mark.core
def test_what_i_handed_on_says_where_it_stands_now(cast: Cast) -> None:
    application = cast.new_application("2026-0001")
    member = cast.propose(application, "李雅琴")
    me = cast_of(member)[0]
    take(PROPOSED_MEMBER, "accept", member.pk, me, AT + timedelta(hours=1))
    assert [(row.step_label, row.title, row.state_label, row.state_tone) for row in desk.started(me, AT)] == [
        ("同意参加", "李雅琴 参加 王志远名校长工作室", "本人同意", "green")
    ]
    assert desk.started(me, AT)[0].remind_url == f"/proposals/{member.pk}/remind/"
    take(CALL, "cancel", cast.call.pk, cast.leader, AT + timedelta(hours=2), "推迟")
    assert [row.remind_url for row in desk.started(me, AT)] == [""], "nobody has it any more"
    assert [row.state_label for row in desk.started(me, AT)] == ["已失效"]


@pytest.mark.core
def test_what_i_handed_on_in_another_capacity_is_not_on_this_desk(cast: Cast) -> None:
    both = make_capacity(Role.LEADER, cast.bureau)
    take(CALL, "cancel", cast.call.pk, cast.leader, AT, "推迟")
    assert [row.title for row in desk.started(cast.leader, AT)] == ["2026-P1号批次"]
    assert desk.started(both, AT) == []


def test_the_page_says_how_much_waits(cast: Cast, as_person: Browser) -> None:
    page = as_person(cast.officer).get("/desk/")
    text = page.content.decode()
    assert "有 1 件事等您办理" in text
    assert "孙慧敏" in page.context["greeting"]
    assert "发布申报：2026-P1号批次" in text


def test_an_empty_desk_says_what_would_be_here(cast: Cast, as_person: Browser) -> None:
    assert "现在没有等您办理的事" in as_person(cast.leader).get("/desk/").content.decode()


def test_the_number_in_the_menu_is_the_number_of_rows(cast: Cast, as_person: Browser, client: Client) -> None:
    browser = as_person(cast.officer)
    assert browser.get("/desk/waiting/").content == b"1"
    cast.new_call("2026-P2")
    assert browser.get("/desk/waiting/").content == b"2"
    assert as_person(cast.leader).get("/desk/waiting/").content == b""
    assert client.get("/desk/waiting/").status_code == 204


def test_apps_add_dates_and_figures(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "_sources", [])
    monkeypatch.setattr(panels, "_sources", [])
    calendar.register(
        lambda me, at: [
            (date(2026, 3, 9), "申报截止", "/calls/"),
            (date(2026, 3, 4), "专题培训", ""),
            (date(2026, 3, 1), "昨天的事", ""),
            (date(2026, 6, 1), "远着呢", ""),
        ]
    )
    panels.register(lambda me, at: panels.Panel("推荐名额") if me.holds(Role.OFFICER) else None)
    assert [row.text for row in calendar.upcoming(cast.officer, AT)] == ["专题培训", "申报截止"]
    assert [panel.title for panel in panels.panels(cast.officer, AT)] == ["推荐名额"]
    assert panels.panels(cast.leader, AT) == []


def test_the_desk_costs_the_same_for_one_row_and_for_many(cast: Cast, as_person: Browser) -> None:
    browser = as_person(cast.officer)
    browser.get("/desk/")
    counts = []
    for number in (2, 3, 4):
        cast.new_call(f"2026-P{number}")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/desk/")
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 12


@pytest.mark.parametrize(
    ("hour", "words"), [(4, "夜深了"), (8, "上午好"), (12, "中午好"), (15, "下午好"), (21, "晚上好")]
)
def test_the_greeting_knows_the_hour(hour: int, words: str) -> None:
    assert greeting(hour) == words


def test_the_sentence_on_what_waits() -> None:
    assert summary(0, 0) == "现在没有等您办理的事"
    assert summary(6, 1) == "有 6 件事等您办理，其中 1 件已超期"


# Notices


def test_a_notice_is_opened_once_and_leads_to_its_case(cast: Cast, as_person: Browser) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, AT, "推迟")
    browser = as_person(cast.county_officer)
    assert browser.get("/notices/unread/").content == b"1"
    notice = Notice.objects.get(user=cast.county_officer.user)
    assert "2026-P1号批次：取消批次" in browser.get("/notices/").content.decode()
    assert browser.post(f"/notices/{notice.pk}/open/")["Location"] == notice.url
    assert browser.get("/notices/unread/").content == b""
    assert browser.get("/notices/?unread=1").context["page_obj"].object_list.count() == 0


def test_another_s_notice_does_not_open(cast: Cast, as_person: Browser) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, AT, "推迟")
    notice = Notice.objects.get(user=cast.county_officer.user)
    assert as_person(cast.officer).post(f"/notices/{notice.pk}/open/").status_code == 404
    stranger = principal_of(cast.school)
    as_person(stranger).post("/notices/read/")
    assert Notice.objects.filter(read_at__isnull=True).count() == 1
    as_person(cast.county_officer).post("/notices/read/")
    assert not Notice.objects.filter(read_at__isnull=True).exists()
