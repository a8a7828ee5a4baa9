"""第九条, from the call to the plaque, by seven people and a citizen in their browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import Kind, Organisation, Principal, User
from applications import consents
from applications.flows import PROPOSED_MEMBER
from applications.models import Application, Call, MemberState, ProposedMember, Review
from applications.tasks import keep_time
from office.door import take
from office.jobs import run_due
from office.models import Entry, OfficialDocument
from portal.demo.cast import Cast
from portal.demo.stage import Stage, paper
from portal.demo.writing import form
from programmes.models import Programme
from studios.models import Plaque, Studio, StudioState
from tests.browser.hands import enter, fill_section, from_the_desk, known, offered, step

pytestmark = pytest.mark.browser

HERE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 9, 1, 9, 0, tzinfo=HERE)
SCHOOL = "红山区清泉第二小学"
MATERIAL = {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": paper("材料").read()}


class Days:
    """The calendar of the story: it goes on, never back."""

    def __init__(self, traveller: Any) -> None:
        self.traveller = traveller

    def on(self, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        self.traveller.move_to(datetime(2026, month, day, hour, minute, tzinfo=HERE))


@pytest.fixture
def days() -> Iterator[Days]:
    with time_machine.travel(START, tick=True) as traveller:
        yield Days(traveller)


def test_article_nine(site: str, days: Days, browser: Browser, demonstration: str) -> None:
    """校长申报 → 学校、旗县区审核推荐 → 专家评审 → 公示无异议 → 发文公布 → 挂牌."""
    officer = enter(browser, site, "bureau")
    call = the_officer_opens_a_call(officer)

    days.on(9, 3)
    principal = enter(browser, site, known(Principal.objects.get(school__name=SCHOOL).user))
    number = the_principal_fills_in_the_form(principal, call)
    the_members_accept(browser, site, number)
    the_principal_sends_it(principal, number)

    days.on(9, 12)
    school = enter(browser, site, "school")
    the_school_endorses(school, number)

    days.on(9, 18)
    county = enter(browser, site, "county")
    the_county_recommends(county, number)

    days.on(9, 25)
    officer = enter(browser, site, "bureau")
    the_officer_checks_the_form_and_seats_the_panel(officer, call, number)

    days.on(9, 28)
    the_experts_score(browser, site, number)

    days.on(10, 12)
    leader = enter(browser, site, "leader")
    the_leader_decides(leader, enter(browser, site, "bureau"), call)
    the_list_is_publicised(enter(browser, site, "bureau"), call)
    a_citizen_reads_it(browser, site, number)

    days.on(10, 19, 23, 50)
    assert "公示中" in state_of(number), "the clock does not conclude before the last second"
    days.on(10, 20, 0, 11)
    keep_time()
    assert "公示无异议" in state_of(number)

    days.on(10, 21)
    announce(enter(browser, site, "bureau"), enter(browser, site, "leader"), call)
    the_plaque_hangs(browser, site, number)


def state_of(number: str) -> str:
    return str(Application.objects.get(number=number).get_state_display())


def the_officer_opens_a_call(page: Page) -> Call:
    page.goto("/calls/new/")
    page.fill("[name=name]", "2026年秋季名校长工作室申报")
    dates = {
        "opens_at": "2026-09-02",
        "submit_by": "2026-09-10",
        "school_by": "2026-09-14",
        "authority_by": "2026-09-20",
        "check_by": "2026-09-26",
        "score_by": "2026-10-10",
    }
    for name, day in dates.items():
        page.fill(f"[name={name}_0]", day)
    page.fill("[name=start_on]", "2027-01-01")
    page.fill("[name=places-primary]", "2")
    page.locator("[name=rubric]").select_option(index=1)
    page.get_by_role("button", name=re.compile("保存")).first.click()
    expect(page).to_have_url(re.compile(r"/calls/[\d-]+/"))
    step(page, "发布申报")
    call = Call.objects.get(name="2026年秋季名校长工作室申报")
    run_due(timezone.now())
    assert OfficialDocument.objects.get(object_id=call.pk, kind="call_notice").pdf
    return call


def the_principal_fills_in_the_form(page: Page, call: Call) -> str:
    page.goto(call.get_absolute_url())
    page.get_by_role("button", name="开始申报").click()
    expect(page).to_have_url(re.compile("/form/"))
    found = re.search(r"/applications/([\d-]+)/form/", page.url)
    assert found
    number = found[1]
    lead = Principal.objects.select_related("school").get(school__name=SCHOOL)
    content = form(lead, Random(9))
    for section in ("lead", "cv", "qualities", "plan", "staff", "support", "pledge"):
        fill_section(page, f"/applications/{number}/form/{section}/", content[section])
    page.goto(f"/applications/{number}/form/materials/")
    for key in call.materials.filter(by="applicant", required=True).values_list("key", flat=True):
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            page.set_input_files(f"[name=file-{key}]", MATERIAL)
        assert answer.value.ok or answer.value.status == 302
    invite_eight(page, number)
    return number


def free_heads() -> list[Principal]:
    """Heads with a ground of Art. 6 who neither lead nor sit in a studio."""
    rows = Principal.objects.filter(
        head=True, famous=True, memberships=None, led_studios=None, user__isnull=False
    )
    return list(rows.exclude(school__name=SCHOOL).exclude(applications__gt=0).order_by("pk")[:8])


def invite_eight(page: Page, number: str) -> None:
    for head in free_heads():
        page.goto(f"/applications/{number}/form/members/?find={head.school.name}")
        page.get_by_role("button", name=f"邀请 {head.name}").click()
        page.wait_for_load_state()


def the_members_accept(browser: Browser, site: str, number: str) -> None:
    """One in the browser; the others through the same door."""
    proposals = list(
        ProposedMember.objects.filter(application__number=number).select_related("principal__user")
    )
    assert len(proposals) == 8
    cast = the_cast()
    first, *others = proposals
    first.principal.user.password = User.objects.get(username="principal").password  # type: ignore[union-attr]
    first.principal.user.save(update_fields=["password"])  # type: ignore[union-attr]
    page = enter(browser, site, first.principal.user.username)  # type: ignore[union-attr]
    from_the_desk(page, "答复邀请")
    step(page, "同意参加")
    ticked = consents.everything(consents.TO_JOIN)
    for member in others:
        me = cast.of(member.principal.user_id)
        take(PROPOSED_MEMBER, "accept", member.pk, me, timezone.now(), "", ticked)
    assert (
        not ProposedMember.objects.filter(application__number=number)
        .exclude(state=MemberState.ACCEPTED)
        .exists()
    )


def the_cast() -> Cast:
    return Cast(Organisation.objects.get(kind=Kind.BUREAU), Programme.objects.get())


def the_principal_sends_it(page: Page, number: str) -> None:
    page.goto(f"/applications/{number}/")
    step(page, "提交")
    assert state_of(number) == "待学校审核"


def the_school_endorses(page: Page, number: str) -> None:
    from_the_desk(page, "学校审核")
    page.goto(f"/applications/{number}/")
    assert offered(page, "学校审核同意").locator(".lack").count() == 2, (
        "pledge and sealed form are missing (Art. 12)"
    )
    page.goto(f"/applications/{number}/?tab=materials")
    for key in ("pledge", "signed-form"):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.set_input_files(f"[name=file-{key}]", MATERIAL)
    page.goto(f"/applications/{number}/")
    step(page, "学校审核同意", "经校党支部研究，同意申报，保障措施已落实。")
    assert state_of(number) == "待主管部门审核推荐"


def the_county_recommends(page: Page, number: str) -> None:
    page.goto(f"/applications/{number}/")
    step(page, "审核推荐", "材料属实，同意推荐。", rank="1")
    assert state_of(number) == "待形式审查"


def the_officer_checks_the_form_and_seats_the_panel(page: Page, call: Call, number: str) -> None:
    page.goto(f"/applications/{number}/")
    step(page, "形式审查通过")
    page.goto(f"/calls/{call.number}/panels/primary/")
    page.get_by_role("button", name="抽取").click()
    page.wait_for_load_state()
    page.goto(call.get_absolute_url())
    step(page, "开始专家评审")
    assert Review.objects.filter(application__number=number).count() == 5


def the_experts_score(browser: Browser, site: str, number: str) -> None:
    """One on the sheet in the browser, by keyboard; the others through the same door."""
    application = Application.objects.select_related("call").get(number=number)
    reviews = list(
        Review.objects.filter(application=application).select_related("expert__user", "application")
    )
    mine = next((review for review in reviews if review.expert.user.username == "expert"), reviews[0])
    mine.expert.user.password = User.objects.get(username="principal").password
    mine.expert.user.save(update_fields=["password"])
    page = enter(browser, site, mine.expert.user.username)
    from_the_desk(page, "专家评分")
    page.goto(f"/reviews/{mine.pk}/sheet/")
    cells = page.locator("tr[data-item] input[inputmode=decimal]")
    for number_of_cell in range(cells.count()):
        cell = cells.nth(number_of_cell)
        points = float(cell.locator("xpath=ancestor::tr").get_attribute("data-points") or 0)
        cell.fill(f"{points * 0.9:.1f}")
        cell.press("Enter")
    page.locator("textarea[name=comment]").fill("规划清楚，成效突出。")
    page.locator("textarea[name=comment]").blur()
    expect(page.locator("[data-sheet-state]")).to_contain_text("已自动保存")
    page.wait_for_timeout(800)
    page.goto(mine.get_absolute_url())
    step(page, "提交并锁定")
    stage = Stage(the_cast(), application.call, iter(()), Random(3))
    for review in reviews:
        if review.pk != mine.pk:
            stage.score(review, timezone.now(), 0.88)


def the_leader_decides(leader: Page, officer: Page, call: Call) -> None:
    officer.goto(f"/calls/{call.number}/results/")
    officer.get_by_role("button", name="未定的全部按建议").click()
    officer.wait_for_load_state()
    officer.goto(f"{call.get_absolute_url()}?tab=results")
    with officer.expect_response(lambda answer: answer.request.method == "POST"):
        officer.set_input_files("[name=file-minutes]", MATERIAL)
    leader.goto(call.get_absolute_url())
    step(leader, "审定名单", "经局党组会议研究，同意。")


def the_list_is_publicised(page: Page, call: Call) -> None:
    page.goto(call.get_absolute_url())
    page.get_by_role("link", name="拟定公示").first.click()
    page.wait_for_load_state()
    page.locator("[name=contact]").fill("市教育局教师工作科，0476-8300000")
    page.get_by_role("button", name=re.compile("保存")).first.click()
    page.wait_for_load_state()
    step(page, "发布公示")


def a_citizen_reads_it(browser: Browser, site: str, number: str) -> None:
    page = browser.new_context(java_script_enabled=False, base_url=site).new_page()
    page.goto("/")
    page.get_by_role("link", name=re.compile("2026年秋季.*公示")).first.click()
    expect(page.locator("main")).to_contain_text("林思远")
    expect(page.locator("main")).to_contain_text("2026年10月19日")


def announce(officer: Page, leader: Page, call: Call) -> None:
    officer.goto(call.get_absolute_url())
    officer.get_by_role("link", name="拟定公布").first.click()
    officer.wait_for_load_state()
    officer.locator("[name=document_number]").fill("赤教发〔2026〕86号")
    officer.locator("[name=issued_on]").fill("2026-10-21")
    officer.get_by_role("button", name=re.compile("保存")).first.click()
    officer.wait_for_load_state()
    from_the_desk(leader, "签发公布")
    step(leader, "签发公布")


def the_plaque_hangs(browser: Browser, site: str, number: str) -> None:
    assert state_of(number) == "已公布"
    studio = Studio.objects.get(application__number=number)
    assert studio.state == StudioState.PREPARING, (
        "schools and authorities have not consented to the members yet"
    )
    plaque = Plaque.objects.get(studio=studio)
    run_due(timezone.now())
    assert OfficialDocument.objects.get(number="赤教发〔2026〕86号").pdf
    page = browser.new_context(base_url=site).new_page()
    page.goto(f"/check/{plaque.check_code}/")
    expect(page.locator("main")).to_contain_text("林思远名校长工作室")
    hands = Entry.objects.of(Application.objects.get(number=number)).exclude(user=None)
    assert len({entry.user_id for entry in hands}) >= 5
