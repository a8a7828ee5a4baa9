"""成果 (Art. 8): recorded with its proof, public when the lead agrees and no longer than that, counted until withdrawn."""

from collections import Counter

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from office.attachments import receive
from office.door import Refused, take
from office.models import Attachment, Entry, Notice
from studios import staffing
from studios.flows import OUTPUT
from studios.flows.output import PROOF
from studios.models import Output, OutputKind, OutputState, Staff, StaffKind, Studio
from tests.factories.accounts import make_bureau, make_capacity, make_principal, make_school
from tests.factories.activities import REPORTED, published, recorded
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import make_studio
from tests.office.hostile import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.core]
FORM = {
    "kind": "project",
    "duty": "research",
    "title": "以评促学课堂评价研究",
    "authors": "苏和、于晓敏",
    "level": "region",
    "number": "NMGJ2027-31",
    "source": "自治区教科规划办",
    "progress": "running",
    "dated": "2027-04-15",
}


@pytest.fixture
def studio() -> Studio:
    return make_studio()


@pytest.fixture
def lead(studio: Studio):
    return acting(studio.lead)


def public_page(studio: Studio) -> str:
    """What a citizen reads a minute later: no page is kept longer."""
    cache.clear()
    return Client().get(f"/directory/{studio.number}/").content.decode()


def prove(output: Output, me) -> None:
    receive(OUTPUT, output.pk, SimpleUploadedFile("立项通知.pdf", pdf()), slot=PROOF, me=me, at=REPORTED)


def test_the_lead_records_a_project_with_its_level_number_and_state_and_is_asked_for_its_proof(studio, lead):
    browser = browser_of(lead)
    answer = browser.post("/outputs/new/", FORM | {"studio": studio.pk}, follow=True)
    output = Output.objects.get()
    assert (output.year.number, output.state, output.get_progress_display()) == (
        1,
        OutputState.RECORDED,
        "在研",
    )
    page = answer.content.decode()
    assert "请上传佐证材料" in page
    upload = {"slot": PROOF, f"file-{PROOF}": SimpleUploadedFile("立项通知.pdf", pdf())}
    browser.post(f"/files/output/{output.pk}/", upload)
    shown = browser.get(output.get_absolute_url()).content.decode()
    for words in ("自治区级", "NMGJ2027-31", "自治区教科规划办", "在研"):
        assert words in shown
    assert "立项通知.pdf" in browser.get(f"{output.get_absolute_url()}?tab=files").content.decode()


def test_the_form_of_a_lead_of_one_studio_names_it_by_itself(studio, lead):
    page = browser_of(lead).get("/outputs/new/").content.decode()
    assert f'<input type="hidden" name="studio" value="{studio.pk}"' in page


def test_what_lies_outside_the_studios_term_is_told_beside_the_field(studio, lead):
    answer = browser_of(lead).post("/outputs/new/", FORM | {"studio": studio.pk, "dated": "2031-01-01"})
    assert answer.status_code == 422
    assert "不在工作室的建设周期内" in answer.content.decode()


@pytest.mark.parametrize("kind", OutputKind.values)
def test_every_kind_is_recorded_and_counted(studio, lead, kind):
    recorded(studio, kind=kind)
    page = browser_of(lead).get(studio.get_absolute_url()).content.decode()
    assert f"{OutputKind(kind).label} 1 项" in page


def test_nobody_but_the_studio_records_or_changes(studio):
    output = recorded(studio)
    member = acting(studio.memberships.all()[0].principal)
    for other in (member, someone(Role.OFFICER, make_bureau()), someone(Role.OFFICER, studio.school)):
        browser = browser_of(other)
        assert browser.post("/outputs/new/", FORM | {"studio": studio.pk}).status_code == 403
        assert browser.post(f"/outputs/{output.pk}/edit/", FORM | {"studio": studio.pk}).status_code == 403
    assert Output.objects.get().title == output.title


# published when the lead agrees


def test_without_its_proof_it_is_not_published(studio, lead):
    output = recorded(studio)
    with pytest.raises(Refused, match="佐证材料") as refusal:
        take(OUTPUT, "publish", output.pk, lead, REPORTED)
    assert refusal.value.missing[0].article == 8


def test_it_is_public_when_the_lead_agrees_and_not_before(studio, lead):
    output = recorded(studio)
    prove(output, lead)
    assert output.title not in public_page(studio)
    take(OUTPUT, "publish", output.pk, lead, REPORTED)
    assert output.title in public_page(studio)


def test_nobody_agrees_in_the_leads_place(studio, lead):
    output = recorded(studio)
    prove(output, lead)
    user = make_capacity(Role.OFFICER, make_school(), name="敖敏")
    assistant = Staff(
        studio=studio, kind=StaffKind.ASSISTANT, name="敖敏", user=user.user, starts=timezone.localdate()
    )
    staffing.keep(assistant, lead, timezone.now())
    staffing.let_draft(assistant, True, lead, timezone.now())
    assert OUTPUT.seen(user).filter(pk=output.pk).exists(), "an assistant writes it"
    member = acting(studio.memberships.all()[0].principal)
    for other in (user, member, someone(Role.OFFICER, make_bureau()), someone(Role.LEADER, make_bureau())):
        with pytest.raises(PermissionDenied):
            take(OUTPUT, "publish", output.pk, other, REPORTED)
    assert output.title not in public_page(studio)


def test_the_owner_is_told_and_the_history_says_who_agreed(studio, lead):
    officer = someone(Role.OFFICER, make_bureau())
    output = published(recorded(studio))
    assert Entry.objects.of(output).last().label == "公开"
    assert Entry.objects.of(output).last().user == lead.user
    assert Notice.objects.filter(user=officer.user, text__contains=output.title).exists()


def test_the_proof_is_never_public(studio):
    output = published(recorded(studio))
    proof = Attachment.objects.get(slot=PROOF)
    assert Client().get(f"/files/{proof.pk}/").status_code in (302, 403, 404)
    assert proof.name not in public_page(studio)
    assert browser_of(acting(make_principal())).get(f"/files/{proof.pk}/").status_code == 404
    assert browser_of(acting(output.studio.lead)).get(f"/files/{proof.pk}/").status_code == 200


# and comes down


def test_it_comes_down_when_the_lead_no_longer_agrees_and_may_be_mended_and_go_up_again(studio, lead):
    output = published(recorded(studio))
    browser, edit = browser_of(lead), f"/outputs/{output.pk}/edit/"
    closed = browser.post(edit, FORM | {"studio": studio.pk}, follow=True)
    assert "请先取消公开" in closed.content.decode()
    take(OUTPUT, "hide", output.pk, lead, REPORTED)
    assert output.title not in public_page(studio)
    version = browser.get(edit).context["version"]
    mended = FORM | {"studio": studio.pk, "title": "让评价回到课堂（修订）", "version": version}
    assert browser.post(edit, mended).status_code == 302
    take(OUTPUT, "publish", output.pk, lead, REPORTED)
    assert "让评价回到课堂（修订）" in public_page(studio)


def test_withdrawn_with_a_reason_it_leaves_site_and_count_and_stays_readable(studio, lead):
    output = published(recorded(studio))
    with pytest.raises(Refused, match="意见"):
        take(OUTPUT, "withdraw", output.pk, lead, REPORTED)
    take(OUTPUT, "withdraw", output.pk, lead, REPORTED, "录用后未刊出")
    assert output.title not in public_page(studio)
    browser = browser_of(lead)
    assert "论文 1 项" not in browser.get(studio.get_absolute_url()).content.decode()
    assert "录用后未刊出" in browser.get(output.get_absolute_url()).content.decode()


def test_what_was_withdrawn_may_be_recorded_anew(studio, lead):
    output = recorded(studio)
    assert recorded(studio) == output, "the same sent twice is there once"
    take(OUTPUT, "withdraw", output.pk, lead, REPORTED, "登记有误")
    assert recorded(studio) != output


def test_two_people_on_one_output_and_the_later_is_told(studio, lead):
    output = recorded(studio)
    browser, address = browser_of(lead), f"/outputs/{output.pk}/edit/"
    read = browser.get(address).context["version"]
    first = FORM | {"studio": studio.pk, "version": read}
    assert browser.post(address, first | {"title": "先改的题目"}).status_code == 302
    late = browser.post(address, first | {"title": "后改的题目"})
    assert late.status_code == 409
    page = late.content.decode()
    assert "先改的题目" in page
    assert "后改的题目" in page
    assert Output.objects.get().title == "先改的题目"


@pytest.mark.parametrize("number", [1, 3])
def test_list_and_page_cost_the_same_for_one_and_for_three(studio, lead, number, django_assert_num_queries):
    rows = [published(recorded(studio, title=f"论文{each}")) for each in range(number)]
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    for address, cost in (("/outputs/", 8), (rows[0].get_absolute_url(), 5)):
        browser.get(address)
        with django_assert_num_queries(cost):
            assert browser.get(address).status_code == 200
    assert Counter(row.state for row in rows) == {OutputState.PUBLIC: number}
