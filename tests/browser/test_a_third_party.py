"""第十四条: a third party holds a training with two studios, in the windows of its manager, a lead and the public."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from studios.models import Activity, ActivityState, Duty, Studio
from tests.browser.hands import enter, from_the_desk, step
from tests.browser.visit import OVERFLOW
from tests.office.hostile import picture

pytestmark = pytest.mark.browser
TITLE = "领衔人课程领导力专题培训"
LEADS = ("何建堃", "萨仁图雅")
REPORT = "两天四场报告、一次分组研讨，学员完成改进方案并现场互评。"


def plan(page: Page, *studios: str) -> None:
    """The manager enters today's training with these studios."""
    page.goto("/activities/")
    page.get_by_role("link", name="安排活动").first.click()
    page.fill("[name=title]", TITLE)
    for name in studios:
        page.get_by_label(name).check()
    page.select_option("[name=duty]", Duty.TRAINING)
    page.select_option("[name=form]", "seminar")
    page.fill("[name=place]", "市教师进修中心")
    today = timezone.localdate()
    page.fill("[name=starts_at]", f"{today}T00:00")
    page.fill("[name=ends_at]", f"{today}T23:30")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_contain_text(TITLE)


def test_a_third_party_holds_a_training_and_the_studios_find_it_among_theirs(
    site: str, browser: Browser
) -> None:
    manager = enter(browser, site, "thirdparty")
    plan(manager, *Studio.objects.filter(lead__name__in=LEADS).values_list("name", flat=True))
    activity = Activity.objects.get(title=TITLE)
    assert activity.studio is None
    assert activity.partners.count() == 2

    from_the_desk(manager, TITLE)
    manager.get_by_role("link", name="填写活动报告").first.click()
    manager.fill("[name=report]", REPORT)
    manager.fill("[name=audience]", "22")
    expect(manager.locator("[data-autosave-state]")).to_have_text(re.compile("已自动保存"))
    photo = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(900, 600))}
    manager.set_input_files("#upload-file-photo", [photo])
    expect(manager.locator("ul.files li:has-text('刚刚上传')")).to_have_count(1)
    manager.get_by_role("link", name="都已填好，去登记").click()
    step(manager, "登记为已开展")
    assert manager.evaluate(OVERFLOW) <= 0
    activity.refresh_from_db()
    assert (activity.state, activity.report) == (ActivityState.HELD, REPORT)

    lead = enter(browser, site, "lead")
    lead.goto("/activities/")
    lead.get_by_role("link", name=TITLE).click()
    expect(lead.locator("main")).to_contain_text(REPORT)
    expect(lead.locator("details.step summary", has_text="登记为已开展")).to_have_count(0)

    lead.goto(activity.partners.get(lead__name="何建堃").get_absolute_url() + "?tab=activities")
    expect(lead.locator("main")).to_contain_text(TITLE)
