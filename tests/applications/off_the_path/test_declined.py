"""不予推荐, and 恢复 by who may."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from applications.flows import APPLICATION, PROPOSED_MEMBER
from applications.models import (
    Application,
    Call,
)
from office.door import take
from tests.applications.off_the_path.ways import (
    STOPS,
    S,
    at_every_stop,
    decline,
    hand,
)
from tests.factories.applications import (
    DURING,
    acting,
    add_member,
    bring_to,
    make_application,
    make_lead,
)
from tests.factories.rounds import (
    owner,
    refusal,
    step,
)

pytestmark = pytest.mark.django_db


@pytest.mark.core
@at_every_stop
def test_declined_with_a_reason_and_reinstated_by_the_leader(
    send: Callable[[str], Application], stop: str
) -> None:
    application = send(stop)
    officer = hand(application, stop)
    assert refusal(APPLICATION, STOPS[S(stop)][2], application, officer, opinion=" ") == ["请填写意见"]
    application = decline(application, stop)
    assert application.state == S.DECLINED
    with pytest.raises(PermissionDenied):
        take(APPLICATION, "reinstate", application.pk, officer, DURING, "恢复")
    chief = hand(application, stop, Role.LEADER)
    assert step(application, "reinstate", chief, opinion="复核后同意恢复。").state == stop


def test_the_superior_reinstates_too_and_nobody_below(send: Callable[[str], Application]) -> None:
    application = decline(send(S.AUTHORITY_REVIEW), S.AUTHORITY_REVIEW)
    for below in (hand(application, S.SCHOOL_REVIEW, Role.LEADER), acting(application.lead)):
        with pytest.raises(PermissionDenied):
            take(APPLICATION, "reinstate", application.pk, below, DURING, "恢复")
    bureau = hand(application, S.RECOMMENDED, Role.LEADER)
    assert step(application, "reinstate", bureau, opinion="同意恢复。").state == S.AUTHORITY_REVIEW


def test_what_the_school_declined_its_county_reinstates(send: Callable[[str], Application]) -> None:
    """It had not come to the county; its leader alone sees it there."""
    application = decline(send(S.SCHOOL_REVIEW), S.SCHOOL_REVIEW)
    officer, county = (hand(application, S.AUTHORITY_REVIEW, role) for role in (Role.OFFICER, Role.LEADER))
    assert not APPLICATION.seen(officer).exists()
    assert step(application, "reinstate", county, opinion="同意恢复。").state == S.SCHOOL_REVIEW


def test_after_the_decision_nothing_is_reinstated(call: Call, send: Callable[[str], Application]) -> None:
    declined = decline(bring_to(make_application(call), S.AUTHORITY_REVIEW), S.AUTHORITY_REVIEW)
    send(S.PASSED)
    chief = hand(declined, S.AUTHORITY_REVIEW, Role.LEADER)
    assert refusal(APPLICATION, "reinstate", declined, chief) == [
        "本批次已定名单，不能再恢复或受理（第九条）"
    ]


def test_what_was_declined_is_not_reinstated_beside_a_second_try(call: Call) -> None:
    lead = make_lead()
    declined = decline(bring_to(make_application(call, lead), S.SCHOOL_REVIEW), S.SCHOOL_REVIEW)
    second = make_application(call, lead, complete=False)
    chief = hand(declined, S.SCHOOL_REVIEW, Role.LEADER)
    assert refusal(APPLICATION, "reinstate", declined, chief) == [
        f"申报人在本批次另有申报（{second.number}）（第九条）"
    ]


def test_a_member_of_what_was_declined_is_free_for_another_and_then_not_taken_back(call: Call) -> None:
    declined = decline(bring_to(make_application(call), S.SCHOOL_REVIEW), S.SCHOOL_REVIEW)
    shared = declined.members.first()
    other = make_application(call, make_lead(name="赵文华"), complete=False)
    add_member(other, shared.principal)
    chief = hand(declined, S.SCHOOL_REVIEW, Role.LEADER)
    assert refusal(APPLICATION, "reinstate", declined, chief) == [
        f"{shared.principal}已同意参加赵文华名校长工作室，请先办理同意撤换（第六条）"
    ]
    take(PROPOSED_MEMBER, "release", shared.pk, owner(call), DURING, "已参加其他工作室。")
    assert step(declined, "reinstate", chief, opinion="同意恢复。").state == S.SCHOOL_REVIEW
