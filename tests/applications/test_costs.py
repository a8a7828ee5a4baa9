"""What a step costs the database: literal numbers, so that one query more is seen at once.

The budget of a step is 25. Publishing is three steps with a document: of the publicity, of all its applications
together, of the call.
"""

from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone

from accounts.capacity import Capacity, capacities
from accounts.models import Role
from applications.flows import APPLICATION, PUBLICITY
from applications.models import Application, ApplicationState, Publicity
from office.door import begin, take
from tests.factories.applications import (
    DURING,
    acting,
    attach_materials,
    bring_to,
    browser_of,
    make_application,
    make_call,
    someone,
)
from tests.factories.rounds import PUBLISHED_ON, decide, judge, owner, seat_panel, start_review

pytestmark = pytest.mark.django_db

S = ApplicationState
GIVEN = {"recommend": {"rank": 9}}
BEFORE = {
    "submit": S.DRAFT,
    "endorse": S.SCHOOL_REVIEW,
    "recommend": S.AUTHORITY_REVIEW,
    "accept": S.RECOMMENDED,
}


def actor(application: Application, name: str) -> Capacity:
    """Whose step it is, as a request knows them."""
    people: dict[str, Callable[[], Capacity]] = {
        "submit": lambda: acting(application.lead),
        "endorse": lambda: someone(Role.OFFICER, application.school),
        "recommend": lambda: someone(Role.OFFICER, application.authority),
        "accept": lambda: owner(application.call),
    }
    return as_in_a_request(people[name]())


def as_in_a_request(me: Capacity) -> Capacity:
    """``me`` with the organisation and all that is stated of the appointment, as the middleware brings it."""
    held = capacities(me.user, timezone.localdate(DURING))
    return next(each for each in held if each.appointment == me.appointment)


@pytest.mark.parametrize("others", [0, 2])
@pytest.mark.parametrize(
    ("name", "queries"), [("submit", 20), ("endorse", 13), ("recommend", 14), ("accept", 10)]
)
def test_a_step_costs_the_same_beside_one_application_and_beside_three(
    name: str, queries: int, others: int, django_assert_num_queries: Callable
) -> None:
    call = make_call()
    for _ in range(others):
        bring_to(make_application(call), S.RECOMMENDED)
    application = bring_to(make_application(call), BEFORE[name])
    me = actor(application, name)
    if name == "endorse":
        attach_materials(application, "school", me)
    with django_assert_num_queries(queries):
        take(APPLICATION, name, application.pk, me, DURING, "同意。", GIVEN.get(name))


def test_a_step_taken_on_the_page_reads_its_case_once(django_assert_num_queries: Callable) -> None:
    application = bring_to(make_application(make_call()), S.RECOMMENDED)
    with time_machine.travel(DURING, tick=False):
        browser = browser_of(owner(application.call))
        browser.get(application.get_absolute_url())
        with django_assert_num_queries(15):
            answer = browser.post(f"/applications/{application.number}/steps/accept/")
    assert answer.headers["Location"] == application.get_absolute_url()
    application.refresh_from_db()
    assert application.state == S.UNDER_REVIEW


@pytest.mark.parametrize("number", [1, 3])
def test_publishing_costs_the_same_for_one_application_and_for_three(
    number: int, django_assert_num_queries: Callable
) -> None:
    call = make_call()
    for _ in range(number):
        bring_to(make_application(call), S.UNDER_REVIEW)
    seat_panel(call)
    start_review(call)
    judge(call)
    decide(call)
    publicity = Publicity(call=call, days=5, contact="市教育局人事科")
    me = as_in_a_request(owner(call))
    begin(publicity, me, PUBLISHED_ON)
    with django_assert_num_queries(33):
        take(PUBLICITY, "publish", publicity.pk, me, PUBLISHED_ON)
