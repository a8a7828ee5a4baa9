"""A member changes school, and a host school is merged into another: the registry is corrected, the studios follow."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import Appointment, Organisation, Role
from studios.models import Membership, MembershipState, Studio
from tests.browser.hands import enter, from_the_desk, known, step
from tests.browser.visit import OVERFLOW

pytestmark = pytest.mark.browser


def save(page: Page, address: str, **fields: str) -> None:
    """Correct an entry of the registry."""
    page.goto(address)
    for name, words in fields.items():
        page.fill(f"[name={name}]", words)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page).not_to_have_url(f"{page.evaluate('location.origin')}{address}")
    assert page.evaluate(OVERFLOW) <= 0


def test_a_member_who_changes_school_is_consented_to_anew(site: str, browser: Browser) -> None:
    """The seat is held for the member; the new school and its county say yes once more (Art. 6)."""
    studio = Studio.objects.select_related("lead__user").get(lead__name="何建堃")
    seat = studio.memberships.select_related("principal").exclude(
        principal__school__parent__name="松山区教育局"
    )[0]
    held = Appointment.objects.filter(role=Role.OFFICER, organisation__parent__name="松山区教育局", ends=None)
    officer = held.exclude(organisation=studio.school).select_related("user", "organisation")[0]
    save(
        enter(browser, site, "bureau"),
        reverse("registry:principal_edit", args=[seat.principal_id]),
        school=officer.organisation.name,
    )
    seat.refresh_from_db()
    assert seat.state == MembershipState.ACCEPTED

    lead = enter(browser, site, known(studio.lead.user))
    lead.goto(seat.get_absolute_url())
    expect(lead.locator("main")).to_contain_text(officer.organisation.name)
    host, county = enter(browser, site, known(officer.user)), enter(browser, site, "county2")
    from_the_desk(host, seat.principal.name)
    step(host, "学校同意")
    from_the_desk(county, seat.principal.name)
    step(county, "主管部门同意")
    assert Membership.objects.get(pk=seat.pk).state == MembershipState.ACTIVE
    lead.reload()
    expect(lead.locator(".page-title")).to_contain_text("在任")


def test_a_merged_host_school_hands_its_studio_on(site: str, browser: Browser) -> None:
    """The county merges the school in the registry; studio and lead are at the new one, and the history says why."""
    studio = Studio.objects.select_related("lead__user", "school__parent").get(lead__name="陈凤霞")
    new: Organisation = Organisation.objects.schools().filter(parent=studio.school.parent)[0]
    county = enter(browser, site, "county2")
    address = reverse("registry:organisation_edit", args=[studio.school_id])
    save(county, address, succeeded_by=new.name, succeeded_on=f"{timezone.localdate()}")
    moved = Studio.objects.select_related("lead__school", "school").get(pk=studio.pk)
    assert (moved.school, moved.lead.school) == (new, new)

    lead = enter(browser, site, known(studio.lead.user))
    lead.goto(studio.get_absolute_url())
    expect(lead.locator("main")).to_contain_text(new.name)
    lead.goto(f"{studio.get_absolute_url()}?tab=members")
    assert lead.evaluate(OVERFLOW) <= 0
