"""第八条（四）: a studio's advice reaches a person of the bureau and is answered."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from office.attachments import receive
from office.door import Refused, take
from office.models import Notice
from studios.advising import draft_advice
from studios.flows import ADVICE
from studios.models import Advice, AdviceKind, AdviceState, Verdict
from tests.factories.accounts import make_bureau
from tests.factories.applications import acting, browser_of, paper, someone
from tests.factories.studios import WORKING, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
ANSWER = {"verdict": Verdict.ADOPTED, "reply": "列入明年校长培训计划。"}


@pytest.fixture
def studio():
    return make_studio()


def drafted(studio, title: str = "关于农村校长跟岗的建议") -> Advice:
    advice = Advice(kind=AdviceKind.PROPOSAL, title=title, text="建议建立跟岗基地。")
    return draft_advice(studio, advice, acting(studio.lead), WORKING)


def sent(studio) -> Advice:
    return take(ADVICE, "send", drafted(studio).pk, acting(studio.lead), WORKING)


def routed(studio, handler) -> Advice:
    officer = someone(Role.OFFICER, make_bureau())
    return take(ADVICE, "route", sent(studio).pk, officer, WORKING, given={"handler": handler.user})


def test_the_lead_drafts_adds_the_report_and_sends(studio):
    browser, lead = browser_of(acting(studio.lead)), acting(studio.lead)
    address = f"/studios/{studio.number}/advice/new/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"kind": "report", "title": "", "text": ""}).status_code == 422
    browser.post(address, {"kind": "report", "title": "乡村校长队伍调研", "text": "摘要"})
    advice = Advice.objects.get()
    receive(ADVICE, advice.pk, paper("调研报告.pdf"), slot="report", me=lead, at=WORKING)
    edit = f"/advice/{advice.pk}/edit/"
    browser.post(edit, {"kind": "report", "title": "乡村校长队伍调研报告", "text": "摘要"})
    page = browser.get(advice.get_absolute_url()).content.decode()
    assert "乡村校长队伍调研报告" in page
    assert "调研报告.pdf" in page
    officer = someone(Role.OFFICER, make_bureau())
    assert not ADVICE.seen(officer).exists()
    browser.post(f"/advice/{advice.pk}/steps/send/")
    assert ADVICE.waiting(officer, WORKING).get() == advice
    late = browser.post(edit, {"kind": "report", "title": "改了", "text": "摘要"}, follow=True)
    assert "没有保存" in late.content.decode()
    with pytest.raises(PermissionDenied):
        receive(ADVICE, advice.pk, paper("补充.pdf"), slot="report", me=lead, at=WORKING)


def test_the_officer_names_a_person_of_the_bureau_and_nobody_else(studio):
    officer, leader = (someone(role, make_bureau()) for role in (Role.OFFICER, Role.LEADER))
    county = someone(Role.OFFICER, studio.authority)
    advice = sent(studio)
    page = browser_of(officer).get(advice.get_absolute_url()).content.decode()
    assert str(leader.user) in page
    steps = f"/advice/{advice.pk}/steps/route/"
    assert browser_of(officer).post(steps, {"handler": county.user_id}).status_code == 422
    with pytest.raises(PermissionDenied):
        take(ADVICE, "route", advice.pk, county, WORKING, given={"handler": leader.user})
    browser_of(officer).post(steps, {"handler": leader.user_id})
    assert ADVICE.waiting(leader, WORKING).get() == advice
    assert not ADVICE.waiting(officer, WORKING).exists()


def test_the_handler_answers_with_words_and_the_lead_is_told(studio):
    leader = someone(Role.LEADER, make_bureau())
    advice = routed(studio, leader)
    with pytest.raises(Refused, match="答复意见"):
        take(ADVICE, "answer", advice.pk, leader, WORKING, given={"verdict": Verdict.KEPT, "reply": ""})
    take(ADVICE, "answer", advice.pk, leader, WORKING, given=ANSWER)
    told = Notice.objects.filter(user=studio.lead.user).latest("pk").text
    assert "采纳" in told
    assert ANSWER["reply"] in told


def test_the_officer_may_answer_for_a_handler_who_has_left(studio):
    advice = routed(studio, someone(Role.FINANCE, make_bureau()))
    officer = someone(Role.OFFICER, make_bureau())
    take(ADVICE, "answer_for", advice.pk, officer, WORKING, given=ANSWER)
    assert Advice.objects.get().state == AdviceState.ANSWERED


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_and_the_page_cost_the_same_for_one_and_for_three(studio, rows, django_assert_num_queries):
    leader = someone(Role.LEADER, make_bureau())
    for _ in range(rows):
        advice = routed(studio, leader)
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    browser.get("/advice/")
    with django_assert_num_queries(6):
        assert browser.get("/advice/").content.decode().count("关于农村校长跟岗的建议") == rows
    with django_assert_num_queries(6):
        browser.get(advice.get_absolute_url())
    sheet = browser.get("/advice/?export=xlsx")
    assert sheet.status_code == 200
