"""Where a list is narrowed to a county or a call, it offers those of the person's own city."""

from __future__ import annotations

import pytest

from accounts.models import Kind, Organisation, Role
from tests.applications.judging import browser_of
from tests.factories.accounts import (
    OrganisationFactory,
    make_bureau,
    make_capacity,
    make_county,
    make_school,
)
from tests.factories.applications import make_call, someone

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def elsewhere() -> Organisation:
    """A county of another city; that city's bureau has a call open too."""
    make_bureau()
    bureau = OrganisationFactory(kind=Kind.BUREAU, name="通辽市教育局", short_name="通辽", code="150500")
    make_call(bureau)
    return OrganisationFactory(
        kind=Kind.COUNTY, name="科尔沁区教育局", short_name="科尔沁区", parent=bureau, code="150502"
    )


def offered(who, address: str, name: str) -> set[str]:
    """The words of the choices of one filter, without the one that chooses nothing."""
    form = browser_of(who).get(address).context["filter"].form
    return {words for value, words in form.fields[name].widget.choices if value}


@pytest.mark.parametrize(
    ("address", "name"), [("/applications/", "county"), ("/studios/", "authority"), ("/pledges/", "county")]
)
def test_the_bureau_is_offered_itself_and_its_own_counties(elsewhere, address: str, name: str) -> None:
    own = make_county("松山区")
    found = offered(someone(Role.OFFICER, make_bureau()), address, name)
    assert str(own) in found
    assert str(make_bureau()) in found, "for the schools directly under it"
    assert str(elsewhere) not in found


def test_a_school_is_offered_the_counties_of_its_bureau(elsewhere) -> None:
    school = make_school(make_county("松山区"))
    make_county("红山区")
    here = Organisation.objects.authorities_of(school)
    assert {each.label for each in here} == {"市教育局", "松山区", "红山区"}


def test_the_calls_offered_are_those_of_the_own_city(elsewhere) -> None:
    call = make_call(name="本市的申报")
    officer = someone(Role.OFFICER, make_bureau())
    theirs = make_capacity(Role.OFFICER, elsewhere.parent)
    assert offered(officer, "/applications/", "call") == {call.name}
    assert call.name not in offered(theirs, "/applications/", "call")
