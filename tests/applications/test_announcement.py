"""公布与挂牌: the document, the studios it creates, the plaque and what its code tells (Art. 5, 6, 9)."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader

from accounts.capacity import PUBLIC, SESSION_KEY, Capacity
from accounts.models import Role
from applications import papers
from applications.documents import title_lines
from applications.flows import ANNOUNCEMENT, OBJECTION
from applications.models import Announcement, AnnouncementState, ApplicationState, CallState, Publicity
from applications.objecting import Grievance, receive
from office import checks
from office.door import Refused, begin, take
from office.jobs import run_due
from office.models import OfficialDocument
from programmes.models import Programme
from studios.flows import MEMBERSHIP
from studios.models import MembershipState, Plaque, Studio, StudioState
from tests.factories.accounts import PASSWORD, make_bureau, make_county
from tests.factories.applications import (
    DURING,
    acting,
    bring_to,
    make_application,
    make_call,
    make_lead,
    someone,
)
from tests.factories.decided import (
    AFTERWARDS,
    PUBLISHED,
    announce,
    conclude,
    decide,
    publicised,
    publish,
)
from tests.office.printed import fonts, read

pytestmark = pytest.mark.django_db

NAMES = ["包·格日乐图", "李堃"]
SAID = Grievance("赵敏", "0476-5550123", "公示材料中的课题立项编号有误，请核查。")


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def publicity() -> Publicity:
    return publicised(make_call(), NAMES)


def browser_of(me: Capacity) -> Client:
    client = Client()
    client.force_login(me.user)
    session = client.session
    session[SESSION_KEY] = me.appointment.pk
    session.save()
    return client


def get(me: Capacity | None, address: str):
    with time_machine.travel(AFTERWARDS, tick=False):
        return (browser_of(me) if me else Client()).get(address)


def hold(publicity: Publicity, name: str):
    """Object to ``name``'s application."""
    number = publicity.applications.get(lead__name=name).number
    return receive(publicity.pk, number, SAID, [], me=PUBLIC, at=PUBLISHED)


@pytest.mark.core
def test_an_announcement_creates_studio_term_years_members_and_plaque(publicity):
    conclude(publicity)
    announce(publicity.call)
    studio = Studio.objects.get(lead__name="包·格日乐图")
    assert studio.number == "2026-S001"
    years = [(year.number, year.starts, year.ends) for year in studio.terms.get().years.all()]
    assert years == [
        (1, date(2027, 1, 1), date(2027, 12, 31)),
        (2, date(2028, 1, 1), date(2028, 12, 31)),
        (3, date(2029, 1, 1), date(2029, 12, 31)),
    ]
    members = studio.memberships.all()
    assert {member.state for member in members} == {MembershipState.ACTIVE}
    assert all(member.school_consented_at and member.authority_consented_at for member in members)
    assert studio.state == StudioState.ACTIVE
    assert studio.plaque.number == "2026第001号"
    publicity.call.refresh_from_db()
    assert publicity.call.state == CallState.ANNOUNCED
    assert {row.state for row in publicity.applications.all()} == {ApplicationState.ANNOUNCED}


def test_a_studio_whose_members_lack_consents_prepares_until_the_eighth_is_in():
    call = make_call()
    bring_to(make_application(call, make_lead(name="冯镕")), ApplicationState.UNDER_REVIEW)
    conclude(publish(decide(call)))
    announce(call)
    studio = Studio.objects.get()
    assert studio.state == StudioState.PREPARING
    for member in studio.memberships.select_related("principal__school__parent"):
        studio.refresh_from_db()
        assert studio.state == StudioState.PREPARING
        school = member.principal.school
        take(MEMBERSHIP, "consent_authority", member.pk, someone(Role.OFFICER, school.parent), AFTERWARDS)
        take(MEMBERSHIP, "consent_school", member.pk, someone(Role.OFFICER, school), AFTERWARDS)
    studio.refresh_from_db()
    assert studio.state == StudioState.ACTIVE


@pytest.mark.core
def test_what_an_objection_held_is_announced_later_by_an_announcement_of_its_own(publicity):
    objection = hold(publicity, "李堃")
    conclude(publicity)
    first = announce(publicity.call)
    assert [row.lead.name for row in first.applications.all()] == ["包·格日乐图"]
    bureau = make_bureau()
    take(OBJECTION, "investigate", objection.pk, someone(Role.OFFICER, bureau), AFTERWARDS)
    take(
        OBJECTION,
        "dismiss",
        objection.pk,
        someone(Role.LEADER, bureau),
        AFTERWARDS,
        "经核查，反映的问题不属实。",
    )
    assert papers.announcement_title(publicity.call) == "关于公布2026年度名校长工作室名单（第二批）的通知"
    second = announce(publicity.call, AFTERWARDS + timedelta(days=9))
    assert [row.lead.name for row in second.applications.all()] == ["李堃"]
    numbers = list(
        OfficialDocument.objects.filter(kind="announcement").order_by("pk").values_list("number", flat=True)
    )
    assert numbers == ["赤教发〔2026〕2号", "赤教发〔2026〕3号"]


def test_nothing_is_announced_before_the_publicity_has_ended(publicity):
    with pytest.raises(Refused, match="没有公示无异议"):
        announce(publicity.call)
    assert not Studio.objects.exists()


def test_a_typed_number_is_kept_and_can_not_be_used_twice(publicity):
    hold(publicity, "李堃")
    conclude(publicity)
    announce(publicity.call, number="赤教发[2026]第58号")
    assert OfficialDocument.objects.get(kind="announcement").number == "赤教发〔2026〕58号"
    other = publicised(make_call(), ["周玥"])
    conclude(other)
    with pytest.raises(Refused, match="已用于"):
        announce(other.call, number="赤教发〔2026〕58号")
    assert Studio.objects.count() == 1


def test_without_a_code_of_the_issuing_body_the_number_has_to_be_typed(publicity):
    Programme.objects.update(document_code="")
    conclude(publicity)
    with pytest.raises(Refused, match="请填写发文字号"):
        announce(publicity.call)


def test_an_officer_drafts_and_a_leader_issues(publicity):
    conclude(publicity)
    bureau, call = make_bureau(), publicity.call
    officer, leader = someone(Role.OFFICER, bureau), someone(Role.LEADER, bureau)
    with time_machine.travel(AFTERWARDS, tick=False):
        browser = browser_of(officer)
        address = f"/calls/{call.number}/announcement/"
        assert address in browser.get(f"/calls/{call.number}/").content.decode()
        usual = browser.get(address).context["form"].initial
        assert usual["title"] == "关于公布2026年度名校长工作室名单的通知"
        browser.post(address, {**usual, "document_number": "赤教发〔2026〕58号"})
        draft = Announcement.objects.get()
        assert browser.get(f"/announcements/{draft.pk}/preview/")["Content-Type"] == "application/pdf"
        assert browser.post(f"/announcements/{draft.pk}/steps/issue/").status_code == 403
        page = browser_of(leader).get(draft.get_absolute_url()).content.decode()
        assert "设立 2 个工作室" in page
        assert browser_of(leader).get(f"/announcements/{draft.pk}/edit/").status_code == 403
        issue = f"/announcements/{draft.pk}/steps/issue/"
        assert browser_of(leader).post(issue).status_code == 422, "the password is asked again"
        browser_of(leader).post(issue, {"password": PASSWORD})
    draft.refresh_from_db()
    assert draft.state == AnnouncementState.ISSUED
    assert OfficialDocument.objects.get(kind="announcement").number == "赤教发〔2026〕58号"


@pytest.fixture
def printed(publicity) -> bytes:
    """The announcement's PDF as the worker makes it."""
    conclude(publicity)
    announce(publicity.call, copies_to="各名校长工作室依托学校")
    run_due(AFTERWARDS)
    with OfficialDocument.objects.get(kind="announcement").pdf.open() as file:
        return file.read()


def test_the_document_reads_as_the_bureau_writes_it(printed):
    pages = read(printed)
    text = "".join("".join(page.text.split()) for page in pages)
    for words in (
        "赤峰市教育局文件",
        "赤教发〔2026〕2号",
        "关于公布2026年度名校长工作室名单的通知",
        "各旗县区教育局，市直各学校（幼儿园）：",
        "自2027年1月1日起至2029年12月31日止",
        "（《办法》第十六条）",
        "（《办法》第十二条）",
        "附件：2026年度名校长工作室名单",
        "2026年10月14日",
        "抄送：各名校长工作室依托学校。",
        "赤峰市教育局办公室",
        "2026-S001",
    ):
        assert words in text, words
    assert {(round(page.width), round(page.height)) for page in pages} == {(210, 297)}


def test_mongolian_names_and_rare_characters_are_printed_in_embedded_fonts(printed):
    flat = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(printed)).pages)
    for name in NAMES:
        assert name in flat
    assert all(fonts(printed).values())


def test_the_notice_that_opened_the_call_cites_its_articles_and_lists_quotas_and_materials():
    make_county("敖汉旗")
    make_call(county_quota=4)
    run_due(DURING)
    document = OfficialDocument.objects.get(kind="call_notice")
    assert (document.number, document.public) == ("赤教发〔2026〕1号", True)
    with document.pdf.open() as file:
        flat = "".join("".join(page.text.split()) for page in read(file.read()))
    for words in (
        "关于开展2026年度名校长工作室申报工作的通知",
        "第六条第一项",
        "推荐名额分配表",
        "申报材料清单",
        "公示5个工作日",
    ):
        assert words in flat, words


def test_a_county_that_owns_a_programme_writes_in_its_own_name_and_types_its_number():
    county = make_county("敖汉旗")
    make_call(county, notice_number="敖教发[2026]7号")
    run_due(DURING)
    document = OfficialDocument.objects.get(kind="call_notice")
    with document.pdf.open() as file:
        flat = "".join("".join(page.text.split()) for page in read(file.read()))
    assert document.number == "敖教发〔2026〕7号"
    assert "敖汉旗教育局文件" in flat
    assert "各学校（幼儿园）：" in flat
    for foreign in ("赤峰市教育局", "赤教发", "市直", "旗县区教育局"):
        assert foreign not in flat, foreign


def test_titles_are_broken_by_sense():
    issuer = "赤峰市教育局"
    assert title_lines(issuer, "关于开展2026年赤峰市名校长工作室申报工作的通知") == (
        issuer,
        "关于开展2026年赤峰市",
        "名校长工作室申报工作的通知",
    )
    assert title_lines(issuer, "关于开展申报工作的通知") == (issuer, "关于开展申报工作的通知")


@pytest.mark.core
def test_the_plaque_leads_to_its_check_page_and_says_when_it_was_withdrawn(publicity):
    conclude(publicity)
    announce(publicity.call)
    plaque = Plaque.objects.select_related("studio").get(studio__lead__name="李堃")
    shown = get(None, f"/check/{plaque.check_code}/").content.decode()
    for words in ("真实有效", plaque.number, plaque.studio.name, "领衔人：李堃"):
        assert words in shown
    plaque.withdrawn_on = date(2028, 5, 6)
    plaque.save()
    found = checks.find(plaque.check_code)
    assert found is not None
    assert found["valid"] is False
    assert "2028年5月6日" in found["note"]


def test_the_plaque_is_printed_for_the_owner_and_the_lead_alone(publicity):
    conclude(publicity)
    announce(publicity.call)
    application = publicity.applications.select_related("lead", "school", "authority").get(lead__name="李堃")
    address = f"/studios/{application.studio.number}/plaque/"
    content = get(acting(application.lead), address).content
    (page,) = PdfReader(io.BytesIO(content)).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [600, 400]
    assert "李堃" in "".join(page.extract_text().split())
    assert get(someone(Role.OFFICER, make_bureau()), address).status_code == 200
    assert get(someone(Role.OFFICER, application.authority), address).status_code == 403
    assert get(None, address).status_code == 302


def test_the_studio_page_leads_back_to_the_application_only_for_those_who_may(publicity):
    conclude(publicity)
    announce(publicity.call)
    application = publicity.applications.select_related("lead").get(lead__name="李堃")
    address = application.studio.get_absolute_url()
    inside = get(someone(Role.OFFICER, make_bureau()), address).content.decode()
    assert application.get_absolute_url() in inside
    stranger = publicity.applications.select_related("lead").get(lead__name="包·格日乐图").lead
    outside = get(acting(stranger), address).content.decode()
    assert application.get_absolute_url() not in outside
    assert "第3年" in outside


@pytest.mark.parametrize("names", [NAMES[:1], [*NAMES, "周玥"]])
def test_lists_and_pages_of_studios_cost_the_same_for_one_and_three(names, django_assert_num_queries):
    publicity = publicised(make_call(), names)
    conclude(publicity)
    announce(publicity.call)
    with time_machine.travel(AFTERWARDS, tick=False):
        browser = browser_of(someone(Role.OFFICER, make_bureau()))
        browser.get("/studios/")
        number = Studio.objects.order_by("pk").values_list("number", flat=True)[0]
        announcement = Announcement.objects.get().get_absolute_url()
        for address, queries in (
            ("/studios/", 6),
            ("/memberships/", 5),
            (f"/studios/{number}/", 17),
            (f"/studios/{number}/?tab=members", 10),
            (announcement, 9),
        ):
            with django_assert_num_queries(queries):
                browser.get(address)


def test_a_draft_that_was_issued_meanwhile_is_not_changed(publicity):
    conclude(publicity)
    officer = someone(Role.OFFICER, make_bureau())
    draft = Announcement(call=publicity.call, title="关于公布名单的通知", issued_on=AFTERWARDS.date())
    begin(draft, officer, AFTERWARDS)
    take(ANNOUNCEMENT, "issue", draft.pk, someone(Role.LEADER, make_bureau()), AFTERWARDS)
    with time_machine.travel(AFTERWARDS, tick=False):
        browser_of(officer).post(f"/announcements/{draft.pk}/edit/", {"title": "改过的标题"})
    draft.refresh_from_db()
    assert draft.title == "关于公布名单的通知"
