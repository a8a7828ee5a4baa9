"""From the slip to the desk on a phone: password, notice of data processing, second factor; then in again with a code."""

from __future__ import annotations

import re

import pytest
from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import enter, key_on, put
from tests.browser.visit import NARROW, WIDE, Visit, visiting

pytestmark = pytest.mark.browser
NEW = "Erstes-Wort-2026"


def open_account(page: Page) -> str:
    """The administrator requires a second factor of the third party and opens an account; gives its first password."""
    page.goto("/safety/")
    page.get_by_label("第三方负责人、评估员").check()
    page.get_by_role("button", name="保存").click()
    page.goto("/registry/people/new/")
    for name, value in {
        "username": "assessor9",
        "name": "方知远",
        "role": "assessor",
        "organisation": "北辰教育评估中心",
    }.items():
        put(page, name, value)
    page.get_by_role("button", name="保存").first.click()
    return page.locator(".details strong").inner_text()


def look(visit: Visit) -> None:
    for width in (NARROW, WIDE):
        visit.check_width(width)
        visit.check_access()
    visit.page.set_viewport_size({"width": NARROW, "height": 844})


def test_from_the_slip_to_the_desk(browser: Browser, program: str) -> None:
    first = open_account(enter(browser, program, "admin"))
    with visiting(browser, program) as visit:
        page = visit.page
        page.set_viewport_size({"width": NARROW, "height": 844})
        _log_in(page, program, first)
        expect(page.get_by_role("heading", name="修改密码")).to_be_visible()
        put(page, "old_password", first)
        put(page, "new_password1", NEW)
        put(page, "new_password2", NEW)
        page.get_by_role("button", name="修改密码").click()
        expect(page.get_by_role("heading", name="个人信息处理说明")).to_be_visible()
        look(visit)
        page.check("input[name=read]")
        page.get_by_role("button", name="同意，继续").click()
        expect(page.get_by_text("您的身份登录须有双重验证")).to_be_visible()
        page.get_by_role("button", name="已装好，开始").click()
        look(visit)
        key = key_on(page)
        put(page, "code", f"{totp(key):06d}")
        page.get_by_role("button", name="确认启用").click()
        expect(page.locator(".recovery code")).to_have_count(10)
        look(visit)
        spare = page.locator(".recovery code").first.inner_text()
        with page.expect_download() as download:
            page.get_by_role("link", name="下载").click()
        assert spare in download.value.path().read_text(encoding="utf-8")
        page.get_by_role("link", name="已保存，继续").click()
        page.wait_for_url(re.compile("/desk/$"))
        assert visit.complaints == []
    with visiting(browser, program) as visit:
        page = visit.page
        _log_in(page, program, NEW)
        expect(page.get_by_role("heading", name="双重验证")).to_be_visible()
        look(visit)
        put(page, "code", spare)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(re.compile("/desk/$"))
        assert visit.complaints == []


def _log_in(page: Page, site: str, password: str) -> None:
    page.goto(f"{site}/login/")
    page.fill("#id_username", "assessor9")
    page.fill("#id_password", password)
    page.press("[name=password]", "Enter")
