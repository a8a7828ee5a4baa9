"""Members are chosen by the lead and say yes or no themselves (Art. 6: 双方自愿)."""

import pytest
from django.utils import timezone

from accounts.models import Role
from applications.flows import PROPOSED_MEMBER
from applications.members import propose, search
from applications.models import Application, Call, MemberState
from applications.rules import form_address
from office import desk
from office.door import Refused, take
from office.models import Notice
from tests.factories.accounts import make_county, make_principal, make_school
from tests.factories.applications import (
    DURING,
    acting,
    add_member,
    bring_to,
    browser_of,
    fill,
    make_application,
    make_call,
    make_lead,
    someone,
    submit_application,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spring")]


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def draft(call: Call) -> Application:
    return make_application(call, make_lead(name="王志远"), complete=False)


@pytest.mark.parametrize("words", ["何建堃", "hjk", "锦山", "jssy", "何 锦山"])
def test_a_principal_is_found_by_name_initials_and_school(draft, words):
    he = make_principal(make_school(make_county("喀喇沁旗"), "锦山实验小学"), "何建堃")
    make_principal(name="赵国栋")
    assert [candidate.principal for candidate in search(draft, words)] == [he]


def test_the_search_shows_the_basis_and_no_personal_data(draft):
    he = make_principal(name="何建堃", famous=False, backbone_training="2019年骨干校长市级培训")
    page = (
        browser_of(acting(draft.lead))
        .get(form_address(draft, "members"), {"find": "何建堃"})
        .content.decode()
    )
    assert "参加过市级以上骨干校长培训" in page
    assert "尚无账号" in page, "without an account nobody can accept"
    for secret in (he.identity, he.phone, he.masked_identity, he.masked_phone):
        assert secret not in page


def test_the_lead_is_no_member(draft):
    assert search(draft, "王志远") == []
    with pytest.raises(Refused, match="不含领衔人"):
        propose(draft.pk, draft.lead_id, "", acting(draft.lead), DURING)


def test_who_is_asked_finds_it_on_the_desk_reads_what_it_is_about_and_accepts(draft):
    fill(draft, "plan", "qualities")
    asked = make_lead(name="何建堃")
    browser_of(acting(draft.lead)).post(
        f"/applications/{draft.number}/form/members/propose/", {"principal": asked.pk, "find": "hjk"}
    )
    me = acting(asked)
    assert Notice.objects.get(user=me.user).text == "王志远邀请您参加王志远名校长工作室，请确认是否同意"
    row = next(row for row in desk.waiting(me, timezone.now()) if "王志远名校长工作室" in row.title)
    page = browser_of(me).get(row.url)
    assert "立德树人" in page.content.decode(), "idea and plan are there to decide on"
    member = draft.members.get()
    answer = browser_of(me).post(f"{row.url}steps/accept/")
    assert answer.status_code == 302
    member.refresh_from_db()
    assert member.state == MemberState.ACCEPTED
    assert member.basis == "市级名校长"


def test_nobody_else_answers_for_who_is_asked(draft):
    member = add_member(draft, accepted=False)
    assert browser_of(acting(make_lead())).get(member.get_absolute_url()).status_code == 404
    answer = browser_of(acting(draft.lead)).post(f"{member.get_absolute_url()}steps/accept/")
    assert answer.status_code == 403


@pytest.mark.parametrize("facts", [{"famous": False}, {"head": False}])
def test_an_exception_asks_for_a_reason_and_stays_visible(draft, facts):
    deputy = make_lead(name="白音", **facts)
    browser = browser_of(acting(draft.lead))
    address = f"/applications/{draft.number}/form/members/propose/"
    refused = browser.post(address, {"principal": deputy.pk}, follow=True).content.decode()
    assert "请填写例外理由" in refused
    assert not draft.members.exists()
    browser.post(address, {"principal": deputy.pk, "reason": "主持全校工作两年"})
    page = browser.get(draft.get_absolute_url(), {"tab": "members"}).content.decode()
    assert "例外" in page
    assert "主持全校工作两年" in page


def test_no_more_are_asked_than_the_programme_lets(draft):
    for _ in range(draft.call.programme.members_max):
        add_member(draft, accepted=False)
    with pytest.raises(Refused, match="最多 10 名"):
        propose(draft.pk, make_principal().pk, "", acting(draft.lead), DURING)
    gone = draft.members.first()
    take(PROPOSED_MEMBER, "withdraw", gone.pk, acting(draft.lead), DURING)
    assert (
        propose(draft.pk, make_principal().pk, "", acting(draft.lead), DURING).state == MemberState.PROPOSED
    )


def test_a_county_programme_asks_only_principals_of_the_county():
    draft = make_application(make_call(make_county("红山区")), make_lead(), complete=False)
    stranger = make_principal(make_school(make_county("敖汉旗")), "何建堃")
    assert search(draft, "何建堃") == []
    with pytest.raises(Refused, match="不在本项目范围内"):
        propose(draft.pk, stranger.pk, "", acting(draft.lead), DURING)


def test_nobody_is_asked_twice_at_a_time(draft):
    member = add_member(draft)
    with pytest.raises(Refused, match="已在拟任成员中"):
        propose(draft.pk, member.principal_id, "", acting(draft.lead), DURING)


def test_once_sent_the_list_is_closed_to_the_applicant(call):
    application = submit_application(make_application(call))
    browser = browser_of(acting(application.lead))
    answer = browser.post(
        f"/applications/{application.number}/form/members/propose/", {"principal": make_principal().pk}
    )
    assert answer["Location"] == application.get_absolute_url()
    assert application.members.count() == 8


def test_school_and_county_officers_do_not_ask_members(call):
    application = submit_application(make_application(call))
    officer = browser_of(someone(Role.OFFICER, application.school))
    address = f"/applications/{application.number}/form/members/propose/"
    assert officer.post(address, {"principal": make_principal().pk}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_members_asks_no_more_for_more_members(draft, django_assert_num_queries, rows):
    for _ in range(rows):
        add_member(draft)
        make_principal(name="何建堃")
    browser = browser_of(acting(draft.lead))
    browser.get(form_address(draft, "members"), {"find": "何"})
    with django_assert_num_queries(15):
        browser.get(form_address(draft, "members"), {"find": "何"})


def test_a_county_agrees_to_several_members_at_once(call):
    application = submit_application(make_application(call))
    county = someone(Role.OFFICER, application.authority)
    page = browser_of(county).get("/proposals/")
    assert [step["name"] for step in page.context["batch_steps"]] == ["consent_authority"]
    chosen = [row.pk for row in page.context["page_obj"]]
    assert len(chosen) == 8
    browser_of(county).post("/proposals/batch/consent_authority/", {"pk": chosen, "confirmed": "1"})
    assert application.members.filter(authority_consented_at=DURING).count() == 8


def test_who_was_asked_and_who_asked_find_the_proposal_in_their_lists(draft):
    member = add_member(draft, accepted=False)
    add_member(make_application(draft.call, make_lead(), complete=False), accepted=False)
    for me in (acting(draft.lead), acting(member.principal)):
        assert [row.pk for row in browser_of(me).get("/proposals/").context["page_obj"]] == [member.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_members_asks_no_more_for_more_rows(draft, django_assert_num_queries, rows):
    for _ in range(rows):
        add_member(draft)
    browser = browser_of(acting(draft.lead))
    browser.get("/proposals/")
    with django_assert_num_queries(5):
        browser.get("/proposals/")


@pytest.mark.core
def test_a_county_agrees_to_its_principals_together(draft):
    """Eight consents of one call are one row of the desk, and one list on which they are given at once."""
    sent = bring_to(make_application(draft.call), "school_review")
    county = someone(Role.OFFICER, sent.authority)
    for member in sent.members.select_related("principal__school"):
        someone(Role.OFFICER, member.principal.school)
    someone(Role.OFFICER, sent.school)
    rows = [row for row in desk.waiting(county, DURING) if row.prompt == "同意所属校长参加工作室"]
    assert [(row.title, row.subtitle) for row in rows] == [("8 件", f"{draft.call.name} · 可批量办理")]
    assert desk.count(county, DURING) == 1
    browser = browser_of(county)
    page = browser.get(rows[0].url)
    assert page.context["filtered"] == "8"
    chosen = {"pk": [member.pk for member in page.context["page_obj"]], "confirmed": "1"}
    browser.post("/proposals/batch/consent_authority/", chosen)
    assert not sent.members.filter(authority_consented_at=None).exists()
    assert desk.count(county, DURING) == 0
