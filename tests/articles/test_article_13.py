"""第十三条　市教育局负责制定相关政策，组织开展名校长的选拔等工作。"""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import CALL
from applications.models import Call, CallState
from office.door import take
from office.models import Entry, OfficialDocument
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school
from tests.factories.applications import (
    OPENS,
    bring_to,
    browser_of,
    make_application,
    make_call,
    make_lead,
    someone,
)

pytestmark = pytest.mark.django_db


def officer() -> Capacity:
    return someone(Role.OFFICER, make_bureau())


def set_parameter(name: str, value: object) -> int:
    """The bureau's officer changes one parameter in the browser; the answer's status."""
    browser = browser_of(officer())
    form = browser.get("/programme/").context["form"]
    given = {key: form[key].value() for key in form.fields} | {name: value}
    filled = {key: value for key, value in given.items() if value not in (None, False)}
    return browser.post("/programme/", filled).status_code


# 市教育局负责制定相关政策


def test_the_bureau_sets_the_rules_and_the_next_call_begins_with_them() -> None:
    earlier = make_call()
    assert set_parameter("publicity_working_days", 7) == 302
    assert browser_of(officer()).get("/calls/new/").context["form"]["publicity_days"].value() == 7
    assert Call.objects.get(pk=earlier.pk).publicity_days == 5, "a call under way keeps its own"
    assert Entry.objects.of(earlier.programme).get(step="parameters").facts == {
        "公示期（工作日）": ["5", "7"]
    }


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER])
def test_neither_a_county_nor_a_school_sets_them(role: str) -> None:
    make_call()
    for place in (make_county(), make_school()):
        assert browser_of(make_capacity(role, place)).get("/programme/").status_code == 403


def test_its_measures_and_notices_are_open_to_everybody() -> None:
    make_call()
    visitor = Client()
    assert "赤峰市名校长工作室建设与管理办法" in visitor.get("/articles/").content.decode()
    listed = visitor.get("/public/documents/").content.decode()
    assert "关于开展2026年度名校长工作室申报工作的通知" in listed
    document = OfficialDocument.objects.get(kind="call_notice")
    assert (document.issuer, document.number) == (make_bureau(), "赤教发〔2026〕1号")


# 组织开展名校长的选拔


def test_the_bureau_opens_the_selection_and_nobody_else_does() -> None:
    call = make_call(opened=False)
    for me in (
        someone(Role.LEADER, make_bureau()),
        make_capacity(Role.OFFICER, make_county()),
        make_capacity(Role.OFFICER, make_school()),
    ):
        with pytest.raises((PermissionDenied, Call.DoesNotExist)):
            take(CALL, "open", call.pk, me, OPENS)
    assert take(CALL, "open", call.pk, officer(), OPENS).state == CallState.OPEN


def test_a_county_without_a_programme_of_its_own_lays_out_no_call() -> None:
    make_call()
    assert browser_of(make_capacity(Role.OFFICER, make_county())).get("/calls/new/").status_code == 403
    assert browser_of(officer()).get("/calls/new/").status_code == 200


def test_heads_of_every_county_and_of_the_citys_own_schools_take_part_in_one_selection() -> None:
    call = make_call()
    places = (make_county("红山区"), make_county("敖汉旗"), make_bureau())
    for place in places:
        bring_to(make_application(call, make_lead(school=make_school(place))), "recommended")
    seen = browser_of(officer()).get("/applications/").context["page_obj"].object_list
    assert {row.authority for row in seen} == set(places)
    assert {row.call for row in seen} == {call}
