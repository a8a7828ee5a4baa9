"""分工: the owner's officers divide a call's work by county and stage; nobody is kept from stepping in."""

from datetime import date
from typing import Any

import pytest

from accounts.capacity import Capacity
from accounts.models import Role
from applications import division
from applications.flows import APPLICATION
from applications.models import Application, ApplicationState, Call
from office import desk
from office.door import take
from office.models import Entry, Notice
from studios.models import Stage
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school
from tests.factories.applications import (
    DURING,
    bring_to,
    browser_of,
    make_application,
    make_call,
    make_lead,
    someone,
)
from tests.factories.rounds import leader, owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spring")]
S = ApplicationState


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def hong(call: Call) -> Capacity:
    """The bureau's first officer."""
    return owner(call)


@pytest.fixture
def song(call: Call) -> Capacity:
    """A second officer of the bureau."""
    return make_capacity(Role.OFFICER, make_bureau(), "宋丹")


def recommended(call: Call, county: str, name: str) -> Application:
    school = make_school(make_county(county))
    return bring_to(make_application(call, make_lead(name=name, school=school)), S.RECOMMENDED)


@pytest.fixture
def two(call: Call) -> tuple[Application, Application]:
    return recommended(call, "红山区", "王一"), recommended(call, "松山区", "王二")


def divide(call: Call, **chosen: Any) -> None:
    """The officer of each county by its name, the whole line."""
    keys = {row.label: row.whole.name for row in division.lines(call, DURING)}
    sent = {keys[county]: str(me.appointment.pk) for county, me in chosen.items()}
    answer = browser_of(leader(call)).post(f"/calls/{call.number}/division/", sent)
    assert answer.status_code == 302


def on_the_desk(me: Capacity) -> set[str]:
    return {row.title for row in desk.waiting(me, DURING) if row.prompt == "形式审查"}


def test_without_a_division_everything_stands_on_every_desk(
    call: Call, hong: Capacity, song: Capacity, two: tuple[Application, Application]
) -> None:
    everything = {each.studio_name for each in two}
    assert on_the_desk(hong) == on_the_desk(song) == everything


def test_each_officer_finds_their_own_counties_and_what_is_nobodys(
    call: Call, hong: Capacity, song: Capacity, two: tuple[Application, Application]
) -> None:
    third = recommended(call, "林西县", "王三")
    divide(call, 红山区=hong, 松山区=song)
    one, other = two
    assert on_the_desk(hong) == {one.studio_name, third.studio_name}
    assert on_the_desk(song) == {other.studio_name, third.studio_name}
    assert desk.count(hong, DURING) == 2
    browser = browser_of(hong)
    assert browser.get("/applications/?waiting=1").context["page_obj"].paginator.count == 2
    assert browser.get("/applications/?waiting=mine").context["page_obj"].paginator.count == 1
    assert browser.get("/applications/").context["page_obj"].paginator.count == 3


def test_a_colleague_may_step_in(
    call: Call, hong: Capacity, song: Capacity, two: tuple[Application, Application]
) -> None:
    divide(call, 红山区=hong, 松山区=song)
    take(APPLICATION, "accept", two[0].pk, song, DURING)
    assert Application.objects.get(pk=two[0].pk).state == S.UNDER_REVIEW


def test_when_the_appointment_ends_the_part_is_everybodys_again(
    call: Call, hong: Capacity, song: Capacity, two: tuple[Application, Application]
) -> None:
    divide(call, 红山区=hong, 松山区=song)
    assert song.appointment
    song.appointment.ends = date(2026, 3, 9)
    song.appointment.save()
    assert on_the_desk(hong) == {each.studio_name for each in two}
    assert "宋丹" not in browser_of(hong).get(f"/calls/{call.number}/division/").content.decode()


def test_stages_divide_as_well_and_the_grid_says_it_back(call: Call, hong: Capacity, song: Capacity) -> None:
    browser = browser_of(leader(call))
    assert hong.appointment
    assert song.appointment
    sent = {f"share-all-{stage}": str(hong.appointment.pk) for stage in Stage.values}
    sent["share-all-primary"] = str(song.appointment.pk)
    assert browser.post(f"/calls/{call.number}/division/", sent).status_code == 302
    first = division.lines(call, DURING)[0]
    shown = {field.name: field.value for field in first.fields}
    assert shown == sent
    assert browser.post(f"/calls/{call.number}/division/", shown).status_code == 302
    assert Entry.objects.of(call).filter(step="divide").count() == 1  # nothing changed the second time


def test_the_history_of_the_call_tells_who_got_what(call: Call, hong: Capacity, song: Capacity) -> None:
    recommended(call, "红山区", "王一")
    divide(call, 红山区=hong)
    divide(call, 红山区=song)
    entry = Entry.objects.of(call).filter(step="divide").last()
    assert entry
    assert entry.facts == {"红山区": [str(hong.user), "宋丹"]}


def test_notices_go_to_who_looks_after_it_alone(call: Call, hong: Capacity, song: Capacity) -> None:
    make_county("红山区")
    divide(call, 红山区=song)
    recommended(call, "红山区", "王一")
    assert Notice.objects.filter(user=song.user, entry__step="recommend").exists()
    assert not Notice.objects.filter(user=hong.user, entry__step="recommend").exists()


def test_what_the_bureau_agrees_to_for_its_own_schools_follows_the_division_too(
    call: Call, hong: Capacity, song: Capacity
) -> None:
    bring_to(make_application(call, make_lead(school=make_school(make_bureau()))), S.SCHOOL_REVIEW)
    before = {row.prompt for row in desk.waiting(hong, DURING)}
    assert "同意所属校长参加工作室" in before
    divide(call, 市直=song)
    assert "同意所属校长参加工作室" not in {row.prompt for row in desk.waiting(hong, DURING)}
    assert "同意所属校长参加工作室" in {row.prompt for row in desk.waiting(song, DURING)}


def test_a_countys_desk_is_not_touched(call: Call, hong: Capacity) -> None:
    school = make_school(make_county("红山区"))
    bring_to(make_application(call, make_lead(school=school)), S.AUTHORITY_REVIEW)
    county = make_capacity(Role.OFFICER, school.parent)
    divide(call, 红山区=hong)
    assert "审核推荐" in {row.prompt for row in desk.waiting(county, DURING)}


def test_only_the_owners_staff_divide(call: Call) -> None:
    county = make_capacity(Role.OFFICER, make_county("红山区"))
    assert browser_of(county).get(f"/calls/{call.number}/division/").status_code == 403
    assert browser_of(county).post(f"/calls/{call.number}/division/").status_code == 403


def test_the_page_costs_the_same_for_one_county_and_for_three(
    call: Call, hong: Capacity, django_assert_num_queries: Any
) -> None:
    browser = browser_of(hong)
    make_county("红山区")
    browser.get(f"/calls/{call.number}/division/")
    for more in ((), ("松山区", "林西县")):
        for name in more:
            make_county(name)
        with django_assert_num_queries(9):
            browser.get(f"/calls/{call.number}/division/")


def test_the_case_names_who_is_in_charge_to_the_owners_people_alone(
    call: Call, hong: Capacity, song: Capacity, two: tuple[Application, Application]
) -> None:
    address = two[0].get_absolute_url()
    assert "按分工" not in browser_of(song).get(address).content.decode()
    divide(call, 红山区=hong, 松山区=song)
    said = f"按分工，本件由{hong.user}负责"
    for me in (hong, song, leader(call)):
        assert said in browser_of(me).get(address).content.decode()
    county = someone(Role.OFFICER, two[0].authority)
    assert "按分工" not in browser_of(county).get(address).content.decode()
