"""Many sheets in a row: from one to the next, several submitted together, several given to an expert at once."""

from typing import Any

import pytest
import time_machine

from accounts.models import Role
from applications.flows import REVIEW
from applications.models import ApplicationState, Call, Expert, Review, ReviewState
from office.door import take
from tests.factories.accounts import make_capacity, make_county
from tests.factories.applications import bring_to, browser_of, make_application, make_call
from tests.factories.rounds import (
    REVIEWING_ON,
    fill_sheet,
    judging,
    make_expert,
    owner,
    seat_panel,
    start_review,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def april() -> Any:
    with time_machine.travel(REVIEWING_ON, tick=False):
        yield


@pytest.fixture
def call() -> Call:
    """Three applications with a panel of three."""
    call = make_call()
    for _ in range(3):
        bring_to(make_application(call), ApplicationState.UNDER_REVIEW)
    seat_panel(call)
    return start_review(call)


@pytest.fixture
def expert(call: Call) -> Expert:
    found = Expert.objects.order_by("pk").first()
    assert found
    return found


def own(expert: Expert) -> list[Review]:
    return list(Review.objects.filter(expert=expert).order_by("application__number"))


def complete(review: Review) -> None:
    fill_sheet(review)
    Review.objects.filter(pk=review.pk).update(comment="办学成效突出，规划可行。")


def test_a_sheet_leads_to_those_beside_it(expert: Expert) -> None:
    one, two, three = own(expert)
    browser = browser_of(judging(expert))
    shown = browser.get(f"/reviews/{two.pk}/sheet/").context
    assert shown["previous_url"] == f"/reviews/{one.pk}/sheet/"
    assert shown["next_url"] == f"/reviews/{three.pk}/sheet/"
    assert "第 2 / 3 份 · 已提交 0 份" in browser.get(f"/reviews/{two.pk}/sheet/").content.decode()
    assert browser.get(f"/reviews/{three.pk}/sheet/").context["next_url"] == ""


def test_saving_may_go_on_to_the_next_sheet(expert: Expert) -> None:
    one, two, _ = own(expert)
    answer = browser_of(judging(expert)).post(f"/reviews/{one.pk}/sheet/", {"comment": "好", "onward": "1"})
    assert answer["Location"] == f"/reviews/{two.pk}/sheet/"


def test_after_submitting_the_next_open_sheet_comes_up_and_at_last_the_list(expert: Expert) -> None:
    browser = browser_of(judging(expert))
    one, two, three = own(expert)
    for review, following in ((two, three), (three, one), (one, None)):
        complete(review)
        onward = browser.get(f"/reviews/{review.pk}/sheet/").context["onward_url"]
        answer = browser.post(f"/reviews/{review.pk}/steps/submit/", {"next": onward})
        assert answer["Location"] == (f"/reviews/{following.pk}/sheet/" if following else "/reviews/")
    assert "已提交 <strong>3</strong> / 3 份，全部完成" in browser.get("/reviews/").content.decode()


def test_what_is_complete_is_submitted_together_from_the_list(expert: Expert) -> None:
    one, two, three = own(expert)
    complete(one)
    complete(two)
    browser = browser_of(judging(expert))
    choosable = {row.pk for row in browser.get("/reviews/").context["page_obj"] if row.choosable}
    assert choosable == {one.pk, two.pk}
    answer = browser.post(
        "/reviews/batch/submit/", {"pk": [one.pk, two.pk, three.pk], "confirmed": "1", "back": "/reviews/"}
    )
    assert (answer.context["done"], answer.context["refused"]) == (2, 1)
    assert [review.state for review in own(expert)] == [
        ReviewState.SUBMITTED,
        ReviewState.SUBMITTED,
        ReviewState.ASSIGNED,
    ]


def test_several_that_lack_an_expert_are_given_to_one_at_once(call: Call, expert: Expert) -> None:
    stand_in = make_expert("代评专家")
    for review in own(expert)[:2]:
        take(REVIEW, "release", review.pk, owner(call), REVIEWING_ON, "出差")
    browser = browser_of(owner(call))
    chosen = [review.application_id for review in own(expert)[:2]]
    page = browser.get(f"/calls/{call.number}/progress/").content.decode()
    assert "分配勾选的" in page
    answer = browser.post(
        f"/calls/{call.number}/assign/", {"application": chosen, "expert": stand_in.pk}, follow=True
    )
    assert "已分配 2 份给代评专家" in answer.content.decode()
    assert Review.objects.filter(expert=stand_in).count() == 2


def test_the_owner_lists_all_reviews_and_a_county_none(call: Call, expert: Expert) -> None:
    browser = browser_of(owner(call))
    rows = browser.get(f"/reviews/?call={call.number}&expert={expert.pk}&state=counting")
    assert rows.context["page_obj"].paginator.count == 3
    assert "专家评审" in rows.content.decode()
    county = browser_of(make_capacity(Role.OFFICER, make_county("红山区")))
    assert county.get("/reviews/").context["page_obj"].paginator.count == 0
