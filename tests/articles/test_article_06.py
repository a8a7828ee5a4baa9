"""第六条　名校长工作室由领衔校长和8-10名成员组成。
（一）领衔校长 …… （二）工作室成员　　原则上应为市级名校长、参加过骨干校长市级以上培训或入选“名校长培养工程”
培养培训对象的正职校长。成员确定按双方自愿原则，由领衔名校长择优遴选，并征得成员所在学校及上级主管部门同意。
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Role
from applications.flows import APPLICATION, PROPOSED_MEMBER
from applications.members import propose
from applications.models import Application, Call, MemberState, ProposedMember
from applications.reading import snapshot
from office.door import Moved, Refused, take
from office.models import Entry, Notice
from studios.flows import MEMBERSHIP
from studios.models import MembershipState, StudioState
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
    DECIDED_ON,
    again,
    bring_on,
    change,
    endorse,
    leader,
    owner,
    refusal,
    step,
)

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def draft(call: Call) -> Application:
    """王志远's draft, complete, with eight members who are willing."""
    return make_application(call, make_lead(name="王志远"))


def ask(application: Application, reason: str = "", **who: object) -> ProposedMember:
    """The applicant asks a principal, who has not answered yet."""
    return add_member(application, make_principal(**who), accepted=False, reason=reason)


def answers(member: ProposedMember, name: str, opinion: str = "") -> ProposedMember:
    """The principal asked answers in the own account."""
    return take(PROPOSED_MEMBER, name, member.pk, acting(member.principal), DURING, opinion)


def consents(member: ProposedMember, school: bool = True, authority: bool = True) -> None:
    """The member's school and its authority agree."""
    place = member.principal.school
    if school:
        take(PROPOSED_MEMBER, "consent_school", member.pk, someone(Role.OFFICER, place), DURING)
    if authority:
        take(PROPOSED_MEMBER, "consent_authority", member.pk, someone(Role.OFFICER, place.parent), DURING)


def take_out(application: Application, number: int) -> None:
    """The applicant takes so many members off the list."""
    for member in application.members.filter(state=MemberState.ACCEPTED)[:number]:
        take(PROPOSED_MEMBER, "withdraw", member.pk, acting(application.lead), DURING)


# 由领衔校长和8-10名成员组成


def test_seven_members_are_too_few(draft: Application) -> None:
    take_out(draft, 1)
    assert refusal(APPLICATION, "submit", draft, acting(draft.lead)) == [
        "第六条：工作室由领衔校长和8–10名成员组成，现有 7 名成员本人同意（第六条）"
    ]


@pytest.mark.parametrize("more", [0, 2])
def test_eight_to_ten_members_beside_the_lead(draft: Application, more: int) -> None:
    for _ in range(more):
        add_member(draft)
    assert step(draft, "submit", acting(draft.lead)).state == "school_review"
    assert draft.members.filter(principal=draft.lead).count() == 0, "the lead is not counted"


def test_an_eleventh_is_not_asked(draft: Application) -> None:
    for _ in range(2):
        add_member(draft)
    with pytest.raises(Refused, match="拟任成员最多 10 名"):
        ask(draft)


def test_whoever_has_eleven_because_the_programme_changed_is_told_so(draft: Application) -> None:
    programme = draft.call.programme
    programme.members_max = 11
    programme.save()
    for _ in range(3):
        add_member(draft)
    programme.members_max = 10
    programme.save()
    assert refusal(APPLICATION, "submit", draft, acting(draft.lead)) == [
        "第六条：工作室由领衔校长和8–10名成员组成，现有 11 名成员本人同意（第六条）",
        "拟任成员共 11 名，超过 10 名，请撤换多出的人选（第六条）",
    ]


def test_who_was_only_asked_does_not_count(draft: Application) -> None:
    take_out(draft, 1)
    late = ask(draft)
    said = refusal(APPLICATION, "submit", draft, acting(draft.lead))
    assert said == ["第六条：工作室由领衔校长和8–10名成员组成，现有 7 名成员本人同意（第六条）"]
    answers(late, "accept")
    assert step(draft, "submit", acting(draft.lead)).state == "school_review"


def test_the_lead_is_not_a_member(draft: Application) -> None:
    with pytest.raises(Refused, match="成员不含领衔人本人"):
        propose(draft.pk, draft.lead_id, "", acting(draft.lead), DURING)


# （一）领衔校长


def test_a_deputy_does_not_lead(call: Call) -> None:
    draft = make_application(call, make_lead(head=False))
    assert refusal(APPLICATION, "submit", draft, acting(draft.lead)) == [
        "领衔人须为正职校长（园长），档案中现任职务不是正职，请联系旗县区教育局更正（第六条）"
    ]


def test_without_the_title_of_a_famous_principal_one_gives_a_reason(call: Call) -> None:
    draft = make_application(call, make_lead(famous=False))
    me = acting(draft.lead)
    assert refusal(APPLICATION, "submit", draft, me) == [
        "档案中没有“市级名校长”称号，请说明例外理由（第六条）"
    ]
    change(draft, "basics", exception="自治区特级教师，主持国家级课题。")
    sent = step(draft, "submit", me)
    assert sent.exception == "自治区特级教师，主持国家级课题。"
    assert sent.versions.get().content["basics"]["exception"] == sent.exception


def test_the_three_conditions_are_stated_by_the_applicant(draft: Application) -> None:
    draft.content = {**draft.content, "qualities": {}}
    draft.save()
    said = refusal(APPLICATION, "submit", draft, acting(draft.lead))
    assert said == [
        "“领衔条件”尚缺：思想政治素质与职业道德、教育理论基础与教学经验、课程建设领导力、引领教师成长等（第九条）"
    ]


# （二）原则上应为市级名校长、参加过骨干校长市级以上培训或入选“名校长培养工程”培养培训对象的正职校长


@pytest.mark.parametrize(
    ("record", "basis"),
    [
        ({"famous": True}, "市级名校长"),
        ({"famous": False, "backbone_training": "自治区骨干校长高研班"}, "参加过市级以上骨干校长培训"),
        ({"famous": False, "training_programme": "2019年培养对象"}, "入选“名校长培养工程”"),
        ({"famous": True, "training_programme": "2019年培养对象"}, "市级名校长、入选“名校长培养工程”"),
    ],
)
def test_the_basis_is_what_the_record_says(draft: Application, record: dict[str, object], basis: str) -> None:
    assert ask(draft, **record).basis == basis


@pytest.mark.parametrize("record", [{"famous": False}, {"head": False}])
def test_in_principle_means_an_exception_has_a_reason_that_stays(
    draft: Application, record: dict[str, object]
) -> None:
    with pytest.raises(Refused, match="不符合“正职校长且具备成员依据”的原则要求，请填写例外理由") as refused:
        ask(draft, **record)
    assert refused.value.missing[0].article == 6
    member = ask(draft, reason="牧区唯一的寄宿制学校，重点帮扶。", **record)
    answers(member, "accept")
    application = bring_on(draft, "announced")
    kept = application.studio.memberships.get(principal=member.principal)
    assert kept.exception == "牧区唯一的寄宿制学校，重点帮扶。"


def test_who_is_no_head_any_more_when_answering_needs_the_reason(draft: Application) -> None:
    member = ask(draft)
    principal = member.principal
    acting(principal)
    principal.head = False
    principal.save()
    assert refusal(PROPOSED_MEMBER, "accept", member, acting(principal)) == [
        "成员原则上应为正职校长（园长），档案中现任职务不是正职，须由申报人说明例外理由（第六条）"
    ]


# 成员确定按双方自愿原则


def test_who_is_asked_is_told_and_accepts_in_the_own_account(draft: Application) -> None:
    member = ask(draft, name="包·格日乐图")
    acting(member.principal)
    other = ask(draft)
    for stranger in (acting(other.principal), owner(draft.call), someone(Role.OFFICER, draft.school)):
        with pytest.raises((ProposedMember.DoesNotExist, PermissionDenied)):
            take(PROPOSED_MEMBER, "accept", member.pk, stranger, DURING)
    with pytest.raises(PermissionDenied):
        take(PROPOSED_MEMBER, "accept", member.pk, acting(draft.lead), DURING)
    answers(member, "accept")
    told = Notice.objects.filter(user=draft.lead.user, text="包·格日乐图（王志远名校长工作室）：同意参加")
    assert told.count() == 1


def test_who_does_not_want_to_says_why_and_is_not_counted(draft: Application) -> None:
    take_out(draft, 1)
    member = ask(draft)
    assert refusal(PROPOSED_MEMBER, "decline", member, acting(member.principal), opinion="") == ["请填写意见"]
    answers(member, "decline", "本校正在迁建，无暇参加。")
    assert Entry.objects.of(member).last().opinion == "本校正在迁建，无暇参加。"
    with pytest.raises(Refused, match="现有 7 名"):
        step(draft, "submit", acting(draft.lead))


def test_who_is_asked_by_several_accepts_one_in_a_call(call: Call, draft: Application) -> None:
    second = make_application(call, make_lead(name="赵文华"), complete=False)
    wanted = make_principal()
    first, other = (add_member(each, wanted, accepted=False) for each in (draft, second))
    answers(first, "accept")
    assert refusal(PROPOSED_MEMBER, "accept", other, acting(wanted)) == [
        "您在本批次已同意参加王志远名校长工作室（第六条）"
    ]


def test_who_was_let_go_may_accept_another(call: Call, draft: Application) -> None:
    second = make_application(call, complete=False)
    wanted = make_principal()
    first, other = (add_member(each, wanted, accepted=False) for each in (draft, second))
    answers(first, "accept")
    take(PROPOSED_MEMBER, "withdraw", first.pk, acting(draft.lead), DURING)
    assert answers(other, "accept").state == MemberState.ACCEPTED


def test_who_applies_is_no_member_and_who_is_a_member_does_not_apply(call: Call, draft: Application) -> None:
    applicant = make_lead()
    make_application(call, applicant, complete=False)
    asked = add_member(draft, applicant, accepted=False)
    assert refusal(PROPOSED_MEMBER, "accept", asked, acting(applicant)) == [
        "您本人在本批次有申报，不能同时作为其他工作室的成员（第六条）"
    ]
    member = draft.members.filter(state=MemberState.ACCEPTED).first().principal
    own = make_application(call, member)
    assert refusal(APPLICATION, "submit", own, acting(member)) == [
        "您在本批次已同意参加王志远名校长工作室，不能同时领衔；如需申报，请先由其撤换（第六条）"
    ]


def test_a_member_of_a_studio_that_lasts_into_the_new_term_does_not_join_another(draft: Application) -> None:
    studio = bring_on(draft, "announced").studio
    busy = studio.memberships.first().principal
    later = make_call(at=DURING.replace(year=2027))
    at = DURING.replace(year=2027) + timedelta(days=1)
    other = make_application(later, complete=False, at=at)
    asked = add_member(other, busy, accepted=False, at=at)
    assert refusal(PROPOSED_MEMBER, "accept", asked, acting(busy), at) == [
        f"您是{studio}的成员，至新周期开始时尚未期满（第六条）"
    ]


# 由领衔名校长择优遴选


def test_once_sent_the_list_changes_only_with_the_owners_leave(draft: Application) -> None:
    sent = step(draft, "submit", acting(draft.lead))
    member = sent.members.first()
    assert refusal(PROPOSED_MEMBER, "withdraw", member, acting(sent.lead)) == [
        "申报已提交；提交后撤换成员须由市教育局同意（第六条）"
    ]
    take(PROPOSED_MEMBER, "release", member.pk, owner(sent.call), DURING, "本人调离，同意撤换。")
    assert sent.members.get(pk=member.pk).state == MemberState.WITHDRAWN


def test_after_the_decision_the_list_stands(draft: Application) -> None:
    application = bring_on(draft, "passed")
    member = application.members.first()
    with pytest.raises(Moved):
        take(PROPOSED_MEMBER, "release", member.pk, owner(application.call), DECIDED_ON, "同意撤换。")
    member.refresh_from_db()
    assert member.state == MemberState.ACCEPTED


# 并征得成员所在学校及上级主管部门同意


def test_consents_are_asked_once_the_application_is_sent_and_not_before(draft: Application) -> None:
    member = draft.members.first()
    school = someone(Role.OFFICER, member.principal.school)
    with pytest.raises(ProposedMember.DoesNotExist):
        take(PROPOSED_MEMBER, "consent_school", member.pk, school, DURING)
    step(draft, "submit", acting(draft.lead))
    consents(member)
    member.refresh_from_db()
    assert (member.school_consented_at, member.authority_consented_at) == (DURING, DURING)
    with pytest.raises(Moved):
        take(PROPOSED_MEMBER, "consent_school", member.pk, school, DURING)


def test_the_consents_come_in_either_order_and_only_from_the_members_own(draft: Application) -> None:
    far = make_principal(school=make_school(make_county("敖汉旗")))
    member = add_member(draft, far)
    step(draft, "submit", acting(draft.lead))
    wrong_county = someone(Role.OFFICER, draft.authority)
    with pytest.raises(ProposedMember.DoesNotExist):
        take(PROPOSED_MEMBER, "consent_authority", member.pk, wrong_county, DURING)
    consents(member, school=False)
    consents(member, authority=False)


def test_the_way_of_a_member_names_whose_consent_is_waited_for(draft: Application) -> None:
    """Never a school as if it had the matter on its desk, before the application is sent."""
    member = draft.members.first()

    def way() -> list[tuple[str, str, str]]:
        stops = browser_of(acting(draft.lead)).get(member.get_absolute_url()).context["way"]
        return [(stop.label, stop.place, stop.who) for stop in stops[1:]]

    school = member.principal.school
    unsent = [("学校同意", "now", draft.lead.name), ("主管部门同意", "ahead", "")]
    assert way() == unsent
    step(draft, "submit", acting(draft.lead))
    assert way() == [("学校同意", "now", school.name), ("主管部门同意", "ahead", "")]
    consents(member, school=False)
    assert [stop[:2] for stop in way()] == [("学校同意", "now"), ("主管部门同意", "done")]
    consents(member, authority=False)
    assert [stop[:2] for stop in way()] == [("学校同意", "done"), ("主管部门同意", "done")]


def test_the_bureau_consents_for_a_school_directly_under_it(draft: Application) -> None:
    member = add_member(draft, make_principal(school=make_school(make_bureau(), "赤峰市直属实验小学")))
    step(draft, "submit", acting(draft.lead))
    take(PROPOSED_MEMBER, "consent_authority", member.pk, someone(Role.OFFICER, make_bureau()), DURING)
    member.refresh_from_db()
    assert member.authority_consented_at == DURING


def test_the_officer_who_is_the_member_does_not_consent_for_the_own_school(draft: Application) -> None:
    member = draft.members.select_related("principal__user", "principal__school").first()
    step(draft, "submit", acting(draft.lead))
    also_officer = capacity(member.principal.user, member.principal.school, Role.OFFICER)
    with pytest.raises(PermissionDenied):
        take(PROPOSED_MEMBER, "consent_school", member.pk, also_officer, DURING)


def test_a_school_that_refuses_says_why_and_the_member_is_out(draft: Application) -> None:
    member = draft.members.first()
    step(draft, "submit", acting(draft.lead))
    school = someone(Role.OFFICER, member.principal.school)
    assert refusal(PROPOSED_MEMBER, "refuse", member, school, opinion="") == ["请填写意见"]
    take(PROPOSED_MEMBER, "refuse", member.pk, school, DURING, "该同志即将调任。")
    assert draft.members.get(pk=member.pk).state == MemberState.DECLINED


def test_the_consents_given_carry_over_and_the_studio_begins_with_eight(draft: Application) -> None:
    application = bring_to(draft, "school_review")
    members = list(application.members.select_related("principal__school__parent"))
    for member in members:
        consents(member)
    studio = bring_on(endorse(application), "announced").studio
    assert {each.state for each in studio.memberships.all()} == {MembershipState.ACTIVE}
    assert {each.school_consented_at for each in studio.memberships.all()} == {DURING}
    assert studio.state == StudioState.ACTIVE


def test_a_consent_still_missing_is_asked_of_the_membership_and_of_nothing_else(draft: Application) -> None:
    application = bring_to(draft, "school_review")
    *seven, last = list(application.members.select_related("principal__school__parent"))
    for member in seven:
        consents(member)
    consents(last, authority=False)
    studio = bring_on(endorse(application), "announced").studio
    county = someone(Role.OFFICER, last.principal.school.parent)
    assert studio.state == StudioState.PREPARING
    assert not PROPOSED_MEMBER.waiting(county, timezone.now()).exists(), "not twice on one desk"
    waiting = MEMBERSHIP.waiting(county, timezone.now()).get()
    assert waiting.principal == last.principal
    take(MEMBERSHIP, "consent_authority", waiting.pk, county, DURING)
    studio.refresh_from_db()
    assert studio.state == StudioState.ACTIVE, "Article 6: the eighth is in place"


def test_who_had_not_answered_when_it_was_announced_is_asked_no_more(draft: Application) -> None:
    silent = ask(draft)
    acting(silent.principal)
    bring_on(draft, "announced")
    silent.refresh_from_db()
    assert silent.state == MemberState.LAPSED


def test_what_was_sent_names_the_members(draft: Application) -> None:
    sent = step(draft, "submit", acting(draft.lead))
    assert sent.versions.get().content == snapshot(again(sent))
    assert len(sent.versions.get().content["members"]) == 8


def test_the_leader_has_no_say_in_who_is_a_member(draft: Application) -> None:
    member = draft.members.first()
    with pytest.raises(PermissionDenied):
        take(PROPOSED_MEMBER, "release", member.pk, leader(draft.call), DURING, "撤换")
