"""第六条, for a studio at work: 8-10 members, an exception that stays visible, the consents of each member's own school and
authority. Through the pages, as each of the people meets them.
"""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.capacity import Capacity
from accounts.models import Organisation, Principal, Role
from studios.models import Membership, MembershipState, Studio, StudioState
from tests.factories.accounts import make_bureau, make_county, make_principal, make_school
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import accepted, invited, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
REASON = "主持学校全面工作两年，拟任正职"


@pytest.fixture
def studio() -> Studio:
    return make_studio(members=0)


def asks(studio: Studio, principal: Principal, reason: str = "") -> str:
    """What the lead reads after asking on the page."""
    sent = {"principal": principal.pk, "find": principal.name, "reason": reason}
    address = f"/studios/{studio.number}/members/invite/"
    return browser_of(acting(studio.lead)).post(address, sent, follow=True).content.decode()


def says(me: Capacity, place: Membership, step: str, opinion: str = "") -> str:
    """What ``me`` reads after taking ``step`` on the case page."""
    address = f"{place.get_absolute_url()}steps/{step}/"
    return browser_of(me).post(address, {"opinion": opinion}, follow=True).content.decode()


def officer(of: Organisation | None) -> Capacity:
    assert of is not None
    return someone(Role.OFFICER, of)


def joins(studio: Studio, principal: Principal, reason: str = "") -> Membership:
    """Asked, willing, consented to by school and authority, each on their page."""
    asks(studio, principal, reason)
    place = studio.memberships.get(principal=principal)
    says(acting(principal), place, "accept")
    says(officer(principal.school), place, "consent_school")
    says(officer(principal.school.parent), place, "consent_authority")
    place.refresh_from_db()
    return place


# 由领衔校长和8-10名成员组成


def test_with_the_eighth_it_is_active_and_the_eleventh_is_refused_with_the_article(studio: Studio) -> None:
    for number in range(1, 11):
        assert joins(studio, make_principal()).state == MembershipState.ACTIVE
        studio.refresh_from_db()
        assert (studio.state == StudioState.ACTIVE) is (number >= 8)
    told = asks(studio, make_principal(name="多余者"))
    assert "没有邀请：成员最多 10 名" in told
    assert "第六条" in told
    assert not studio.memberships.filter(principal__name="多余者").exists()


# 原则上应为……正职校长


def test_a_deputy_is_refused_with_the_article_and_asked_with_a_reason(studio: Studio) -> None:
    deputy = make_principal(name="代海青", head=False)
    told = asks(studio, deputy)
    assert "没有邀请：代海青不符合“正职校长且具备成员依据”的原则要求，请填写例外理由（第六条）" in told
    assert not studio.memberships.exists()
    assert "已邀请代海青" in asks(studio, deputy, REASON)


def test_the_exception_goes_with_the_deputy_to_everybody_who_decides_after(studio: Studio) -> None:
    deputy = make_principal(name="代海青", head=False, famous=True)
    asks(studio, deputy, REASON)
    place = studio.memberships.get()
    assert REASON in browser_of(acting(deputy)).get(place.get_absolute_url()).content.decode()
    says(acting(deputy), place, "accept")
    for step, me in (("school", officer(deputy.school)), ("authority", officer(deputy.school.parent))):
        browser = browser_of(me)
        shown = browser.get(place.get_absolute_url()).content.decode()
        assert "领衔人说明的例外理由：主持学校全面工作两年" in shown
        assert "例外" in browser.get("/memberships/").content.decode()
        batch = browser.post(f"/memberships/batch/consent_{step}/", {"pk": [place.pk]}).content.decode()
        assert REASON in batch, "nobody consents in a batch to what they were not told"
        says(me, place, f"consent_{step}")
    place.refresh_from_db()
    assert place.state == MembershipState.ACTIVE
    bureau = browser_of(officer(make_bureau()))
    sheet = b"".join(bureau.get("/memberships/?export=xlsx").streaming_content)
    rows = load_workbook(BytesIO(sheet), read_only=True).active.iter_rows(values_only=True)
    assert f"市级名校长；例外：{REASON}" in {cell for row in rows for cell in row}
    assert REASON in bureau.get(f"{studio.get_absolute_url()}?tab=members").content.decode()


def test_who_meets_the_condition_is_marked_with_nothing(studio: Studio) -> None:
    place = joins(studio, make_principal())
    for me in (officer(place.principal.school), officer(make_bureau())):
        assert "例外" not in browser_of(me).get(place.get_absolute_url()).content.decode()


# 征得成员所在学校及上级主管部门同意


def refused(browser: Client, place: Membership, step: str) -> bool:
    """Whether the step is none of this person's."""
    return browser.post(f"{place.get_absolute_url()}steps/{step}/").status_code in (403, 404)


def test_a_member_from_another_county_needs_that_county_and_not_the_studios(studio: Studio) -> None:
    far = make_county("林西县")
    place = accepted(invited(studio, make_principal(make_school(far))))
    assert officer(far), "a county with an officer of its own: nobody acts in its stead"
    for wrong in (studio.authority, make_bureau(), make_county("敖汉旗")):
        assert refused(browser_of(officer(wrong)), place, "consent_authority")
    assert refused(browser_of(officer(studio.school)), place, "consent_school")
    says(officer(far), place, "consent_authority")
    says(officer(place.principal.school), place, "consent_school")
    place.refresh_from_db()
    assert (place.state, studio.authority != far) == (MembershipState.ACTIVE, True)


def test_the_bureau_consents_to_the_head_of_a_school_directly_under_it(studio: Studio) -> None:
    place = joins(studio, make_principal(make_school(make_bureau(), "赤峰市直属第三小学")))
    assert place.state == MembershipState.ACTIVE


def test_whose_consent_is_missing_is_named_to_everybody_who_waits(studio: Studio) -> None:
    place = accepted(invited(studio, make_principal(make_school(make_county("林西县")))))
    shown = browser_of(acting(studio.lead)).get(place.get_absolute_url()).content.decode()
    assert place.principal.school.name in shown
    assert "林西县教育局" in shown


def test_a_county_that_does_not_agree_says_why_and_the_place_is_free(studio: Studio) -> None:
    far = make_county("林西县")
    place = accepted(invited(studio, make_principal(make_school(far))))
    says(officer(far), place, "refuse")
    place.refresh_from_db()
    assert place.state == MembershipState.ACCEPTED, "not without a reason"
    says(officer(far), place, "refuse", "该同志已列入交流计划。")
    place.refresh_from_db()
    assert place.state == MembershipState.DECLINED
    assert (
        "该同志已列入交流计划。"
        in browser_of(acting(studio.lead)).get(place.get_absolute_url()).content.decode()
    )
