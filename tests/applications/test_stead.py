"""代办: where nobody is left, the organisation above acts, and says so."""

import pytest

from accounts.models import Appointment, Role
from applications.flows import APPLICATION, PROPOSED_MEMBER
from applications.models import Application, ApplicationState
from office import desk
from office.door import Refused, take
from office.models import Entry
from tests.factories.applications import (
    DURING,
    acting,
    attach_materials,
    bring_to,
    browser_of,
    make_application,
    make_call,
    make_lead,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.core, pytest.mark.usefixtures("spring")]


@pytest.fixture
def sent() -> Application:
    """An application that waits for a school in which nobody has the officer's appointment."""
    application = bring_to(
        make_application(make_call(), make_lead(name="王志远")), ApplicationState.SCHOOL_REVIEW
    )
    Appointment.objects.filter(organisation=application.school, role=Role.OFFICER).delete()
    return application


def test_a_school_without_an_officer_is_stood_in_for_by_its_county(sent):
    county = someone(Role.OFFICER, sent.authority)
    prompts = {row.prompt for row in desk.waiting(county, DURING)}
    assert "学校审核（代办）" in prompts
    page = browser_of(county).get(sent.get_absolute_url()).content.decode()
    assert "学校审核同意（代办）" in page
    attach_materials(sent, "school", county)
    with pytest.raises(Refused, match="请填写意见"):
        take(APPLICATION, "endorse", sent.pk, county, DURING)
    take(APPLICATION, "endorse", sent.pk, county, DURING, "学校经办人空缺，经核实同意。")
    entry = Entry.objects.of(sent).get(step="endorse")
    assert entry.label == "学校审核同意（代办）"
    assert entry.appointment.organisation == sent.authority


def test_a_school_with_an_officer_is_not_stood_in_for(sent):
    someone(Role.OFFICER, sent.school)
    county = someone(Role.OFFICER, sent.authority)
    assert not APPLICATION.seen(county).filter(pk=sent.pk).exists()
    assert "学校审核（代办）" not in {row.prompt for row in desk.waiting(county, DURING)}


def test_an_officer_who_is_the_applicant_does_not_count(sent):
    Appointment.objects.create(
        user=sent.lead.user, role=Role.OFFICER, organisation=sent.school, starts=DURING.date()
    )
    assert APPLICATION.seen(someone(Role.OFFICER, sent.authority)).filter(pk=sent.pk).exists()


def test_a_county_without_an_officer_is_stood_in_for_by_the_bureau(sent):
    someone(Role.OFFICER, sent.school)
    attach_materials(sent, "school", someone(Role.OFFICER, sent.school))
    take(APPLICATION, "endorse", sent.pk, someone(Role.OFFICER, sent.school), DURING, "同意。")
    Appointment.objects.filter(organisation=sent.authority, role=Role.OFFICER).delete()
    bureau = someone(Role.OFFICER, sent.authority.parent)
    given = {"rank": 1}
    take(APPLICATION, "recommend", sent.pk, bureau, DURING, "旗县区经办人空缺，代为推荐。", given)
    assert Entry.objects.of(sent).get(step="recommend").facts["stead"] is True


def test_a_member_who_is_the_schools_only_officer_does_not_consent_alone(sent):
    member = sent.members.select_related("principal__school__parent").first()
    school = member.principal.school
    Appointment.objects.filter(organisation=school, role=Role.OFFICER).delete()
    Appointment.objects.create(
        user=member.principal.user, role=Role.OFFICER, organisation=school, starts=DURING.date()
    )
    county = someone(Role.OFFICER, school.parent)
    take(PROPOSED_MEMBER, "consent_school", member.pk, county, DURING, "学校无其他经办人，经核实同意。")
    member.refresh_from_db()
    assert member.school_consented_at == DURING


def test_the_applicant_never_acts_as_the_school(sent):
    assert not APPLICATION.seen(acting(sent.lead)).exclude(lead=sent.lead).exists()
