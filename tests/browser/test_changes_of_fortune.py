"""What may befall a studio, in the windows of all who have a say: it moves, is led by another, gets a new lead, ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import Appointment, Organisation, Principal, Role
from studios.models import ChangeKind, MembershipState, Studio, StudioChange, StudioState
from tests.browser.hands import enter, from_the_desk, known, step
from tests.browser.visit import OVERFLOW

pytestmark = pytest.mark.browser


def propose(page: Page, studio: Studio, kind: ChangeKind, **fields: str) -> StudioChange:
    """Open the studio's changes, choose the kind, fill it in, propose it."""
    page.goto(f"{studio.get_absolute_url()}?tab=changes")
    page.get_by_role("link", name=kind.label).first.click()
    for name, words in fields.items():
        page.fill(f"[name={name}]", words)
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"已提出：{kind.label}")
    assert page.evaluate(OVERFLOW) <= 0
    return StudioChange.objects.filter(studio=studio, kind=kind).latest("pk")


def approve(leader: Page, studio: Studio) -> Studio:
    """The bureau's leader finds it on the desk and approves it with the password."""
    from_the_desk(leader, studio.name)
    step(leader, "批准", "同意变更")
    return Studio.objects.select_related("lead", "school", "authority").get(pk=studio.pk)


def free_heads() -> list[Principal]:
    """Heads with an account who lead no studio and are in none."""
    busy = Studio.objects.filter(state__in=StudioState.live).values("lead")
    seated = Studio.objects.filter(memberships__state__in=MembershipState.held).values(
        "memberships__principal"
    )
    rows = Principal.objects.filter(head=True, famous=True, user__appointments__role=Role.PRINCIPAL)
    return list(rows.exclude(pk__in=busy).exclude(pk__in=seated).select_related("user", "school")[:2])


@pytest.fixture
def studio(site: str) -> Studio:
    return Studio.objects.select_related("lead", "school", "authority").get(lead__name="何建堃")


def test_a_studio_moves_is_led_by_another_gets_a_new_lead_and_ends(
    site: str, browser: Browser, studio: Studio
) -> None:
    bureau, leader = enter(browser, site, "bureau"), enter(browser, site, "leader")
    lead = enter(browser, site, "lead")

    held = Appointment.objects.filter(role=Role.OFFICER, organisation__kind="school", ends=None)
    officer = held.exclude(organisation=studio.school).select_related("user", "organisation__parent")
    new = officer.filter(organisation__parent__name="松山区教育局")[0]
    school: Organisation = new.organisation
    propose(
        lead,
        studio,
        ChangeKind.RELOCATE,
        school_name=school.name,
        reason="校舍加固",
        exception="便于集中研修",
    )
    host, county = enter(browser, site, known(new.user)), enter(browser, site, "county2")
    from_the_desk(host, studio.name)
    step(host, "学校承诺支持")
    from_the_desk(county, studio.name)
    step(county, "主管部门同意")
    moved = approve(leader, studio)
    assert (moved.school, moved.authority) == (school, school.parent)

    stand_in, successor = free_heads()
    until = timezone.localdate() + timedelta(days=30)
    person = {"person": stand_in.name, "person_school": stand_in.school.name, "reason": "领衔人外出培训"}
    propose(lead, studio, ChangeKind.ACTING, until=f"{until}", **person)
    other = enter(browser, site, known(stand_in.user))
    from_the_desk(other, studio.name)
    step(other, "同意接任")
    led = approve(leader, studio)
    assert (led.acting_lead, led.acting_until) == (stand_in, until)
    other.goto(f"{studio.get_absolute_url()}?tab=plans")
    expect(other.locator("main")).to_contain_text("计划")

    person = {"person": successor.name, "person_school": successor.school.name, "reason": "原领衔人调离"}
    propose(
        bureau,
        studio,
        ChangeKind.LEAD,
        name=f"{successor.name}名校长工作室",
        exception="该校承担集团办学",
        **person,
    )
    heir = enter(browser, site, known(successor.user))
    from_the_desk(heir, studio.name)
    step(heir, "同意接任", declaration="师德先进个人；主持市级课题两项；学校连续三年评优。")
    taken = approve(leader, studio)
    assert (taken.lead, taken.name) == (successor, f"{successor.name}名校长工作室")
    lead.goto("/activities/new/")
    expect(lead.locator("[name=studio]")).to_have_count(0)

    propose(bureau, taken, ChangeKind.CLOSE, reason="学校撤并，无法继续承办")
    ended = approve(leader, taken)
    assert ended.state not in StudioState.live
    assert not ended.memberships.filter(state__in=MembershipState.held).exists()
