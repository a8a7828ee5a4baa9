"""门户: what everybody may see, without login, script or cookie; nothing that concerns a person alone."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.capacity import SESSION_KEY, Capacity
from accounts.models import Role
from applications.models import Call
from office.anonymous import SECONDS
from office.models import Entry
from programmes.models import Holiday
from studios.models import Studio
from tests.factories.accounts import make_bureau, make_capacity, make_county
from tests.factories.applications import DURING, make_call, someone
from tests.factories.decided import AFTERWARDS, PUBLISHED, announce, conclude, publicised

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/",
    "/directory/",
    "/public/documents/",
    "/public/objection/",
    "/check/",
    "/articles/",
    "/robots.txt",
]


@pytest.fixture(autouse=True)
def nothing_kept():
    """Pages kept for others' tests are not this test's pages."""
    cache.clear()


def browser_of(me: Capacity) -> Client:
    client = Client()
    client.force_login(me.user)
    session = client.session
    session[SESSION_KEY] = me.appointment.pk
    session.save()
    return client


def get(address: str, at: datetime = AFTERWARDS, **query: str):
    with time_machine.travel(at, tick=False):
        return Client().get(address, query)


def announced(names: list[str]) -> Call:
    publicity = publicised(make_call(), names)
    conclude(publicity)
    announce(publicity.call)
    return publicity.call


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_public_page_opens_without_login_script_or_cookie(address):
    make_call()
    shown = get(address, DURING)
    assert shown.status_code == 200
    assert "<script" not in shown.content.decode()
    assert not shown.cookies
    assert len(shown.content) < 40_000


@pytest.mark.core
def test_the_home_page_shows_what_is_going_on_and_sends_people_who_log_in_to_their_desk():
    call = make_call()
    assert call.name in get("/", DURING).content.decode()
    publicity = publicised(make_call(), ["王喆"])
    assert f"/public/publicity/{publicity.pk}/" in get("/", PUBLISHED).content.decode()
    assert f"/public/publicity/{publicity.pk}/" not in get("/", AFTERWARDS).content.decode()
    with time_machine.travel(DURING, tick=False):
        assert browser_of(someone(Role.OFFICER, make_bureau())).get("/")["Location"] == "/desk/"


@pytest.mark.core
def test_the_directory_finds_studios_by_stage_county_and_words():
    announced(["王喆", "李堃"])
    for query, names in (
        ({}, {"王喆", "李堃"}),
        ({"q": "李堃"}, {"李堃"}),
        ({"stage": "primary"}, {"王喆", "李堃"}),
        ({"stage": "senior"}, set()),
        ({"county": str(make_county().pk)}, {"王喆", "李堃"}),
        ({"county": "999999999999"}, set()),
    ):
        rows = get("/directory/", **query).content.decode()
        assert {name for name in ("王喆", "李堃") if f">{name}<" in rows} == names, query


def test_a_studio_is_shown_with_its_years_and_members_and_no_way_to_reach_a_person():
    announced(["王喆"])
    studio = Studio.objects.select_related("lead").get()
    shown = get(f"/directory/{studio.number}/").content.decode()
    members = [row.principal for row in studio.memberships.select_related("principal")]
    assert all(member.name in shown for member in members)
    assert "第3年" in shown
    for person in [studio.lead, *members]:
        for private in (person.identity, person.phone, person.masked_identity, person.masked_phone):
            assert private not in shown
    assert get("/directory/2026-S999/").status_code == 404


def test_notices_and_announcements_are_open_to_everybody_and_the_publicity_list_is_not_kept_there():
    announced(["王喆"])
    shown = get("/public/documents/").content.decode()
    assert "关于开展2026年度名校长工作室申报工作的通知" in shown
    assert "关于公布2026年度名校长工作室名单的通知" in shown
    assert "拟建设名单的公示" not in shown


@pytest.mark.parametrize("names", [["王喆"], ["王喆", "李堃", "赵㐂"]])
def test_public_pages_cost_at_most_four_queries_and_then_at_most_one(names, django_assert_num_queries):
    announced(names)
    studio = Studio.objects.order_by("pk").first()
    pages = (("/directory/", 3, 0), (f"/directory/{studio.number}/", 4, 0), ("/public/documents/", 4, 1))
    with time_machine.travel(AFTERWARDS, tick=False):
        with django_assert_num_queries(4):
            Client().get("/")
        with django_assert_num_queries(1):
            Client().get("/")
        for address, first, again in pages:
            with django_assert_num_queries(first):
                Client().get(address)
            with django_assert_num_queries(again):
                Client().get(address)


def test_a_page_kept_for_everybody_is_never_one_made_for_somebody():
    make_call()
    with time_machine.travel(DURING, tick=False):
        browser_of(someone(Role.OFFICER, make_bureau())).get("/directory/")
        answered = Client().get("/directory/")
    assert "退出" not in answered.content.decode()
    assert answered["Cache-Control"] == "no-cache"


def test_a_list_is_up_for_thirty_days_after_its_end_and_not_a_second_longer():
    publicity = publicised(make_call(), ["王喆"])
    conclude(publicity)
    publicity.refresh_from_db()
    address, last = f"/public/publicity/{publicity.pk}/", publicity.ends_at + timedelta(days=30)
    assert "王喆" in get(address, last).content.decode()
    down = get(address, last + timedelta(seconds=1))
    assert down.status_code == 404
    assert "王喆" not in down.content.decode()


def test_a_new_notice_is_listed_at_once_and_no_page_is_older_than_a_minute():
    make_call()
    assert "第二批" not in get("/public/documents/", DURING).content.decode()
    make_call(name="第二批名校长工作室申报")
    assert "第二批" in get("/public/documents/", DURING).content.decode()
    assert SECONDS <= 60


def test_notices_are_found_by_words_of_title_or_number():
    announced(["王喆"])
    assert "名单的通知" in get("/public/documents/", q="公布 名单").content.decode()
    assert "没有找到文件" in get("/public/documents/", q="考核").content.decode()


def test_a_browser_that_has_the_page_is_told_so():
    make_call()
    with time_machine.travel(DURING, tick=False):
        first = Client().get("/directory/")
        again = Client().get("/directory/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_whatever_asks_for_an_icon_gets_one():
    assert Client().get("/favicon.ico", follow=True).status_code == 200


def test_lists_of_names_are_kept_from_search_engines():
    rules = get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /" in rules
    assert not any(rule.startswith("Allow: /public") for rule in rules)


def test_the_officer_enters_the_holidays_of_a_year_and_each_change_is_an_entry():
    call = make_call()
    officer = someone(Role.OFFICER, make_bureau())
    with time_machine.travel(AFTERWARDS, tick=False):
        browser = browser_of(officer)
        assert "尚未录入" in browser.get("/holidays/", {"year": "2027"}).content.decode()
        browser.post("/holidays/", {"first": "2027-01-01", "last": "2027-01-03", "name": "元旦"})
        browser.post("/holidays/", {"first": "2027-01-09", "worked": "worked", "name": "元旦调休"})
        refused = browser.post("/holidays/", {"first": "2027-02-06", "last": "2027-02-01", "name": "春节"})
        assert refused.status_code == 422
        added = Holiday.objects.filter(day__year=2027)
        assert [row.worked for row in added] == [False, False, False, True]
        browser.post(f"/holidays/{added[0].pk}/remove/")
    assert Holiday.objects.filter(day__year=2027).count() == 3
    labels = Entry.objects.of(call.programme).values_list("label", flat=True)
    assert list(labels) == ["录入节假日", "录入节假日", "移除节假日"]
    with time_machine.travel(AFTERWARDS, tick=False):
        county = browser_of(make_capacity(Role.OFFICER, make_county()))
        assert county.get("/holidays/").status_code == 403
        assert county.post("/holidays/", {"first": "2027-05-01", "name": "劳动节"}).status_code == 403
