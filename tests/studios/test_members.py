"""Members of a studio (Art. 6): invited, willing, consented to, leaving; counted under the studio's lock."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Principal, Role
from office.door import Moved, Refused, take, take_each
from office.models import Entry, Notice
from studios.documents.membership import consent_paper
from studios.flows import MEMBERSHIP, members_change_school
from studios.inviting import invite
from studios.models import Membership, MembershipState, Studio, StudioState
from tests.factories.accounts import make_bureau, make_county, make_principal, make_school
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import SEATED, accepted, authority_of, invited, make_studio, seat, states

pytestmark = [pytest.mark.django_db, pytest.mark.core]
S = MembershipState


@pytest.fixture
def studio():
    return make_studio(members=0)


def test_a_principal_is_invited_accepts_and_joins_with_both_consents(studio):
    membership = invited(studio)
    assert membership.basis == "市级名校长"
    membership = accepted(membership)
    assert membership.state == S.ACCEPTED
    take(
        MEMBERSHIP,
        "consent_authority",
        membership.pk,
        someone(Role.OFFICER, authority_of(membership)),
        SEATED,
    )
    assert states([membership]) == [S.ACCEPTED], "both are needed"
    take(
        MEMBERSHIP,
        "consent_school",
        membership.pk,
        someone(Role.OFFICER, membership.principal.school),
        SEATED,
    )
    membership.refresh_from_db()
    assert membership.state == S.ACTIVE
    assert membership.joined_on == SEATED.date()


def test_the_one_invited_is_told(studio):
    principal = make_principal()
    me = acting(principal)
    invited(studio, principal)
    assert (
        Notice.objects.get(user=me.user).text == f"{studio.lead.name}邀请您参加{studio.name}，请确认是否同意"
    )


def test_only_the_lead_invites(studio):
    with pytest.raises(PermissionDenied):
        invite(studio.pk, make_principal().pk, "", acting(make_principal()), SEATED)
    with pytest.raises(PermissionDenied):
        invite(studio.pk, make_principal().pk, "", someone(Role.OFFICER, studio.school), SEATED)


def test_a_deputy_is_refused_with_article_6_and_invited_with_a_reason_that_stays_marked(studio):
    deputy = make_principal(head=False)
    with pytest.raises(Refused) as refusal:
        invited(studio, deputy)
    assert refusal.value.missing[0].article == 6
    membership = seat(invited(studio, deputy, "主持学校全面工作，拟任正职"))
    assert membership.state == S.ACTIVE
    assert membership.exception == "主持学校全面工作，拟任正职"
    page = browser_of(acting(studio.lead)).get(f"{studio.get_absolute_url()}?tab=members").content.decode()
    assert "例外" in page
    assert "主持学校全面工作" in page


def test_whoever_has_no_ground_needs_a_reason(studio):
    with pytest.raises(Refused, match="例外理由"):
        invited(studio, make_principal(famous=False))


def test_the_lead_is_no_member_and_nobody_is_asked_twice(studio):
    with pytest.raises(Refused, match="不含领衔人"):
        invited(studio, studio.lead)
    principal = make_principal()
    invited(studio, principal)
    with pytest.raises(Refused, match="正在办理加入"):
        invited(studio, principal)


def test_ten_places_are_taken_by_whoever_is_asked_and_the_eleventh_is_refused(studio):
    first = invited(studio)
    for _ in range(9):
        invited(studio)
    with pytest.raises(Refused, match="最多 10 名"):
        invited(studio)
    take(MEMBERSHIP, "withdraw", first.pk, acting(studio.lead), SEATED)
    assert invited(studio).state == S.INVITED, "what was withdrawn frees its place"


def test_two_leads_invite_one_person_who_accepts_one(studio):
    other = make_studio(members=0)
    principal = make_principal()
    here, there = invited(studio, principal), invited(other, principal)
    accepted(here)
    with pytest.raises(Refused, match="每人只参加一个工作室"):
        accepted(there)
    take(MEMBERSHIP, "decline", there.pk, acting(principal), SEATED, "已参加另一工作室")
    assert states([here, there]) == [S.ACCEPTED, S.DECLINED]


def test_declining_asks_for_a_reason_at_every_hand(studio):
    asked = invited(studio)
    with pytest.raises(Refused, match="意见"):
        take(MEMBERSHIP, "decline", asked.pk, acting(asked.principal), SEATED)
    willing = accepted(invited(studio))
    for officer in (willing.principal.school, authority_of(willing)):
        with pytest.raises(Refused, match="意见"):
            take(MEMBERSHIP, "refuse", willing.pk, someone(Role.OFFICER, officer), SEATED)
    take(MEMBERSHIP, "refuse", willing.pk, someone(Role.OFFICER, authority_of(willing)), SEATED, "工作需要")
    assert states([willing]) == [S.DECLINED]


def test_a_member_of_another_county_and_one_of_a_city_school_need_their_own_authority(studio):
    far = accepted(invited(studio, make_principal(make_school(make_county("林西县")))))
    take(MEMBERSHIP, "consent_school", far.pk, someone(Role.OFFICER, far.principal.school), SEATED)
    with pytest.raises((PermissionDenied, Membership.DoesNotExist)):
        take(MEMBERSHIP, "consent_authority", far.pk, someone(Role.OFFICER, make_county("敖汉旗")), SEATED)
    take(MEMBERSHIP, "consent_authority", far.pk, someone(Role.OFFICER, make_county("林西县")), SEATED)
    direct = accepted(invited(studio, make_principal(make_school(make_bureau(), name="市直实验小学"))))
    take(MEMBERSHIP, "consent_school", direct.pk, someone(Role.OFFICER, direct.principal.school), SEATED)
    take(MEMBERSHIP, "consent_authority", direct.pk, someone(Role.OFFICER, make_bureau()), SEATED)
    assert states([far, direct]) == [S.ACTIVE, S.ACTIVE]


def test_a_host_schools_officer_who_is_the_member_does_not_consent_for_themselves(studio):
    """Nobody acts on their own matter: the authority acts in the school's stead."""
    school = make_school()
    officer = someone(Role.OFFICER, school)
    principal = make_principal(school, user=officer.user)
    membership = accepted(invited(studio, principal))
    with pytest.raises(PermissionDenied):
        take(MEMBERSHIP, "consent_school", membership.pk, officer, SEATED)
    county = someone(Role.OFFICER, school.parent)
    take(MEMBERSHIP, "consent_school", membership.pk, county, SEATED, "学校无其他经办人")
    entry = Entry.objects.of(membership).last()
    assert entry.label == "学校同意（代办）"


def test_schools_and_counties_consent_to_several_at_once(studio):
    county = make_county("红山区")
    waiting = [accepted(invited(studio, make_principal(make_school(county)))) for _ in range(3)]
    outcomes = take_each(
        MEMBERSHIP, "consent_authority", [each.pk for each in waiting], someone(Role.OFFICER, county), SEATED
    )
    assert [outcome.problem for outcome in outcomes] == ["", "", ""]


def test_the_studio_becomes_active_with_its_eighth_member(studio):
    members = [seat(invited(studio)) for _ in range(7)]
    studio.refresh_from_db()
    assert studio.state == StudioState.PREPARING
    seat(invited(studio))
    studio.refresh_from_db()
    assert studio.state == StudioState.ACTIVE
    assert studio.activated_on == SEATED.date()
    assert len(members) == 7


def test_a_member_leaves_with_a_reason_and_the_owner_notes_it(studio):
    members = [seat(invited(studio)) for _ in range(8)]
    leaver = members[0]
    with pytest.raises(Refused, match="意见"):
        take(MEMBERSHIP, "leave", leaver.pk, acting(leaver.principal), SEATED)
    take(MEMBERSHIP, "leave", leaver.pk, acting(leaver.principal), SEATED, "工作调动")
    with pytest.raises(PermissionDenied):
        take(MEMBERSHIP, "note_left", leaver.pk, acting(studio.lead), SEATED)
    later = SEATED + timedelta(days=3)
    take(MEMBERSHIP, "note_left", leaver.pk, someone(Role.OFFICER, make_bureau()), later)
    leaver.refresh_from_db()
    studio.refresh_from_db()
    assert (leaver.state, leaver.left_on) == (S.LEFT, later.date())
    assert studio.below_since == later.date(), "seven are below Art. 6"
    seat(invited(studio))
    studio.refresh_from_db()
    assert studio.below_since is None


def test_a_member_who_leaves_in_the_middle_of_consents_is_told_who_was_first(studio):
    membership = accepted(invited(studio))
    take(MEMBERSHIP, "withdraw", membership.pk, acting(studio.lead), SEATED)
    with pytest.raises(Moved) as late:
        take(
            MEMBERSHIP,
            "consent_school",
            membership.pk,
            someone(Role.OFFICER, membership.principal.school),
            SEATED,
        )
    assert "撤回邀请" in str(late.value)


def test_a_member_who_changes_school_needs_new_consents(studio):
    membership = seat(invited(studio))
    new_school = make_school(make_county("松山区"))
    Principal.objects.filter(pk=membership.principal_id).update(school=new_school)
    principal = Principal.objects.get(pk=membership.principal_id)
    cause = Entry.objects.of(membership).last()
    with transaction.atomic():
        assert members_change_school(principal, someone(Role.OFFICER, make_bureau()), SEATED, cause) == 1
    membership = Membership.objects.select_related("principal__school__parent", "studio").get(
        pk=membership.pk
    )
    assert membership.state == S.ACCEPTED
    assert membership.school_consented_at is None
    take(MEMBERSHIP, "consent_school", membership.pk, someone(Role.OFFICER, new_school), SEATED)
    take(MEMBERSHIP, "consent_authority", membership.pk, someone(Role.OFFICER, new_school.parent), SEATED)
    assert states([membership]) == [S.ACTIVE]


def test_the_school_of_someone_invited_does_not_see_it_before_they_accept(studio):
    membership = invited(studio)
    officer = someone(Role.OFFICER, membership.principal.school)
    assert not MEMBERSHIP.seen(officer).filter(pk=membership.pk).exists()
    accepted(membership)
    assert MEMBERSHIP.seen(officer).filter(pk=membership.pk).exists()


@pytest.mark.parametrize("words", ["于", ""])
def test_the_lead_finds_whom_to_ask_on_a_page_of_their_own(studio, words):
    make_principal(name="于晓敏")
    page = browser_of(acting(studio.lead)).get(f"/studios/{studio.number}/members/invite/", {"find": words})
    assert page.status_code == 200
    assert ("于晓敏" in page.content.decode()) is bool(words)


def test_whoever_sees_the_studio_and_does_not_lead_it_is_refused(studio):
    address = f"/studios/{studio.number}/members/invite/"
    assert browser_of(someone(Role.OFFICER, studio.school)).get(address).status_code == 403


def test_the_lead_invites_on_the_page(studio):
    principal = make_principal(head=False)
    browser = browser_of(acting(studio.lead))
    address = f"/studios/{studio.number}/members/invite/"
    refused = browser.post(address, {"principal": principal.pk, "find": principal.name}, follow=True)
    assert "没有邀请" in refused.content.decode()
    asked = browser.post(
        address, {"principal": principal.pk, "reason": "主持工作", "find": principal.name}, follow=True
    )
    assert f"已邀请{principal.name}" in asked.content.decode()
    assert Studio.objects.get(pk=studio.pk).memberships.get().exception == "主持工作"


def test_the_four_who_sign_print_the_consent_form_and_other_members_do_not(studio):
    membership = seat(invited(studio))
    fellow = seat(invited(studio))
    address = f"/memberships/{membership.pk}/consent/"
    parties = (
        acting(studio.lead),
        acting(membership.principal),
        someone(Role.OFFICER, membership.principal.school),
        someone(Role.OFFICER, authority_of(membership)),
    )
    for me in parties:
        browser = browser_of(me)
        assert address in browser.get(membership.get_absolute_url()).content.decode()
        answer = browser.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert browser_of(acting(fellow.principal)).get(address).status_code == 403


def test_the_consent_form_says_what_was_given_and_leaves_the_rest_to_be_sealed(studio):
    membership = accepted(invited(studio, make_principal(head=False), "主持学校全面工作"))
    row = Membership.objects.select_related(
        "studio__programme", "studio__lead", "studio__school", "principal__school__parent"
    ).get(pk=membership.pk)
    paper = consent_paper(row, SEATED)
    _, member, school, authority = paper.sections[1].parts
    assert (member.dated, member.text) == (SEATED.date(), "本人自愿参加。")
    assert (school.dated, school.seal, school.organisation) == (None, True, row.principal.school.name)
    assert authority.organisation == authority_of(row).name
    assert paper.sections[0].parts[1].text == "主持学校全面工作"
