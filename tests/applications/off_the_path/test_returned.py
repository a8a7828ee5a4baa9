"""What is returned is mended, in time or not at all."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from applications.flows import APPLICATION, PROPOSED_MEMBER
from applications.models import (
    Application,
    Call,
    MemberState,
)
from applications.reading import differences
from applications.rules import GRACE, form_address
from applications.timekeeping import keep
from office.door import take
from office.models import Entry, Notice
from tests.applications.off_the_path.ways import (
    STOPS,
    WORDS,
    S,
    at_every_stop,
    give_back,
    hand,
    mend,
)
from tests.factories.accounts import make_principal
from tests.factories.applications import (
    DURING,
    acting,
    add_member,
    browser_of,
    make_application,
)
from tests.factories.rounds import (
    SENDING_ON,
    again,
    change,
    endorse,
    last_moment,
    recommend,
    refusal,
    step,
)

pytestmark = pytest.mark.django_db


@pytest.mark.core
@at_every_stop
def test_returned_with_what_to_mend_and_back_where_it_was(
    send: Callable[[str], Application], stop: str
) -> None:
    application = give_back(send(stop), stop)
    assert application.state == S.RETURNED
    assert Notice.objects.filter(user=application.lead.user, text__endswith=WORDS).exists()
    application = mend(application)
    assert application.state == stop
    before, after = application.versions.all()
    assert [(each.label, each.after) for each in differences([before, after])] == [
        ("总体目标", "三年内帮扶柳条沟小学等六所乡村学校。")
    ]


@pytest.mark.parametrize("section", ["plan", "members", "materials"])
def test_every_section_of_the_form_says_what_is_to_be_mended(
    send: Callable[[str], Application], section: str
) -> None:
    application = give_back(send(S.AUTHORITY_REVIEW), S.AUTHORITY_REVIEW)
    applicant = browser_of(acting(application.lead))
    assert WORDS in applicant.get(form_address(application, section)).content.decode()
    mend(application)
    page = applicant.get(application.get_absolute_url())
    assert page.context["asked"] is None, "what was mended is history"


@at_every_stop
def test_whoever_returns_says_what_to_mend(send: Callable[[str], Application], stop: str) -> None:
    application = send(stop)
    me = hand(application, stop)
    assert refusal(APPLICATION, STOPS[S(stop)][1], application, me, opinion="") == ["请填写意见"]


@pytest.mark.parametrize(
    ("stop", "name"),
    [(S.AUTHORITY_REVIEW, "authority_return_school"), (S.RECOMMENDED, "owner_return_school")],
)
def test_returned_to_the_school_which_endorses_anew(
    send: Callable[[str], Application], stop: str, name: str
) -> None:
    application = send(stop)
    application = step(application, name, hand(application, stop), opinion="公章不清，请学校重新盖章。")
    assert application.state == S.SCHOOL_REVIEW
    application = endorse(application)
    assert application.state == S.AUTHORITY_REVIEW


@pytest.mark.parametrize("stop", [S.AUTHORITY_REVIEW, S.RECOMMENDED])
def test_endorsed_anew_if_whoever_returned_it_says_so(send: Callable[[str], Application], stop: str) -> None:
    application = give_back(send(stop), stop, endorse_anew=True)
    application = mend(application)
    assert application.state == S.SCHOOL_REVIEW
    application = recommend(endorse(application))
    assert application.state == S.RECOMMENDED


def test_the_reviewer_sees_which_member_was_replaced(send: Callable[[str], Application]) -> None:
    application = give_back(send(S.AUTHORITY_REVIEW), S.AUTHORITY_REVIEW)
    gone = application.members.first()
    take(PROPOSED_MEMBER, "withdraw", gone.pk, acting(application.lead), DURING)
    fresh = add_member(application, make_principal(name="其木格"))
    application = step(application, "resubmit", acting(application.lead))
    (found,) = differences(list(application.versions.all()))
    assert found.label == "成员名单"
    assert gone.principal.name in found.before
    assert gone.principal.name not in found.after
    assert f"其木格（{fresh.principal.school.name}，市级名校长）" in found.after


@pytest.mark.core
def test_what_was_returned_is_mended_in_time_after_the_window(
    call: Call, send: Callable[[str], Application]
) -> None:
    """Five working days from Wednesday 25 March are over on 1 April, ten days after the window."""
    application = give_back(send(S.AUTHORITY_REVIEW), S.AUTHORITY_REVIEW, SENDING_ON)
    last = last_moment(date(2026, 4, 1))
    assert application.due == last
    assert last > call.submit_by
    assert mend(application, last).state == S.AUTHORITY_REVIEW


@pytest.mark.core
def test_what_is_not_mended_in_time_lapses_by_the_clock_and_frees_its_members(
    send: Callable[[str], Application],
) -> None:
    application = give_back(send(S.AUTHORITY_REVIEW), S.AUTHORITY_REVIEW, SENDING_ON)
    over = application.due + timedelta(microseconds=1)
    said = refusal(APPLICATION, "resubmit", application, acting(application.lead), over)
    assert said == ["修改期限已于2026年4月1日 23:59届满（第九条）"]
    assert keep(application.due + GRACE) == 0, "what arrived in the last second is through the door first"
    assert keep(over + GRACE) == 1
    assert keep(over + GRACE) == 0, "once"
    application = again(application)
    assert application.state == S.LAPSED
    assert Entry.objects.of(application).last().who == "系统"
    assert set(application.members.values_list("state", flat=True)) == {MemberState.LAPSED}


def test_a_clock_that_was_off_for_days_lets_all_lapse_once(
    call: Call, send: Callable[[str], Application]
) -> None:
    draft = make_application(call, complete=False)
    at_school, at_county = send(S.SCHOOL_REVIEW), send(S.AUTHORITY_REVIEW)
    recommended = send(S.RECOMMENDED)
    assert keep(call.authority_by + timedelta(days=3)) == 3
    assert {again(each).state for each in (draft, at_school, at_county)} == {S.LAPSED}
    assert again(recommended).state == S.RECOMMENDED, "the bureau's own delay is nobody's loss"


def test_what_waits_for_the_school_does_not_lapse_before_the_countys_date(
    call: Call, send: Callable[[str], Application]
) -> None:
    application = send(S.SCHOOL_REVIEW)
    assert keep(call.school_by + timedelta(days=1)) == 0
    assert endorse(application, call.school_by + timedelta(days=2)).state == S.AUTHORITY_REVIEW, (
        "late, but possible"
    )


def test_a_mended_form_is_complete_again_or_not_sent(send: Callable[[str], Application]) -> None:
    application = give_back(send(S.SCHOOL_REVIEW), S.SCHOOL_REVIEW)
    change(application, "plan", aims="")
    take(PROPOSED_MEMBER, "withdraw", application.members.first().pk, acting(application.lead), DURING)
    assert refusal(APPLICATION, "resubmit", application, acting(application.lead)) == [
        "“三年规划”尚缺：总体目标（第九条）",
        "第六条：工作室由领衔校长和8–10名成员组成，现有 7 名成员本人同意（第六条）",
    ]
