"""Materials: each from whom the call names, seen by whom the programme lets (Art. 9, 12)."""

import pytest

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import APPLICATION
from applications.models import Application, ApplicationState, Call, Material
from applications.rules import form_address
from office.attachments import open_slots, receive, slots, visible_attachments
from office.door import Refused, take
from office.models import Entry
from tests.factories.accounts import make_bureau
from tests.factories.applications import (
    DURING,
    acting,
    attach_materials,
    bring_to,
    browser_of,
    make_application,
    make_call,
    paper,
    someone,
    submit_application,
)
from tests.factories.rounds import judging, seat_panel, start_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spring")]
S = ApplicationState


@pytest.fixture
def call() -> Call:
    return make_call()


def keys(application: Application, me: Capacity) -> set[str]:
    return {slot.key for slot in open_slots(application, me)}


def test_the_applicant_uploads_on_the_form_and_the_file_is_listed(call):
    application = make_application(call, complete=False)
    browser = browser_of(acting(application.lead))
    page = browser.get(form_address(application, "materials"))
    honours = next(each for each in page.context["materials"] if each.key == "honours")
    sent = {
        "slot": "honours",
        "next": form_address(application, "materials"),
        honours.upload["name"]: paper("荣誉.pdf"),
    }
    browser.post(honours.upload["url"], sent)
    assert "荣誉.pdf" in browser.get(form_address(application, "materials")).content.decode()
    assert list(slots(application)) == ["honours"]


def test_each_material_comes_from_whom_the_call_names_while_they_have_the_application(call):
    application = make_application(call)
    applicant, school = acting(application.lead), someone(Role.OFFICER, application.school)
    school_keys = set(call.materials.filter(by=Material.By.SCHOOL).values_list("key", flat=True))
    assert keys(application, applicant) == {"photo"} | set(
        call.materials.filter(by=Material.By.APPLICANT).values_list("key", flat=True)
    )
    assert keys(application, school) == set()
    application = submit_application(application)
    assert keys(application, applicant) == set(), "sent is sent"
    assert keys(application, school) == school_keys
    application = bring_to(application, S.AUTHORITY_REVIEW)
    assert keys(application, school) == set()


def test_the_school_does_not_endorse_without_its_pledge_and_the_signed_form(call):
    application = submit_application(make_application(call))
    school = someone(Role.OFFICER, application.school)
    with pytest.raises(Refused, match=r"请上传材料：学校支持承诺书.*签字盖章的申报表"):
        take(APPLICATION, "endorse", application.pk, school, DURING, "同意")
    attach_materials(application, Material.By.SCHOOL, school)
    assert take(APPLICATION, "endorse", application.pk, school, DURING, "同意").state == S.AUTHORITY_REVIEW


def test_experts_open_neither_the_schools_files_nor_the_identity_card(call):
    application = bring_to(make_application(call), S.UNDER_REVIEW)
    seated, *_ = seat_panel(call, application.stage)
    start_review(call)
    expert = judging(seated)
    seen = set(visible_attachments(application, expert).values_list("slot", flat=True))
    assert seen == {"degree", "appointment", "honours", "achievements", "plan"}
    officer = someone(Role.OFFICER, make_bureau())
    assert set(visible_attachments(application, officer).values_list("slot", flat=True)) > seen


def test_a_stranger_uploads_nothing(call):
    application = make_application(call, complete=False)
    other = acting(make_application(call, complete=False).lead)
    with pytest.raises(Application.DoesNotExist):
        receive(APPLICATION, application.pk, paper(), slot="honours", me=other, at=DURING)


def test_the_identity_number_is_masked_shown_on_demand_and_each_look_is_an_entry(call):
    application = bring_to(make_application(call), S.RECOMMENDED)
    number, masked = application.lead.identity, application.lead.masked_identity
    officer = browser_of(someone(Role.OFFICER, make_bureau()))
    page = officer.get(application.get_absolute_url()).content.decode()
    assert masked in page
    assert number not in page
    shown = officer.post(f"/applications/{application.number}/identity/")
    assert number in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert Entry.objects.of(application).last().label == "查看身份证号"
    assert number not in officer.get(application.get_absolute_url()).content.decode(), "once"


def test_the_county_sees_the_number_masked_only(call):
    application = bring_to(make_application(call), S.RECOMMENDED)
    county = browser_of(someone(Role.OFFICER, application.authority))
    assert application.lead.masked_identity in county.get(application.get_absolute_url()).content.decode()
    assert county.post(f"/applications/{application.number}/identity/").status_code == 403


@pytest.mark.parametrize("files", [1, 3])
def test_the_materials_of_the_case_page_ask_no_more_for_more_files(call, django_assert_num_queries, files):
    application = make_application(call, complete=False)
    me = acting(application.lead)
    for number in range(files):
        receive(APPLICATION, application.pk, paper(f"{number}.pdf"), slot="honours", me=me, at=DURING)
    browser = browser_of(me)
    browser.get(application.get_absolute_url(), {"tab": "materials"})
    with django_assert_num_queries(17):
        browser.get(application.get_absolute_url(), {"tab": "materials"})
