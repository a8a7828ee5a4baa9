"""Career plans (Art. 8-2 与成员共同商定职业发展规划): filled in and signed by lead and member, followed, closed."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from office.door import Refused, take
from office.filing.saving import save_section, stamp
from office.models import Notice
from office.paper.engine import PdfUnavailable
from office.paper.forms import render_form
from studios.documents.career import career_paper
from studios.flows import CAREER_PLAN, MEMBERSHIP
from studios.models import CareerPlan, CareerState
from studios.signing import Read
from tests.factories.accounts import make_bureau
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import SEATED, WORKING, invited, make_studio, seat

pytestmark = [pytest.mark.django_db, pytest.mark.core]
PRESENT = {"strengths": "教研经验丰富", "problems": "青年教师多", "aims": "成为市级骨干校长"}
GOALS = [
    {"year": f"第{year}年", "goal": "完成一项课题", "ways": "跟岗、研修", "proof": "结题证书"}
    for year in "一二三"
]


def fill(plan: CareerPlan, at=SEATED, **present) -> CareerPlan:
    """Fill in the whole plan."""
    plan = CareerPlan.objects.select_related("membership__principal", "membership__studio__lead").get(
        pk=plan.pk
    )
    first, second = plan.layout.section("present"), plan.layout.section("goals")
    plan = save_section(plan, first, PRESENT | present, stamp(plan, first), at)
    goals = {"goals": GOALS, "help": "", "mentoring": "每学期跟岗一周"}
    return save_section(plan, second, goals, stamp(plan, second), at)


def sign(plan: CareerPlan, who: str, me, at=SEATED, version: int | None = None) -> CareerPlan:
    """Sign the words as they are, or as they were at ``version``."""
    present = CareerPlan.objects.get(pk=plan.pk).version
    read = Read(present if version is None else version)
    take(CAREER_PLAN, f"sign_{who}", plan.pk, me, at, given={"read": read})
    return CareerPlan.objects.get(pk=plan.pk)


@pytest.fixture
def studio():
    return make_studio(members=0)


@pytest.fixture
def plan(studio):
    return CareerPlan.objects.select_related("membership__principal__school").get(
        membership=seat(invited(studio))
    )


@pytest.fixture
def lead(studio):
    return acting(studio.lead)


@pytest.fixture
def member(plan):
    return acting(plan.membership.principal)


def agreed(plan, lead, member):
    sign(fill(plan), "member", member)
    return sign(plan, "lead", lead)


def test_with_the_seat_the_plan_stands_on_both_desks(plan, lead, member):
    for me in (lead, member):
        assert CAREER_PLAN.waiting(me, SEATED).get() == plan


def test_both_sign_and_it_is_agreed_with_its_version(plan, lead, member):
    fill(plan)
    plan = sign(plan, "member", member)
    assert (plan.state, plan.member_signed, plan.lead_signed) == (CareerState.DRAFT, True, False)
    assert not CAREER_PLAN.waiting(member, SEATED).exists()
    plan = sign(plan, "lead", lead)
    assert plan.state == CareerState.AGREED
    assert plan.versions.get().content["present"]["aims"] == PRESENT["aims"]


def test_an_incomplete_plan_is_not_signed(plan, member):
    with pytest.raises(Refused, match="尚缺"):
        sign(plan, "member", member)
    filled = fill(plan)
    section = filled.layout.section("goals")
    short = {"goals": GOALS[:2], "help": "", "mentoring": "跟岗"}
    save_section(filled, section, short, stamp(filled, section), SEATED)
    with pytest.raises(Refused, match="第三年的目标"):
        sign(plan, "member", member)


def test_a_change_takes_back_the_signature_given(plan, lead, member):
    fill(plan)
    sign(plan, "member", member)
    changed = fill(plan, aims="成为自治区骨干校长")
    assert not changed.member_signed
    assert CAREER_PLAN.waiting(member, SEATED).exists()
    assert sign(plan, "lead", lead).state == CareerState.DRAFT
    assert "须重新签署" in browser_of(lead).get(plan.get_absolute_url()).content.decode()
    assert sign(plan, "member", member).state == CareerState.AGREED


def test_nobody_signs_words_they_have_not_read(plan, lead):
    read = fill(plan).version
    fill(plan, aims="后来改的目标")
    with pytest.raises(Refused, match="又有改动"):
        sign(plan, "lead", lead, version=read)


def test_the_page_carries_the_version_that_was_read(plan, member):
    fill(plan)
    browser = browser_of(member)
    assert 'name="read"' in browser.get(plan.get_absolute_url()).content.decode()
    address = f"{plan.get_absolute_url()}steps/sign_member/"
    assert browser.post(address, {"read": "0"}).status_code == 422
    number = CareerPlan.objects.get(pk=plan.pk).version
    assert browser.post(address, {"read": str(number)}).status_code == 302
    assert CareerPlan.objects.get(pk=plan.pk).member_signed


def test_a_revision_gives_a_reason_and_keeps_what_was_agreed_for_others_to_read(plan, lead, member):
    agreed(plan, lead, member)
    with pytest.raises(Refused, match="意见"):
        take(CAREER_PLAN, "revise", plan.pk, member, WORKING)
    take(CAREER_PLAN, "revise", plan.pk, member, WORKING, "调整第二年目标")
    fill(plan, at=WORKING, aims="尚未签署的新目标")
    bureau = browser_of(someone(Role.OFFICER, make_bureau()))
    page = bureau.get(plan.get_absolute_url()).content.decode()
    assert "尚未签署的新目标" not in page
    assert PRESENT["aims"] in page
    sign(plan, "lead", lead, WORKING)
    sign(plan, "member", member, WORKING)
    assert [each.reason for each in plan.versions.all()] == ["", "调整第二年目标"]


def test_both_note_progress_and_the_lead_closes_with_a_report(plan, lead, member):
    agreed(plan, lead, member)
    address = f"/career-plans/{plan.pk}/notes/"
    browser_of(member).post(address, {"text": "完成跟岗一周"})
    page = browser_of(lead).post(address, {"text": "课题已立项"}, follow=True).content.decode()
    assert "完成跟岗一周" in page
    assert "课题已立项" in page
    assert Notice.objects.filter(user=lead.user, text__contains="完成跟岗一周").exists()
    assert browser_of(someone(Role.OFFICER, make_bureau())).post(address, {"text": "x"}).status_code == 403
    with pytest.raises(PermissionDenied):
        take(CAREER_PLAN, "close", plan.pk, member, WORKING, given={"growth_report": "自评"})
    with pytest.raises(Refused, match="成长报告"):
        take(CAREER_PLAN, "close", plan.pk, lead, WORKING)
    take(CAREER_PLAN, "close", plan.pk, lead, WORKING, given={"growth_report": "三年间完成课题两项。"})
    plan.refresh_from_db()
    assert (plan.state, plan.growth_report) == (CareerState.CLOSED, "三年间完成课题两项。")


def test_seen_by_lead_and_member_then_owner_and_county_and_by_no_other_member(studio, plan, lead, member):
    fellow = acting(seat(invited(studio)).principal)
    county = someone(Role.OFFICER, plan.membership.principal.school.parent)
    owner = someone(Role.OFFICER, make_bureau())
    school = someone(Role.OFFICER, plan.membership.principal.school)

    def sees(me):
        return CAREER_PLAN.seen(me).filter(pk=plan.pk).exists()

    assert [sees(me) for me in (lead, member, owner, county, fellow, school)] == [True, True, *[False] * 4]
    agreed(plan, lead, member)
    assert [sees(me) for me in (owner, county, fellow, school)] == [True, True, False, False]


def test_with_the_member_who_left_a_draft_lapses_and_an_agreed_plan_stays(studio, plan, lead, member):
    other = CareerPlan.objects.get(membership=seat(invited(studio)))
    agreed(plan, lead, member)
    for each in (plan, other):
        take(MEMBERSHIP, "leave", each.membership_id, lead, WORKING, "调离")
        take(MEMBERSHIP, "note_left", each.membership_id, someone(Role.OFFICER, make_bureau()), WORKING)
    states = [CareerPlan.objects.get(pk=each.pk).state for each in (plan, other)]
    assert states == [CareerState.AGREED, CareerState.LAPSED]


def test_it_prints_with_both_signatures(plan, lead, member):
    agreed(plan, lead, member)
    row = CareerPlan.objects.select_related("membership__studio__lead", "membership__principal__school").get()
    paper = career_paper(row, row)
    dated = [part.dated for part in paper.sections[-1].parts]
    assert dated == [SEATED.date(), SEATED.date()]
    try:
        assert render_form(paper).startswith(b"%PDF")
    except PdfUnavailable:
        pytest.skip("no PDF engine here")


@pytest.mark.parametrize("plans", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(plans, studio, django_assert_num_queries):
    for _ in range(plans):
        seat(invited(studio))
    browser = browser_of(acting(studio.lead))
    browser.get("/career-plans/")
    with django_assert_num_queries(5):
        assert browser.get("/career-plans/").status_code == 200
