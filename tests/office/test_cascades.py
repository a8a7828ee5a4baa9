"""What moves with a case: many are written as one is, each into its own chain, each told to its own people."""

from datetime import timedelta

import pytest

from accounts.models import Role
from applications.flows import APPLICATION, CALL
from applications.models import Application, ApplicationState, MemberState, ProposedMember
from office.audit import verify
from office.door import follow_each, take
from office.history import seal
from office.models import Entry, Notice
from tests.factories.accounts import make_capacity, make_school
from tests.factories.applications import DURING, acting, bring_to, make_application, make_call, someone
from tests.office.conftest import AT, Cast, principal_of
from tests.office.test_deputies import lend

pytestmark = [pytest.mark.django_db, pytest.mark.core]

LATER = AT + timedelta(hours=1)


def three(cast: Cast) -> list[Application]:
    """Applications of three people; the first has been asking two members, the second one."""
    people = [cast.applicant, *(principal_of(make_school(cast.county)) for _ in range(2))]
    made = [cast.new_application(f"2026-000{number}", one) for number, one in enumerate(people, 1)]
    for application in (made[0], made[0], made[1]):
        cast.propose(application)
    return made


def test_each_of_many_gets_the_entry_it_would_have_got_alone(cast: Cast) -> None:
    applications = three(cast)
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    cause = Entry.objects.of(cast.call).get(step="cancel")
    for application in applications:
        begun, lapsed = Entry.objects.of(application)
        assert (lapsed.sequence, lapsed.step, lapsed.label) == (2, "cancel", "批次取消")
        assert (lapsed.source, lapsed.target) == (ApplicationState.DRAFT, ApplicationState.LAPSED)
        assert (lapsed.user, lapsed.appointment) == (cast.leader.user, cast.leader.appointment)
        assert (lapsed.at, lapsed.opinion, lapsed.cause) == (LATER, "推迟", cause)
        assert lapsed.previous == begun.mac
        application.refresh_from_db()
        assert (application.state, application.since) == (ApplicationState.LAPSED, LATER)


def test_what_moves_with_those_that_moved_names_the_one_that_caused_it(cast: Cast) -> None:
    three(cast)
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    members = ProposedMember.objects.all()
    assert {member.state for member in members} == {MemberState.LAPSED}
    for member in members:
        cause = Entry.objects.of(member).get(step="lapse").cause
        assert (cause.step, cause.object_id) == ("cancel", member.application_id)


def test_the_chains_of_many_stay_whole_and_show_what_is_altered(cast: Cast) -> None:
    applications = three(cast)
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    seal(LATER)
    assert verify() is None
    Entry.objects.of(applications[1]).filter(step="cancel").update(opinion="另有原因")
    assert "第 2 条办理记录" in (verify() or "")


def test_everybody_concerned_is_told_of_their_own_case_alone(cast: Cast) -> None:
    applications = three(cast)
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    for application in applications:
        told = Notice.objects.filter(user=application.lead.user, entry__object_id=application.pk)
        assert told.count() == 1
        of_others = Notice.objects.filter(user=application.lead.user, entry__step="cancel").exclude(
            entry__object_id=application.pk
        )
        assert not of_others.filter(entry__content_type__model="application").exists()


def test_a_deputy_hears_of_each_case_they_may_see() -> None:
    """Of the applications of three schools each school's officer has a deputy of their own."""
    call = make_call()
    applications = [bring_to(make_application(call), ApplicationState.SCHOOL_REVIEW) for _ in range(3)]
    deputies = [
        lend(someone(Role.OFFICER, one.school), make_capacity(Role.LEADER, one.school, "代理人"), days=200)
        for one in applications
    ]
    take(CALL, "cancel", call.pk, someone(Role.LEADER, call.programme.owner), DURING, "推迟")
    for application, deputy in zip(applications, deputies, strict=True):
        (notice,) = Notice.objects.filter(user=deputy.user, entry__content_type__model="application")
        assert notice.object_id == application.pk
        assert notice.text.startswith("代")


def test_one_that_stands_elsewhere_keeps_all_from_moving(cast: Cast) -> None:
    applications = three(cast)
    take(APPLICATION, "withdraw", applications[2].pk, acting(applications[2].lead), LATER)
    rows = list(Application.objects.order_by("pk"))
    with pytest.raises(ValueError, match="does not begin in"):
        follow_each(rows, "cancel", cast.leader, LATER)
    assert not Entry.objects.filter(step="cancel").exists()


def test_nothing_to_move_costs_nothing(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        follow_each([], "cancel", cast.leader, LATER)
