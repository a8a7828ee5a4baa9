"""Every way off the path of Article 9, taken through the door: back, out, back in, held, too late, not mine."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.capacity import Capacity
from accounts.models import Role
from applications import panels
from applications.flows import APPLICATION, CALL, OBJECTION, PROPOSED_MEMBER, PUBLICITY, REVIEW
from applications.models import (
    Application,
    ApplicationState,
    Call,
    MemberState,
    Objection,
    ObjectionState,
    Quota,
    Review,
    ReviewState,
)
from applications.reading import differences
from applications.rules import GRACE, form_address
from applications.timekeeping import keep
from office.door import Moved, Refused, take
from office.models import Entry, Notice
from tests.factories.accounts import capacity, make_bureau, make_county, make_principal, make_school
from tests.factories.applications import (
    DURING,
    acting,
    add_member,
    bring_to,
    browser_of,
    make_application,
    make_call,
    make_lead,
    someone,
)
from tests.factories.rounds import (
    ANNOUNCED_ON,
    CONCLUDED_ON,
    PUBLISHED_ON,
    SCORED_ON,
    SENDING_ON,
    again,
    announce,
    answer,
    bring_on,
    change,
    conclude,
    endorse,
    judge,
    judging,
    last_moment,
    leader,
    make_expert,
    object_to,
    on,
    owner,
    publish,
    recommend,
    refusal,
    score,
    seat_panel,
    start_review,
    step,
    withdraw,
)

pytestmark = pytest.mark.django_db

S = ApplicationState
WORDS = "三年规划请写明拟帮扶的学校。"
# Where an application is, who has it there, and by which names they return and decline it.
STOPS = {
    S.SCHOOL_REVIEW: ("school", "school_return", "school_decline"),
    S.AUTHORITY_REVIEW: ("authority", "authority_return", "authority_decline"),
    S.RECOMMENDED: ("owner", "owner_return", "owner_decline"),
}
at_every_stop = pytest.mark.parametrize("stop", list(STOPS))


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def send(call: Call) -> Callable[[str], Application]:
    """A complete application at the state named."""
    return lambda state: bring_on(make_application(call), state)


def hand(application: Application, stop: str, role: str = Role.OFFICER) -> Capacity:
    """Whoever has the application at ``stop``."""
    places = {"school": application.school, "authority": application.authority}
    return someone(role, places.get(STOPS[S(stop)][0], application.call.programme.owner))


def give_back(application: Application, stop: str, at: datetime = DURING, **given: object) -> Application:
    return step(application, STOPS[S(stop)][1], hand(application, stop), at, WORDS, **given)


def decline(application: Application, stop: str, at: datetime = DURING) -> Application:
    return step(application, STOPS[S(stop)][2], hand(application, stop), at, "不符合本年度重点。")


def mend(application: Application, at: datetime = DURING) -> Application:
    change(application, "plan", at, aims="三年内帮扶柳条沟小学等六所乡村学校。")
    return step(application, "resubmit", acting(application.lead), at)


# 退回修改


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


# 不予推荐，恢复


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


# 推荐名额


def limit(call: Call, number: int, stage: str = "", authority: str = "红山区") -> None:
    """The authority may recommend so many."""
    Quota.objects.create(call=call, authority=make_county(authority), stage=stage, number=number)


@pytest.mark.core
def test_over_the_quota_nothing_is_recommended(call: Call) -> None:
    limit(call, 1)
    first, second = (bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(2))
    recommend(first)
    officer = hand(second, S.AUTHORITY_REVIEW)
    assert refusal(APPLICATION, "recommend", second, officer, rank=2) == ["推荐名额共 1 个，已用完（第九条）"]


def test_a_quota_of_one_stage_leaves_the_others_free(call: Call) -> None:
    limit(call, 1, stage="primary")
    first, second = (bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(2))
    kindergarten = make_lead(school=make_school(school_type="kindergarten"))
    third = bring_to(make_application(call, kindergarten), S.AUTHORITY_REVIEW)
    recommend(first)
    officer = hand(second, S.AUTHORITY_REVIEW)
    assert refusal(APPLICATION, "recommend", second, officer, rank=2) == [
        "小学学段推荐名额 1 个，已用完（第九条）"
    ]
    assert recommend(third).state == S.RECOMMENDED


@pytest.mark.parametrize(("quota", "goes"), [(0, False), (None, True)])
def test_a_quota_of_nought_is_nobody_and_none_is_no_limit(quota: int | None, goes: bool) -> None:
    application = bring_to(make_application(make_call(county_quota=quota)), S.AUTHORITY_REVIEW)
    if goes:
        assert recommend(application).state == S.RECOMMENDED
    else:
        officer = hand(application, S.AUTHORITY_REVIEW)
        assert refusal(APPLICATION, "recommend", application, officer, rank=1) == [
            "推荐名额共 0 个，已用完（第九条）"
        ]


def test_the_countys_own_quota_goes_before_the_common_one_and_another_county_has_its_own() -> None:
    call = make_call(county_quota=0)
    limit(call, 1, authority="松山区")
    lead = make_lead(school=make_school(make_county("松山区")))
    assert recommend(bring_to(make_application(call, lead), S.AUTHORITY_REVIEW)).state == S.RECOMMENDED


def test_schools_directly_under_the_bureau_have_a_quota_of_their_own() -> None:
    call = make_call(county_quota=0)
    bureau = make_bureau()
    first, second = (
        bring_to(make_application(call, make_lead(school=make_school(bureau))), S.AUTHORITY_REVIEW)
        for _ in range(2)
    )
    assert recommend(first).state == S.RECOMMENDED, "the counties' quota is not theirs"
    Quota.objects.create(call=call, authority=bureau, number=1)
    officer = hand(second, S.AUTHORITY_REVIEW)
    assert refusal(APPLICATION, "recommend", second, officer, rank=2) == ["推荐名额共 1 个，已用完（第九条）"]


@pytest.mark.parametrize(
    ("name", "frees"),
    [("owner_return", False), ("owner_return_school", False), ("owner_decline", True), ("withdraw", True)],
)
def test_what_is_returned_keeps_its_place_and_what_is_over_frees_it(
    call: Call, name: str, frees: bool
) -> None:
    limit(call, 1)
    first, second = (bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(2))
    first = recommend(first)
    step(first, name, acting(first.lead) if name == "withdraw" else owner(call), opinion="见意见。")
    if frees:
        assert recommend(second).state == S.RECOMMENDED
    else:
        officer = hand(second, S.AUTHORITY_REVIEW)
        assert refusal(APPLICATION, "recommend", second, officer, rank=2)[0].startswith("推荐名额共 1 个")


def test_reinstating_what_was_recommended_needs_its_place_again(call: Call) -> None:
    limit(call, 1)
    first, second = (bring_to(make_application(call), S.AUTHORITY_REVIEW) for _ in range(2))
    declined = decline(recommend(first), S.RECOMMENDED)
    recommend(second)
    chief = hand(declined, S.RECOMMENDED, Role.LEADER)
    assert refusal(APPLICATION, "reinstate", declined, chief) == ["推荐名额共 1 个，已用完（第九条）"]
    withdraw(second)
    assert step(declined, "reinstate", chief, opinion="名额已空出。").state == S.RECOMMENDED


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


# 回避、解除、另行分配


def test_an_expert_recuses_and_another_is_assigned(call: Call, send: Callable[[str], Application]) -> None:
    application = send(S.UNDER_REVIEW)
    review = application.reviews.select_related("expert__user", "application").first()
    me = judging(review.expert)
    assert refusal(REVIEW, "recuse", review, me, SCORED_ON, "") == ["请填写意见"]
    take(REVIEW, "recuse", review.pk, me, SCORED_ON, "与申报人曾为同事。")
    stand_in = make_expert()
    panels.assign(call, application.pk, stand_in.pk, owner(call), SCORED_ON)
    judge(call)
    assert again(application).valid_reviews == 3
    assert application.reviews.filter(state=ReviewState.SUBMITTED, expert=stand_in).exists()


def test_who_recused_is_not_assigned_again(call: Call, send: Callable[[str], Application]) -> None:
    application = send(S.UNDER_REVIEW)
    review = application.reviews.select_related("expert__user").first()
    take(REVIEW, "recuse", review.pk, judging(review.expert), SCORED_ON, "与申报人曾为同事。")
    with pytest.raises(Refused, match="已评审、回避过该申报"):
        panels.assign(call, application.pk, review.expert_id, owner(call), SCORED_ON)


def test_the_officer_releases_an_expert_who_is_away(call: Call, send: Callable[[str], Application]) -> None:
    application = send(S.UNDER_REVIEW)
    review = application.reviews.select_related("expert__user").first()
    me = judging(review.expert)
    with pytest.raises(PermissionDenied):
        take(REVIEW, "release", review.pk, me, SCORED_ON, "出差")
    take(REVIEW, "release", review.pk, owner(call), SCORED_ON, "专家因病不能评审。")
    with pytest.raises(Review.DoesNotExist):
        take(REVIEW, "submit", review.pk, me, SCORED_ON)
    panels.assign(call, application.pk, make_expert().pk, owner(call), SCORED_ON)


def test_a_sheet_is_reopened_and_the_result_follows(call: Call, send: Callable[[str], Application]) -> None:
    application = send(S.UNDER_REVIEW)
    judge(call, "0.9")
    before = again(application).score
    review = application.reviews.select_related("application__call", "expert__user").first()
    take(REVIEW, "reopen", review.pk, owner(call), SCORED_ON, "第三项漏看附件，请复核。")
    assert again(application).valid_reviews == 2
    review.refresh_from_db()
    score(review, "1.0")
    assert again(application).score > before


@pytest.mark.parametrize("why", ["own school", "relative", "proposed member"])
def test_whoever_is_too_near_gets_nothing_to_judge(call: Call, why: str) -> None:
    application = bring_to(make_application(call), S.UNDER_REVIEW)
    near = make_expert(unit=application.school if why == "own school" else None)
    if why == "relative":
        near.ties.create(principal=application.lead, relation="夫妻")
    panels.seat(call, application.stage, near.pk, owner(call), DURING)
    if why == "proposed member":
        # Asked after the panel was made up: whoever is involved by then gets no seat at all.
        draft = make_application(call, complete=False)
        add_member(draft, make_principal(user=near.user), accepted=False)
    far = seat_panel(call)
    start_review(call)
    assert {review.expert for review in application.reviews.all()} == set(far)


# 异议


@pytest.mark.core
def test_an_objection_upheld_ends_the_application_and_frees_its_members(
    send: Callable[[str], Application],
) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    conclude(application.publicity)
    assert again(application).state == S.HELD
    answer(objection, "uphold", CONCLUDED_ON)
    application = again(application)
    assert application.state == S.REJECTED
    assert set(application.members.values_list("state", flat=True)) == {MemberState.LAPSED}


def test_upheld_before_the_end_it_takes_effect_with_the_end(send: Callable[[str], Application]) -> None:
    application = send(S.PUBLICISED)
    answer(object_to(application, PUBLISHED_ON), "uphold", PUBLISHED_ON + timedelta(days=1))
    assert again(application).state == S.PUBLICISED
    conclude(application.publicity)
    assert again(application).state == S.REJECTED


@pytest.mark.core
def test_an_objection_dismissed_lets_the_application_go_on_to_a_later_announcement(
    call: Call, send: Callable[[str], Application]
) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    conclude(application.publicity)
    answer(objection, "dismiss", CONCLUDED_ON)
    assert again(application).state == S.CONFIRMED
    announce(call)
    assert again(application).state == S.ANNOUNCED


def test_an_objection_that_is_not_admitted_holds_nothing(
    call: Call, send: Callable[[str], Application]
) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    assert refusal(OBJECTION, "not_admit", objection, owner(call), PUBLISHED_ON, "") == ["请填写意见"]
    take(OBJECTION, "not_admit", objection.pk, owner(call), PUBLISHED_ON, "未留真实姓名。")
    conclude(application.publicity)
    assert again(application).state == S.CONFIRMED


def test_it_holds_until_the_last_of_two_objections_is_answered(send: Callable[[str], Application]) -> None:
    application = send(S.PUBLICISED)
    first, second = (object_to(application, PUBLISHED_ON + timedelta(hours=hour)) for hour in (1, 2))
    conclude(application.publicity)
    answer(first, "dismiss", CONCLUDED_ON)
    assert again(application).state == S.HELD
    answer(second, "dismiss", CONCLUDED_ON)
    assert again(application).state == S.CONFIRMED


def test_of_two_objections_one_upheld_is_enough_and_the_other_is_still_answered(
    send: Callable[[str], Application],
) -> None:
    application = send(S.PUBLICISED)
    first, second = (object_to(application, PUBLISHED_ON + timedelta(hours=hour)) for hour in (1, 2))
    conclude(application.publicity)
    answer(first, "uphold", CONCLUDED_ON)
    assert again(application).state == S.REJECTED
    answer(second, "dismiss", CONCLUDED_ON)
    assert again(application).state == S.REJECTED


@pytest.mark.core
def test_an_objection_of_the_last_second_counts_and_one_second_later_is_too_late(
    send: Callable[[str], Application],
) -> None:
    application = send(S.PUBLICISED)
    object_to(application, on(2026, 6, 3, 23, 59, 59))
    with pytest.raises(Refused, match="公示期已于2026年6月3日 23:59结束，不再受理异议"):
        object_to(application, on(2026, 6, 4, 0, 0, 0))
    assert Objection.objects.count() == 1


def test_an_objection_of_the_last_second_that_arrives_after_the_conclusion_holds_again(
    call: Call, send: Callable[[str], Application]
) -> None:
    """It was sent at 23:59:59 and stood in line while the officer concluded at 00:00:00."""
    application = send(S.PUBLICISED)
    conclude(application.publicity, on(2026, 6, 4, 0, 0, 0))
    assert again(application).state == S.CONFIRMED
    object_to(application, on(2026, 6, 3, 23, 59, 59))
    assert again(application).state == S.HELD


def test_the_clock_concludes_a_publicity_once(send: Callable[[str], Application]) -> None:
    application = send(S.PUBLICISED)
    ends = application.publicity.ends_at
    assert keep(ends + GRACE) == 0
    assert keep(ends + GRACE + timedelta(seconds=1)) == 1
    assert keep(ends + GRACE + timedelta(days=1)) == 0
    assert again(application).state == S.CONFIRMED


def test_the_applicant_neither_sees_nor_answers_the_objection(send: Callable[[str], Application]) -> None:
    application = send(S.PUBLICISED)
    objection = object_to(application, PUBLISHED_ON + timedelta(days=1))
    with pytest.raises(Objection.DoesNotExist):
        take(OBJECTION, "investigate", objection.pk, acting(application.lead), PUBLISHED_ON)
    also_officer = capacity(application.lead.user, make_bureau(), Role.OFFICER)
    with pytest.raises(PermissionDenied):
        take(OBJECTION, "investigate", objection.pk, also_officer, PUBLISHED_ON)


# 申报期


@pytest.mark.core
def test_sent_at_the_last_second_it_counts_and_at_midnight_not() -> None:
    call = make_call(submit_by=last_moment(date(2026, 3, 22)))
    in_time, late = make_application(call), make_application(call)
    said = refusal(APPLICATION, "submit", late, acting(late.lead), on(2026, 3, 23, 0, 0, 0))
    assert said == ["申报已于2026年3月22日 23:59截止（第九条）"]
    sent = step(in_time, "submit", acting(in_time.lead), on(2026, 3, 22, 23, 59, 59))
    assert sent.submitted_at == on(2026, 3, 22, 23, 59, 59)


@pytest.mark.core
def test_a_form_with_every_requirement_unmet_is_told_all_of_it_at_once() -> None:
    call = make_call()
    lead = make_lead(head=False, famous=False)
    draft = make_application(call, lead, complete=False)
    call.places.filter(stage="primary").delete()
    lead.school = make_school(name="红山区玉屏小学")
    lead.save()
    late = on(2026, 3, 23)
    assert refusal(APPLICATION, "submit", draft, acting(lead), late) == [
        "申报已于2026年3月22日 08:00截止（第九条）",
        "本批次不设小学学段的工作室（第九条）",
        "“领衔人”尚缺：学位、参加工作时间、任现职务时间、任正职年限等（第九条）",
        "“简历与培训”尚缺：工作简历（第九条）",
        "“领衔条件”尚缺：思想政治素质与职业道德、教育理论基础与教学经验、课程建设领导力、引领教师成长等（第九条）",
        "“三年规划”尚缺：总体目标、任务安排、“办学研究”的任务、“培养中青年校长”的任务等（第九条）",
        "“经费与保障”尚缺：工作场所地址、工作场所面积（㎡）、办公条件与设备、减轻领衔人工作负担的措施等（第九条）",
        "“申报人承诺”尚缺：本人承诺所填内容和所附材料真实、准确，自愿履行工作室领衔人职责、"
        "本人同意为申报、评审之目的处理上述个人信息（含身份证号、联系方式）、"
        "本人知悉评审通过后，姓名、学校、拟设工作室将列入公示名单（第九条）",
        "请上传材料：居民身份证（第九条）",
        "请上传材料：学历学位与职称证书（第九条）",
        "请上传材料：正职任职文件（第九条）",
        "请上传材料：荣誉证书（第九条）",
        "请上传材料：课题、论文与成果（第九条）",
        "请上传材料：三年建设规划（第九条）",
        "领衔人须为正职校长（园长），档案中现任职务不是正职，请联系旗县区教育局更正（第六条）",
        "您的档案显示现任职学校为红山区玉屏小学，工作室一般依托领衔校长所在学校设立，请说明例外理由（第五条）",
        "档案中没有“市级名校长”称号，请说明例外理由（第六条）",
        "第六条：工作室由领衔校长和8–10名成员组成，现有 0 名成员本人同意（第六条）",
    ]
    assert again(draft).state == S.DRAFT


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


# 谁可以办


@pytest.mark.core
def test_an_officer_of_another_county_is_told_there_is_no_such_thing(
    send: Callable[[str], Application],
) -> None:
    application = send(S.AUTHORITY_REVIEW)
    stranger = someone(Role.OFFICER, make_county("松山区"))
    for name in ("recommend", "authority_return", "authority_decline", "accept", "withdraw"):
        with pytest.raises(Application.DoesNotExist):
            take(APPLICATION, name, application.pk, stranger, DURING, "同意")


@pytest.mark.core
@pytest.mark.parametrize("state", [S.AUTHORITY_REVIEW, S.RECOMMENDED, S.DECLINED, S.ANNOUNCED])
def test_the_wrong_capacity_is_refused_whatever_the_state(
    send: Callable[[str], Application], state: str
) -> None:
    if state == S.DECLINED:
        application = decline(send(S.AUTHORITY_REVIEW), S.AUTHORITY_REVIEW)
    else:
        application = send(state)
    officer = hand(application, S.AUTHORITY_REVIEW)
    for name in ("submit", "endorse", "accept", "withdraw", "reinstate", "lapse", "announce"):
        with pytest.raises(PermissionDenied):
            take(APPLICATION, name, application.pk, officer, DURING, "同意")


@pytest.mark.parametrize("part", ["lead", "member"])
def test_nobody_acts_on_their_own_matter(send: Callable[[str], Application], part: str) -> None:
    """The lead or a proposed member is the county's officer as well: another officer has to act."""
    application = send(S.AUTHORITY_REVIEW)
    person = application.lead if part == "lead" else application.members.first().principal
    hand(application, S.AUTHORITY_REVIEW)
    own = capacity(person.user, application.authority, Role.OFFICER)
    with pytest.raises(PermissionDenied):
        take(APPLICATION, "recommend", application.pk, own, DURING, "同意", {"rank": 1})
    assert not APPLICATION.waiting(own, DURING).exists()
    assert recommend(application).state == S.RECOMMENDED


@pytest.mark.core
def test_the_second_comer_is_told_who_was_first_and_when(send: Callable[[str], Application]) -> None:
    application = send(S.AUTHORITY_REVIEW)
    first = hand(application, S.AUTHORITY_REVIEW)
    second = capacity(Role.OFFICER, application.authority, name="周立新")
    step(application, "recommend", first, DURING, "同意推荐。", rank=1)
    with pytest.raises(Moved) as refused:
        take(APPLICATION, "authority_decline", application.pk, second, DURING, "不同意")
    assert str(refused.value) == f"{first.user.name}已于2026-03-10 09:30办理“审核推荐”"


def test_the_bureau_publicises_again_who_was_held_back_by_nobody(
    call: Call, send: Callable[[str], Application]
) -> None:
    """A second list of one call has nothing to show when all of the first is decided."""
    send(S.PUBLICISED)
    with pytest.raises(Refused, match="没有待公示的工作室"):
        publish(call)
