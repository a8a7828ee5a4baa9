"""What docs/bureau.md says of 延期, done word for word for one county: the dates, and the notice that tells of them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import Organisation
from applications.dates import dates_of
from applications.models import Call
from tests.browser.hands import enter, offered

pytestmark = pytest.mark.browser


def put_off(page: Page, call: Call, **dates: date) -> None:
    """延期 for 红山区, as typed."""
    page.goto("/calls/")
    page.get_by_role("link", name=call.name).click()
    offer = offered(page, "延期")
    if offer.get_attribute("open") is None:
        offer.locator("summary").first.click()
    offer.get_by_label("意见", exact=True).fill("红山区受暴雪影响，部分学校停课。")
    offer.get_by_label("范围").select_option(label="红山区")
    for name, day in dates.items():
        offer.locator(f"[name={name}_0]").fill(f"{day}")
    offer.get_by_role("button", name="延期").click()


def test_a_county_in_the_snow_gets_more_time_and_a_notice_of_its_own(site: str, browser: Browser) -> None:
    call = Call.objects.get(number="2026-3")
    snowed_in = Organisation.objects.get(short_name="红山区")
    last = timezone.localdate(dates_of(call, snowed_in.pk).school_by) + timedelta(days=1)

    page = enter(browser, site, "bureau")
    put_off(page, call, submit_by=last)
    expect(page.locator("main")).to_contain_text("请一并延后学校审核截止")
    assert timezone.localdate(dates_of(Call.objects.get(pk=call.pk), snowed_in.pk).submit_by) < last

    put_off(page, call, submit_by=last, school_by=last + timedelta(days=1))
    row = page.get_by_role("row").filter(has_text="红山区").filter(has_text="尚未印发通知")
    row.get_by_role("link", name="尚未印发通知").click()
    expect(page.get_by_label("范围")).to_contain_text("红山区")
    page.get_by_role("button", name="印发").click()
    expect(row).to_have_count(0)
    assert timezone.localdate(dates_of(Call.objects.get(pk=call.pk), snowed_in.pk).submit_by) == last
    other = Organisation.objects.get(short_name="松山区")
    assert timezone.localdate(dates_of(Call.objects.get(pk=call.pk), other.pk).submit_by) < last

    told = enter(browser, site, "county")
    told.get_by_role("link", name=re.compile("^消息")).first.click()
    expect(told.locator("main")).to_contain_text("延期")
    told.goto(call.get_absolute_url())
    expect(told.get_by_role("row").filter(has_text="红山区").filter(has_text="赤教发")).to_have_count(1)
    away = enter(browser, site, "county2")
    away.goto(call.get_absolute_url())
    expect(away.get_by_role("row").filter(has_text="红山区").filter(has_text="赤教发")).to_have_count(0)
