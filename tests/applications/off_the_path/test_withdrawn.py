"""撤回 by the applicant, 取消 by the leader."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from applications.flows import APPLICATION, CALL, PUBLICITY, REVIEW
from applications.models import (
    Application,
    Call,
    MemberState,
    ObjectionState,
    ReviewState,
)
from office.door import take
from office.models import Entry
from tests.applications.off_the_path.ways import (
    STOPS,
    S,
    give_back,
    hand,
)
from tests.factories.applications import (
    DURING,
    add_member,
    make_application,
    make_lead,
)
from tests.factories.rounds import (
    ANNOUNCED_ON,
    CONCLUDED_ON,
    PUBLISHED_ON,
    SCORED_ON,
    again,
    conclude,
    judging,
    leader,
    object_to,
    owner,
    refusal,
    withdraw,
)

pytestmark = pytest.mark.django_db


# 撤回


@pytest.mark.core
@pytest.mark.parametrize(
    "state",
    [S.DRAFT, *STOPS, S.RETURNED, S.UNDER_REVIEW, S.PASSED, S.PUBLICISED, S.HELD, S.CONFIRMED],
)
def test_withdrawn_from_every_state_before_the_announcement(
    send: Callable[[str], Application], state: str
) -> None:
    application = reached(send, state)
    assert application.state == state
    application = withdraw(application, ANNOUNCED_ON)
    assert application.state == S.WITHDRAWN
    assert not application.members.filter(state__in=MemberState.live).exists()
    assert not application.reviews.filter(state=ReviewState.ASSIGNED).exists()
    assert not application.objections.filter(state__in=ObjectionState.pending).exists()


def reached(send: Callable[[str], Application], state: str) -> Application:
    """An application that has come to ``state`` by the door alone."""
    if state == S.RETURNED:
        return give_back(send(S.SCHOOL_REVIEW), S.SCHOOL_REVIEW)
    if state == S.HELD:
        application = send(S.PUBLICISED)
        object_to(application, PUBLISHED_ON + timedelta(days=1))
        conclude(application.publicity)
        return again(application)
    return send(state)


def test_an_objection_against_what_was_withdrawn_is_moot_and_says_so(
    send: Callable[[str], Application],
) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    withdraw(application, PUBLISHED_ON + timedelta(days=2))
    objection.refresh_from_db()
    assert objection.state == ObjectionState.NOT_ADMITTED
    assert Entry.objects.of(objection).last().opinion == "所涉申报已终止"


def test_an_expert_need_not_judge_what_was_withdrawn(send: Callable[[str], Application]) -> None:
    application = send(S.UNDER_REVIEW)
    review = application.reviews.select_related("expert__user").first()
    me = judging(review.expert)
    assert REVIEW.waiting(me, SCORED_ON).count() == 1
    withdraw(application, SCORED_ON)
    assert REVIEW.waiting(me, SCORED_ON).count() == 0


def test_nobody_else_withdraws(send: Callable[[str], Application]) -> None:
    application = send(S.SCHOOL_REVIEW)
    for me in (hand(application, S.SCHOOL_REVIEW), owner(application.call)):
        with pytest.raises(PermissionDenied):
            take(APPLICATION, "withdraw", application.pk, me, DURING)


def test_who_withdrew_may_apply_anew_in_the_window_with_the_same_members(call: Call) -> None:
    lead = make_lead()
    first = withdraw(make_application(call, lead))
    asked = first.members.first().principal
    second = make_application(call, lead, complete=False)
    assert add_member(second, asked).state == MemberState.ACCEPTED


# 取消批次


@pytest.mark.core
def test_with_the_call_all_that_was_under_way_ends(call: Call, send: Callable[[str], Application]) -> None:
    ended = withdraw(make_application(call))
    application = send(S.UNDER_REVIEW)
    assert refusal(CALL, "cancel", call, leader(call), opinion="") == ["请填写意见"]
    take(CALL, "cancel", call.pk, leader(call), SCORED_ON, "因机构改革暂停。")
    application = again(application)
    assert application.state == S.LAPSED
    assert Entry.objects.of(application).last().opinion == "因机构改革暂停。"
    assert set(application.members.values_list("state", flat=True)) == {MemberState.LAPSED}
    assert set(application.reviews.values_list("state", flat=True)) == {ReviewState.RELEASED}
    assert again(ended).state == S.WITHDRAWN
    with pytest.raises(PermissionDenied):
        take(CALL, "cancel", call.pk, owner(call), SCORED_ON, "再取消")


def test_a_call_cancelled_during_publicity_makes_its_objections_moot(
    call: Call, send: Callable[[str], Application]
) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    take(CALL, "cancel", call.pk, leader(call), PUBLISHED_ON + timedelta(days=2), "程序有误，重新组织。")
    objection.refresh_from_db()
    assert objection.state == ObjectionState.NOT_ADMITTED
    take(PUBLICITY, "conclude", application.publicity_id, owner(call), CONCLUDED_ON)
    assert again(application).state == S.LAPSED, "nothing comes to life again"
