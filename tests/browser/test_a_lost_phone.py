"""What docs/account.md says of 双重验证, done word for word: taken into use, asked for at the login, the phone lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect

from portal.demo.cast import PASSWORD
from tests.browser.hands import VIEWPORT, enter, key_on

pytestmark = pytest.mark.browser


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield traveller


def test_a_phone_is_taken_into_use_and_when_it_is_lost_the_county_lets_its_officer_in(
    site: str, clock: Any, browser: Browser
) -> None:
    page = enter(browser, site, "school")
    page.locator("summary", has_text="刘淑慧").click()
    page.get_by_role("link", name="我的资料").click()
    page.get_by_role("link", name="双重验证").click()
    page.get_by_role("link", name="启用双重验证").click()
    page.get_by_role("button", name="已装好，开始").click()
    key = key_on(page)
    page.get_by_label("动态验证码").fill(code_of(key))
    page.get_by_role("button", name="确认启用").click()
    expect(page.locator(".recovery code")).to_have_count(10)

    at_the_door = with_password(browser, site)
    at_the_door.get_by_label("动态验证码").fill("000000")
    at_the_door.get_by_role("button", name="登录").click()
    expect(at_the_door.locator("main, body").first).to_contain_text("验证码不正确")
    clock.shift(timedelta(minutes=1))
    at_the_door.get_by_label("动态验证码").fill(code_of(key))
    at_the_door.get_by_role("button", name="登录").click()
    expect(at_the_door).to_have_url(re.compile("/desk/$"))

    the_county_lets_go(enter(browser, site, "county"))
    again = with_password(browser, site)
    expect(again).to_have_url(re.compile("/desk/$"))
    expect(again.locator("main")).to_contain_text("双重验证")


def code_of(key: bytes) -> str:
    """What the app shows now."""
    return f"{totp(key):06d}"


def with_password(browser: Browser, site: str) -> Page:
    """A window in which 刘淑慧 has given the password."""
    page = browser.new_context(viewport=VIEWPORT, locale="zh-CN", base_url=site).new_page()
    page.goto("/login/")
    page.get_by_label("用户名").fill("school")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    return page


def the_county_lets_go(page: Page) -> None:
    page.get_by_role("link", name="人员", exact=True).click()
    page.get_by_label("搜索").fill("刘淑慧")
    page.get_by_label("搜索").press("Enter")
    page.get_by_role("link", name="刘淑慧").click()
    page.locator("summary", has_text="解除双重验证").click()
    page.get_by_role("button", name="确认解除双重验证").click()
    expect(page.get_by_text("已解除刘淑慧的双重验证")).to_be_visible()
