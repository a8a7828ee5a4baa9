"""Many people at one row: one succeeds, the others are told who and when; nothing is lost, nothing stands still.

Real threads with connections of their own, on PostgreSQL and on a SQLite file.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import connection

from accounts.models import Role
from applications.filling import start
from applications.flows import APPLICATION, CALL, PROPOSED_MEMBER, PUBLICITY, REVIEW
from applications.models import (
    Application,
    ApplicationState,
    CallState,
    MemberState,
    Objection,
    ProposedMember,
)
from applications.results import take_over
from office.audit import verify
from office.door import Moved, Refused, take
from office.models import Entry
from tests.factories.accounts import make_capacity, make_county, make_principal
from tests.factories.applications import (
    DURING,
    acting,
    add_member,
    bring_to,
    make_application,
    make_call,
    make_lead,
    someone,
)
from tests.factories.rounds import (
    DECIDED_ON,
    again,
    attach_minutes,
    bring_on,
    judge,
    leader,
    object_to,
    on,
    owner,
)

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

PATIENCE = 120  # seconds until threads that wait for each other are given up
S = ApplicationState


def at_once(*acts: Callable[[], object]) -> list[object]:
    """All acts begun at the same moment, each in a thread of its own; what each gave, or its refusal.

    Any other exception (a deadlock, a broken constraint) fails the test.
    """
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            gate.wait(PATIENCE)
            return act()
        except (Moved, Refused, PermissionDenied, ObjectDoesNotExist) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        running = [threads.submit(run, act) for act in acts]
        return [each.result(PATIENCE) for each in running]


def taking(flow: Any, name: str, case: Any, me: Any, at: Any = DURING, **given: Any) -> Callable[[], object]:
    """The step, to be taken later."""
    return lambda: take(flow, name, case.pk, me, at, "同意。", given)


def kinds(outcomes: Sequence[object]) -> Counter[str]:
    return Counter(type(each).__name__ for each in outcomes)


def test_of_fifty_who_take_one_step_at_once_one_succeeds_and_all_others_are_told_who_and_when() -> None:
    application = bring_to(make_application(make_call()), S.RECOMMENDED)
    officers = [make_capacity(Role.OFFICER, application.call.programme.owner) for _ in range(50)]
    outcomes = at_once(*(taking(APPLICATION, "accept", application, each) for each in officers))
    assert kinds(outcomes) == {"Application": 1, "Moved": 49}
    taken = Entry.objects.of(application).get(step="accept")
    assert {str(each) for each in outcomes if isinstance(each, Moved)} == {
        f"{taken.user.name}已于2026年3月10日 09:30办理“形式审查通过”"
    }
    assert verify() is None


def test_of_twenty_recommendations_at_once_on_a_quota_of_three_three_are_recommended() -> None:
    call = make_call(county_quota=3)
    waiting = [bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(20)]
    county = waiting[0].authority
    officers = [make_capacity(Role.OFFICER, county) for _ in waiting]
    outcomes = at_once(
        *(
            taking(APPLICATION, "recommend", application, officer, rank=rank)
            for rank, (application, officer) in enumerate(zip(waiting, officers, strict=True), 1)
        )
    )
    assert kinds(outcomes) == {"Application": 3, "Refused": 17}
    refused = {str(each) for each in outcomes if isinstance(each, Refused)}
    assert refused == {"推荐名额共 3 个，已用完（第九条）"}
    assert Application.objects.filter(call=call, state=S.RECOMMENDED).count() == 3
    assert verify() is None


def test_one_rank_given_twice_at_once_is_given_once() -> None:
    call = make_call()
    waiting = [bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(4)]
    officer = someone(Role.OFFICER, waiting[0].authority)
    outcomes = at_once(*(taking(APPLICATION, "recommend", each, officer, rank=1) for each in waiting))
    assert kinds(outcomes) == {"Application": 1, "Refused": 3}


def test_a_principal_who_accepts_ten_invitations_at_once_has_accepted_one() -> None:
    call, wanted = make_call(), make_principal()
    acting(wanted)
    invitations = [
        add_member(make_application(call, complete=False), wanted, accepted=False) for _ in range(10)
    ]
    me = acting(wanted)
    outcomes = at_once(*(taking(PROPOSED_MEMBER, "accept", each, me) for each in invitations))
    assert kinds(outcomes) == {"ProposedMember": 1, "Refused": 9}
    assert ProposedMember.objects.filter(principal=wanted, state=MemberState.ACCEPTED).count() == 1


def test_a_principal_who_begins_to_apply_while_accepting_does_one_of_the_two() -> None:
    call, lead = make_call(), make_lead()
    invitation = add_member(make_application(call, complete=False), lead, accepted=False)
    me = acting(lead)
    _, accepted = at_once(lambda: start(call, me, DURING), taking(PROPOSED_MEMBER, "accept", invitation, me))
    own = Application.objects.get(lead=lead)
    if isinstance(accepted, Refused):
        assert "您本人在本批次有申报" in str(accepted)
    else:
        with pytest.raises(Refused, match="不能同时领衔"):
            take(APPLICATION, "submit", own.pk, me, DURING)


def test_who_begins_to_apply_in_ten_windows_at_once_has_one_draft() -> None:
    call, lead = make_call(), make_lead()
    me = acting(lead)
    drafts = at_once(*(lambda: start(call, me, DURING) for _ in range(10)))
    assert len({draft.pk for draft in drafts}) == 1  # type: ignore[attr-defined]
    assert Application.objects.get().number == "2026-0001"
    assert start(call, acting(make_lead()), DURING).number == "2026-0002", "no number was lost"


def test_one_application_sent_from_two_windows_at_once_is_sent_once() -> None:
    application = make_application(make_call())
    me = acting(application.lead)
    outcomes = at_once(*(taking(APPLICATION, "submit", application, me) for _ in range(5)))
    assert kinds(outcomes) == {"Application": 1, "Moved": 4}
    assert application.versions.count() == 1


def test_an_objection_that_arrives_while_the_publicity_is_concluded_holds_the_application() -> None:
    """It was in time, so it is never lost: it holds, whichever of the two came through the door first."""
    last_second = on(2026, 6, 3, 23, 59, 59)
    for _ in range(3):
        application = bring_on(make_application(make_call()), S.PUBLICISED)
        end = taking(PUBLICITY, "conclude", application.publicity, owner(application.call), on(2026, 6, 4, 0))
        outcomes = at_once(end, lambda held=application: object_to(held, last_second))
        assert kinds(outcomes) == {"Publicity": 1, "Objection": 1}
        assert Objection.objects.filter(application=application).count() == 1
        assert again(application).state == S.HELD
    assert verify() is None


def test_withdrawn_while_the_list_is_decided_it_is_withdrawn_and_nobody_passes_it_on() -> None:
    for _ in range(3):
        application = bring_on(make_application(make_call()), S.UNDER_REVIEW)
        call = application.call
        judge(call)
        take_over(call, owner(call), DECIDED_ON)
        attach_minutes(call)
        outcomes = at_once(
            taking(APPLICATION, "withdraw", application, acting(application.lead), DECIDED_ON),
            taking(CALL, "decide", call, leader(call), DECIDED_ON),
        )
        assert kinds(outcomes) == {"Application": 1, "Call": 1}
        assert again(application).state == S.WITHDRAWN
        call.refresh_from_db()
        assert call.state == CallState.DECIDED
        steps = [entry.step for entry in Entry.objects.of(application)]
        assert steps[-1] == "withdraw"
    assert verify() is None


def test_a_sheet_reopened_while_the_list_is_decided_is_in_before_the_decision_or_not_reopened() -> None:
    for _ in range(4):
        application = bring_on(make_application(make_call()), S.UNDER_REVIEW)
        call = application.call
        judge(call)
        take_over(call, owner(call), DECIDED_ON)
        attach_minutes(call)
        review = application.reviews.first()
        at_once(
            taking(REVIEW, "reopen", review, owner(call), DECIDED_ON),
            taking(CALL, "decide", call, leader(call), DECIDED_ON),
        )
        review.refresh_from_db()
        assert (review.state, again(application).state) in {
            ("assigned", S.UNDER_REVIEW),
            ("submitted", S.PASSED),
        }


def test_an_application_and_its_members_sign_off_at_once_without_standing_still() -> None:
    """Seven are in; the eighth accepts, the ninth declines, and the applicant sends: the count is right at that moment."""
    application = make_application(make_call())
    gone = application.members.first()
    me = acting(application.lead)
    take(PROPOSED_MEMBER, "withdraw", gone.pk, me, DURING)
    eighth = add_member(application, accepted=False)
    who = acting(eighth.principal)
    _, sent = at_once(
        taking(PROPOSED_MEMBER, "accept", eighth, who), taking(APPLICATION, "submit", application, me)
    )
    if isinstance(sent, Refused):
        assert "现有 7 名成员本人同意" in str(sent)
    else:
        assert application.members.filter(state=MemberState.ACCEPTED).count() == 8


def test_recommending_withdrawing_declining_accepting_all_at_once_never_lock_each_other_out() -> None:
    """Whoever takes several rows takes the parents first and rows of one kind by key: no round ends in a deadlock."""
    call = make_call(county_quota=4)
    county = make_county()
    officers = [make_capacity(Role.OFFICER, county) for _ in range(3)]
    bureau, chief = owner(call), leader(call)
    applications = [bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(6)]
    shared = make_principal()
    willing = acting(shared)
    invitations = [
        add_member(make_application(call, complete=False), shared, accepted=False) for _ in range(2)
    ]
    for turn in range(5):
        acts = []
        for place, application in enumerate(applications):
            officer, rank = officers[(place + turn) % 3], place + 1
            acts.append(taking(APPLICATION, "recommend", application, officer, rank=rank))
            acts.append(taking(APPLICATION, "accept", application, bureau))
            acts.append(taking(APPLICATION, "owner_return_school", application, bureau))
            acts.append(taking(APPLICATION, "authority_decline", application, officer))
            acts.append(taking(APPLICATION, "reinstate", application, chief))
            member = application.members.order_by("pk")[turn]
            acts.append(taking(PROPOSED_MEMBER, "release", member, bureau))
        acts.append(taking(APPLICATION, "withdraw", applications[turn], acting(applications[turn].lead)))
        acts += [taking(PROPOSED_MEMBER, "accept", each, willing) for each in invitations]
        assert set(kinds(at_once(*acts))) <= {"Application", "ProposedMember", "Moved", "Refused"}
    held = Application.objects.filter(call=call, recommended_at__isnull=False).exclude(state__in=S.freed)
    assert held.count() <= 4
    assert ProposedMember.objects.filter(principal=shared, state=MemberState.ACCEPTED).count() == 1
    assert verify() is None
