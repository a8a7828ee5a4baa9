"""公示: which day it ends, who is listed, what the public sees and does not see."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.capacity import SESSION_KEY, Capacity
from accounts.models import Role
from applications import timekeeping
from applications.flows import APPLICATION, PUBLICITY
from applications.models import ApplicationState, Publicity, PublicityState
from office.door import Refused, begin, take
from office.models import Entry, Notice, OfficialDocument
from tests.factories.accounts import PASSWORD, make_bureau
from tests.factories.applications import acting, make_application, make_call, someone
from tests.factories.decided import (
    CONTACT,
    LAST_SECOND,
    PUBLISHED,
    ZONE,
    applicant,
    conclude,
    decide,
    publicised,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    """Pages kept for others' tests are not this test's pages."""
    cache.clear()


@pytest.fixture
def publicity() -> Publicity:
    return publicised(make_call(), ["包·格日乐图"])


def browser_of(me: Capacity) -> Client:
    client = Client()
    client.force_login(me.user)
    session = client.session
    session[SESSION_KEY] = me.appointment.pk
    session.save()
    return client


def page(publicity: Publicity, at: datetime):
    with time_machine.travel(at, tick=False):
        return Client().get(f"/public/publicity/{publicity.pk}/")


def state_of(publicity: Publicity) -> str:
    return publicity.applications.get().state


@pytest.mark.core
def test_published_on_the_wednesday_before_the_holidays_it_ends_on_tuesday_the_thirteenth(publicity):
    ends = timezone.localtime(publicity.ends_at)
    assert ends.date() == date(2026, 10, 13)
    assert (ends.hour, ends.minute, ends.second) == (23, 59, 59)
    assert publicity.calendar_known
    assert state_of(publicity) == ApplicationState.PUBLICISED


def test_it_can_not_be_concluded_before_its_last_second_has_passed(publicity):
    with pytest.raises(Refused, match="期满后方可结束"):
        conclude(publicity, LAST_SECOND)
    conclude(publicity)
    assert state_of(publicity) == ApplicationState.CONFIRMED


def test_a_list_without_anybody_to_publicise_is_refused():
    call = make_call()
    publicity = Publicity(call=call, days=5, contact=CONTACT)
    officer = someone(Role.OFFICER, make_bureau())
    begin(publicity, officer, PUBLISHED)
    with pytest.raises(Refused, match="名单尚未审定"):
        take(PUBLICITY, "publish", publicity.pk, officer, PUBLISHED)


def test_a_correction_begins_the_period_anew_and_is_told_on_the_page(publicity):
    officer = someone(Role.OFFICER, make_bureau())
    take(
        PUBLICITY,
        "correct",
        publicity.pk,
        officer,
        datetime(2026, 10, 12, 9, 0, tzinfo=ZONE),
        "学校名称有误",
        {"note": "依托学校名称已更正"},
    )
    publicity.refresh_from_db()
    assert timezone.localtime(publicity.ends_at).date() == date(2026, 10, 19)
    assert OfficialDocument.objects.filter(kind="publicity").count() == 2
    assert "依托学校名称已更正" in page(publicity, PUBLISHED + timedelta(days=14)).content.decode()


def test_a_year_whose_holidays_are_unknown_is_told_beside_the_date_with_the_way_to_enter_them():
    call = make_call()
    applicant(call, "王喆")
    late = datetime(2026, 12, 30, 10, 0, tzinfo=ZONE)
    publicity = publish(decide(call), late)
    assert not publicity.calendar_known
    with time_machine.travel(late, tick=False):
        shown = (
            browser_of(someone(Role.OFFICER, make_bureau()))
            .get(publicity.get_absolute_url())
            .content.decode()
        )
    assert "2027年节假日安排尚未录入" in shown
    assert "/holidays/?year=2027" in shown


@pytest.mark.core
def test_nothing_waits_at_the_end_of_the_way(publicity):
    conclude(publicity)
    officer = browser_of(someone(Role.OFFICER, publicity.call.programme.owner))
    way = officer.get(publicity.get_absolute_url()).context["way"]
    assert [(stop.place, stop.note.startswith("已等")) for stop in way] == [("done", False)] * 3


def test_the_clock_concludes_once_also_after_a_day_off(publicity):
    assert timekeeping.keep(LAST_SECOND + timedelta(seconds=1)) == 0
    assert timekeeping.keep(LAST_SECOND + timedelta(days=1)) == 1
    assert timekeeping.keep(LAST_SECOND + timedelta(days=2)) == 0
    publicity.refresh_from_db()
    assert publicity.state == PublicityState.CONCLUDED
    concluded = Entry.objects.of(publicity).filter(step="conclude")
    assert [entry.who for entry in concluded] == ["系统"]
    assert state_of(publicity) == ApplicationState.CONFIRMED


def test_the_clock_lets_lapse_what_was_not_sent_in_time():
    call = make_call()
    draft = make_application(call, complete=False)
    assert timekeeping.keep(call.submit_by) == 0
    assert timekeeping.keep(call.submit_by + timedelta(hours=1)) == 1
    draft.refresh_from_db()
    assert draft.state == ApplicationState.LAPSED


def test_the_public_page_names_the_six_facts_and_nothing_personal(publicity):
    application = publicity.applications.select_related("lead", "school").get()
    shown = page(publicity, PUBLISHED).content.decode()
    for fact in (
        application.number,
        application.studio_name,
        "包·格日乐图",
        application.school.name,
        "红山区",
        "小学",
    ):
        assert fact in shown
    assert CONTACT in shown
    lead = application.lead
    for private in (
        lead.identity,
        lead.masked_identity,
        lead.phone,
        lead.masked_phone,
        f"{lead.birth_month:%Y-%m}",
    ):
        assert private not in shown
    assert f"{lead.birth_month.year}年{lead.birth_month.month}月" not in shown
    assert "<script" not in shown
    assert len(shown.encode()) < 40_000


def test_whoever_withdraws_leaves_the_page_at_once(publicity):
    application = publicity.applications.select_related("lead").get()
    assert application.studio_name in page(publicity, PUBLISHED).content.decode()
    take(APPLICATION, "withdraw", application.pk, acting(application.lead), PUBLISHED, "个人原因")
    assert application.studio_name not in page(publicity, PUBLISHED).content.decode()


def test_the_page_comes_down_thirty_days_after_the_end(publicity):
    assert page(publicity, publicity.ends_at + timedelta(days=30)).status_code == 200
    gone = page(publicity, publicity.ends_at + timedelta(days=30, seconds=1))
    assert gone.status_code == 404
    assert "名单即从网上撤下" in gone.content.decode()


@pytest.mark.parametrize("names", [["王喆"], ["王喆", "李堃", "赵㐂"]])
def test_the_page_costs_the_same_for_one_and_three_and_the_public_one_is_kept(
    names, django_assert_num_queries
):
    publicity = publicised(make_call(), names)
    with time_machine.travel(PUBLISHED, tick=False):
        with django_assert_num_queries(4):
            Client().get(f"/public/publicity/{publicity.pk}/")
        with django_assert_num_queries(1):
            Client().get(f"/public/publicity/{publicity.pk}/")
        browser = browser_of(someone(Role.OFFICER, make_bureau()))
        browser.get(publicity.get_absolute_url())
        with django_assert_num_queries(7):
            browser.get(publicity.get_absolute_url())
        with django_assert_num_queries(5):
            browser.get("/publicities/")
        sheet = browser.get("/publicities/", {"export": "xlsx"})
    book = load_workbook(BytesIO(b"".join(sheet.streaming_content)))
    assert [row[4] for row in book.active.iter_rows(min_row=2, values_only=True)] == [len(names)]


def test_the_officer_drafts_it_looks_at_it_and_publishes_it():
    call = make_call()
    applicant(call, "孙昇")
    decide(call)
    with time_machine.travel(PUBLISHED, tick=False):
        browser = browser_of(someone(Role.OFFICER, make_bureau()))
        assert f"/calls/{call.number}/publicity/" in browser.get(f"/calls/{call.number}/").content.decode()
        form = browser.get(f"/calls/{call.number}/publicity/")
        assert form.context["form"].initial["days"] == call.publicity_days
        browser.post(f"/calls/{call.number}/publicity/", {"days": 5, "contact": CONTACT})
        draft = Publicity.objects.get()
        assert browser.get(f"/publicities/{draft.pk}/preview/")["Content-Type"] == "application/pdf"
        browser.post(f"/publicities/{draft.pk}/edit/", {"days": 7, "contact": CONTACT})
        assert "孙昇" in browser.get(draft.get_absolute_url()).content.decode()
        publish = f"/publicities/{draft.pk}/steps/publish/"
        assert browser.post(publish).status_code == 422, "the password is asked again"
        browser.post(publish, {"password": PASSWORD})
    draft.refresh_from_db()
    assert (draft.state, draft.days) == (PublicityState.PUBLISHED, 7)


def test_only_the_owners_officer_drafts_a_publicity():
    call = make_call()
    applicant(call, "周玥")
    decide(call)
    with time_machine.travel(PUBLISHED, tick=False):
        address = f"/calls/{call.number}/publicity/"
        assert browser_of(someone(Role.LEADER, make_bureau())).get(address).status_code == 404
        county = call.applications.get().authority
        assert browser_of(someone(Role.OFFICER, county)).get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_the_counties_told_of_a_publicity_are_led_to_the_page_they_may_read():
    publicity = publicised(make_call(), ["周玥"])
    county = publicity.applications.get().authority
    told = Notice.objects.get(user=someone(Role.OFFICER, county).user, content_type__model="publicity")
    with time_machine.travel(PUBLISHED, tick=False):
        page = browser_of(someone(Role.OFFICER, county)).get(told.url)
    assert page.status_code == 200
    assert "周玥" in page.content.decode()
