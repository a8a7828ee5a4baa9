"""The door: in which order it refuses, what it writes, whom it tells."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.capacity import CLOCK
from accounts.models import Role
from applications.flows import APPLICATION, CALL, PROPOSED_MEMBER
from applications.models import Application, ApplicationState, Call, CallState, MemberState
from office.audit import verify
from office.door import Act, Moved, Refused, take, take_each
from office.flow import ALSO, Missing, also
from office.models import Entry, Notice
from tests.factories.accounts import capacity, make_capacity
from tests.office.conftest import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.core]

LATER = AT + timedelta(hours=1)


def steps_of(case: object) -> list[str]:
    return [entry.step for entry in Entry.objects.of(case)]


# The order of refusal


def test_who_may_not_see_a_case_is_told_that_there_is_none(cast: Cast) -> None:
    with pytest.raises(Call.DoesNotExist):
        take(CALL, "cancel", cast.call.pk, cast.county_officer, AT, "不开了")


def test_who_sees_a_case_but_is_not_the_one_is_refused_whatever_its_state(cast: Cast) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, AT, "不开了")
    with pytest.raises(PermissionDenied):
        take(CALL, "cancel", cast.call.pk, cast.officer, LATER)


def test_who_comes_second_is_told_who_was_first_and_when(cast: Cast) -> None:
    second = make_capacity(Role.LEADER, cast.bureau, "吴秀兰")
    take(CALL, "cancel", cast.call.pk, cast.leader, AT, "不开了")
    with pytest.raises(Moved) as refusal:
        take(CALL, "cancel", cast.call.pk, second, LATER)
    assert str(refusal.value) == "何建国已于2026年3月2日 09:30办理“取消批次”"
    assert refusal.value.entry.user == cast.leader.user


def test_all_that_is_missing_is_said_at_once_each_with_its_article(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        take(CALL, "open", cast.call.pk, cast.officer, AT)
    sentences = [lack.sentence for lack in refusal.value.missing]
    assert sentences == ["请至少设定一个学段的拟建数量", "请设定申报材料", "请选定评分标准"]
    assert {lack.article for lack in refusal.value.missing} == {9}


def test_an_opinion_of_blanks_is_no_opinion(cast: Cast) -> None:
    with pytest.raises(Refused, match="请填写意见"):
        take(CALL, "cancel", cast.call.pk, cast.leader, AT, "  \n ")


def test_what_the_form_found_wanting_is_refused_with_all_else(cast: Cast) -> None:
    with pytest.raises(Refused, match="说明：太长；请填写意见"):
        take(CALL, "cancel", cast.call.pk, cast.leader, AT, lacks=[Missing("说明：太长")])


def test_a_refused_step_leaves_no_trace(cast: Cast) -> None:
    with pytest.raises(Refused):
        take(CALL, "open", cast.call.pk, cast.officer, AT)
    cast.call.refresh_from_db()
    assert cast.call.state == CallState.DRAFT
    assert steps_of(cast.call) == ["begin"]


def test_nobody_acts_on_their_own_matter(cast: Cast) -> None:
    """The applicant is also an officer of the school that reviews: that capacity is closed to this application."""
    application = cast.new_application("2026-0001")
    member = cast.propose(application)
    own_officer = capacity(cast.applicant.user, cast.bureau, Role.OFFICER)
    with pytest.raises(PermissionDenied):
        take(PROPOSED_MEMBER, "release", member.pk, own_officer, AT, "同意撤换")


# What a step writes


def test_a_step_writes_who_as_what_when_and_why(cast: Cast) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟到明年")
    entry = Entry.objects.of(cast.call).last()
    assert (entry.step, entry.label, entry.source, entry.target) == (
        "cancel",
        "取消批次",
        "draft",
        "cancelled",
    )
    assert (entry.user, entry.appointment) == (cast.leader.user, cast.leader.appointment)
    assert (entry.at, entry.opinion) == (LATER, "推迟到明年")
    assert entry.sequence == 2
    assert verify() is None


def test_the_case_stands_in_its_new_state_since_the_request_arrived(cast: Cast) -> None:
    case = take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    stored = Call.objects.get(pk=case.pk)
    assert (stored.state, stored.since, stored.due) == (CallState.CANCELLED, LATER, None)


def test_what_follows_from_a_step_names_it_as_its_cause(cast: Cast) -> None:
    application = cast.new_application("2026-0001")
    member = cast.propose(application)
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    application.refresh_from_db()
    member.refresh_from_db()
    assert (application.state, member.state) == (ApplicationState.LAPSED, MemberState.LAPSED)
    cancelled = Entry.objects.of(cast.call).last()
    lapsed = Entry.objects.of(application).last()
    freed = Entry.objects.of(member).last()
    assert (lapsed.cause, freed.cause) == (cancelled, lapsed)
    assert freed.user == cast.leader.user


def test_a_higher_app_takes_part_in_the_same_transaction(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ALSO, ("call", "cancel"), [])

    @also(CALL, "cancel")
    def refuse(case: Call, act: Act) -> None:
        assert (case.state, act.opinion) == (CallState.CANCELLED, "推迟")
        raise RuntimeError("经费已经拨付")

    with pytest.raises(RuntimeError):
        take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    cast.call.refresh_from_db()
    assert cast.call.state == CallState.DRAFT
    assert steps_of(cast.call) == ["begin"]


def test_a_step_that_does_not_exist_can_not_be_followed_up(cast: Cast) -> None:
    with pytest.raises(KeyError):
        also(CALL, "explode")


# Whom it tells


def test_each_person_concerned_is_told_once(cast: Cast) -> None:
    capacity(cast.county_officer.user, cast.county, Role.LEADER)
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    notices = Notice.objects.filter(user=cast.county_officer.user)
    assert [notice.text for notice in notices] == ["2026-P1号批次：取消批次。推迟"]
    assert notices[0].url == cast.call.get_absolute_url()


def test_whoever_acts_is_not_told_of_it(cast: Cast) -> None:
    application = cast.new_application("2026-0001")
    take(APPLICATION, "withdraw", application.pk, cast.applicant, LATER)
    assert not Notice.objects.filter(user=cast.applicant.user).exists()


# Batches


def test_a_batch_is_taken_row_by_row_and_says_what_became_of_each(cast: Cast) -> None:
    first, second, third = cast.call, cast.new_call("2026-P2"), cast.new_call("2026-P3")
    take(CALL, "cancel", second.pk, cast.leader, AT, "重复")
    outcomes = take_each(CALL, "cancel", [third.pk, first.pk, second.pk, 99999], cast.leader, LATER, "推迟")
    assert [(outcome.pk, outcome.problem) for outcome in outcomes] == [
        (first.pk, ""),
        (second.pk, "何建国已于2026年3月2日 09:30办理“取消批次”"),
        (third.pk, ""),
        (99999, "不存在，或不由您办理"),
    ]
    assert Call.objects.filter(state=CallState.CANCELLED).count() == 3


# The clock


def test_time_alone_takes_what_belongs_to_the_clock(cast: Cast) -> None:
    application = cast.new_application("2026-0001")
    with pytest.raises(PermissionDenied):
        take(APPLICATION, "lapse", application.pk, cast.applicant, application.due + timedelta(days=1))
    with pytest.raises(Refused, match="尚未到期"):
        take(APPLICATION, "lapse", application.pk, CLOCK, application.due)
    take(APPLICATION, "lapse", application.pk, CLOCK, application.due + timedelta(days=1))
    assert Application.objects.get(pk=application.pk).state == ApplicationState.LAPSED
    assert Entry.objects.of(application).last().who == "系统"
