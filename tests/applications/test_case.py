"""The case page of an application: what each reader finds there, and what changed since it was sent before."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.capacity import Capacity
from accounts.models import Role
from applications.content import SECTIONS
from applications.flows import APPLICATION, PROPOSED_MEMBER
from applications.models import Application, ApplicationState, Call
from applications.printed_form import application_form
from applications.reading import snapshot
from office.attachments import check, stored
from office.door import take
from office.filing.saving import save_section, stamp
from office.paper.forms import Opinion
from office.signed import Paper
from tests.factories.accounts import make_bureau, make_principal
from tests.factories.applications import (
    DURING,
    acting,
    add_member,
    bring_to,
    browser_of,
    make_application,
    make_call,
    section_values,
    someone,
)
from tests.factories.rounds import judging, seat_panel, start_review
from tests.office.hostile import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spring")]
S = ApplicationState


@pytest.fixture
def call() -> Call:
    return make_call()


def judged_by(application: Application) -> Capacity:
    """An expert who has the application to judge, the call being under review."""
    expert, *_ = seat_panel(application.call, application.stage)
    start_review(application.call)
    return judging(expert)


def test_an_expert_reads_the_application_without_opinions_numbers_and_phone(call):
    application = bring_to(make_application(call), S.UNDER_REVIEW)
    expert = judged_by(application)
    browser = browser_of(expert)
    for tab in ("content", "members", "materials"):
        page = browser.get(application.get_absolute_url(), {"tab": tab}).content.decode()
        lead = application.lead
        hidden = (
            "经学校党组织研究",
            "办学成效突出",
            lead.identity,
            lead.masked_identity,
            lead.phone,
            lead.masked_phone,
        )
        for words in (*hidden, "签字盖章的申报表", "居民身份证", "办理记录"):
            assert words not in page
    members = browser.get(application.get_absolute_url(), {"tab": "members"}).content.decode()
    assert "/proposals/" not in members, "no way to pages that are closed"
    assert "三年规划" in browser.get(application.get_absolute_url()).content.decode()
    assert browser.post(f"/applications/{application.number}/identity/").status_code == 403


def test_the_printed_form_carries_opinions_but_not_for_experts(call):
    application = bring_to(make_application(call), S.RECOMMENDED)
    paper = application_form(application, someone(Role.OFFICER, make_bureau()), DURING)
    boxes = [part for section in paper.sections for part in section.parts if isinstance(part, Opinion)]
    assert [box.text for box in boxes][1:] == [
        "经学校党组织研究，同意申报。",
        "办学成效突出，同意推荐。",
        "",
        "",
    ]
    assert [section.title for section in paper.sections] == [
        "一、基本情况",
        "二、领衔人",
        "三、简历与培训",
        "四、领衔条件",
        "五、三年规划",
        "六、拟任成员",
        "七、顾问与助理",
        "八、经费与保障",
        "九、申报人承诺",
        "十、审核、评审与公布",
    ]
    bring_to(application, S.UNDER_REVIEW)
    for_expert = str(application_form(application, judged_by(application), DURING))
    for words in ("同意申报", "同意推荐", application.lead.masked_identity, application.lead.phone):
        assert words not in for_expert
    assert application.lead.identity in str(
        application_form(application, acting(application.lead), DURING)
    ), "one's own"


def test_the_printed_form_says_that_an_opinion_was_given_on_paper(call):
    application = bring_to(make_application(call), S.AUTHORITY_REVIEW)
    me = someone(Role.OFFICER, application.authority)
    scan = check(SimpleUploadedFile("意见.jpg", picture()))
    with stored(scan) as kept:
        paper = Paper("包建军", date(2026, 3, 2), kept)
        take(APPLICATION, "recommend", application.pk, me, DURING, "同意推荐。", {"rank": 1}, paper=paper)
    form = application_form(application, me, DURING)
    box = next(part for part in form.sections[-1].parts if part.label == "教育行政部门审核推荐意见")
    assert (box.name, box.dated) == ("包建军", date(2026, 3, 2))
    assert box.text.startswith(f"同意推荐。\n（纸质意见，由{me.user.name}于")


def test_after_mending_the_reviewer_sees_only_what_changed(call):
    application = bring_to(make_application(call), S.AUTHORITY_REVIEW)
    county = someone(Role.OFFICER, application.authority)
    assert "与上次的差异" not in browser_of(county).get(application.get_absolute_url()).content.decode()
    take(APPLICATION, "authority_return", application.pk, county, DURING, "总体目标太空，请写具体")
    me = acting(application.lead)
    plan = SECTIONS["plan"]
    application = Application.objects.get(pk=application.pk)
    values = section_values("plan") | {"aims": "三年培养八名骨干校长"}
    save_section(application, plan, values, stamp(application, plan), DURING)
    gone = application.members.order_by("pk").first()
    take(PROPOSED_MEMBER, "withdraw", gone.pk, me, DURING)
    add_member(application, make_principal(name="何建堃"))
    take(APPLICATION, "resubmit", application.pk, me, DURING)
    answer = browser_of(county).get(application.get_absolute_url(), {"tab": "changes"})
    assert [(change.section, change.label) for change in answer.context["changes"]] == [
        ("三年规划", "总体目标"),
        ("拟任成员", "成员名单"),
    ]
    page = answer.content.decode()
    assert "三年培养八名骨干校长" in page
    assert "何建堃" in page


def test_a_version_holds_what_was_sent(call):
    application = make_application(call)
    sent = snapshot(application)
    assert sent["basics"]["studio_name"] == application.studio_name
    assert len(sent["members"]) == 8


def test_the_applicant_finds_the_way_back_to_the_form_from_the_case(call):
    application = make_application(call, complete=False)
    page = browser_of(acting(application.lead)).get(application.get_absolute_url()).content.decode()
    assert f"/applications/{application.number}/form/basics/" in page
    assert "第六条" in page, "what is missing names its article"
    bring = bring_to(make_application(call), S.SCHOOL_REVIEW)
    school = browser_of(someone(Role.OFFICER, bring.school)).get(bring.get_absolute_url()).content.decode()
    assert "填写申报表" not in school
