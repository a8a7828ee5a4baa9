"""What docs/account.md says of 外出代理, done word for word by the person away and by the deputy."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.browser.hands import enter

pytestmark = pytest.mark.browser


def test_a_deputy_is_named_takes_over_and_is_ended_early(browser: Browser, program: str) -> None:
    away = enter(browser, program, "bureau")
    away.locator("summary", has_text="周立新").click()
    away.get_by_role("link", name="外出代理").click()
    today = timezone.localdate()
    away.get_by_label("外出人及任职").select_option(label="周立新 · 赤峰市教育局·经办")
    away.get_by_label("代办人").select_option(label="韩冬")
    away.get_by_label("开始日期").fill(f"{today}")
    away.get_by_label("结束日期").fill(f"{today + timedelta(days=3)}")
    away.get_by_label("原因").fill("赴呼和浩特参加培训")
    away.get_by_role("button", name="委托").click()
    expect(away.locator("main")).to_contain_text("赴呼和浩特参加培训")

    deputy = enter(browser, program, "finance")
    deputy.locator("summary", has_text="韩冬").click()
    deputy.get_by_role("button", name=re.compile("代 周立新")).click()
    deputy.locator("summary", has_text="韩冬").click()
    expect(deputy.get_by_text("现以 赤峰市教育局 · 经办 身份办理，代 周立新")).to_be_visible()

    away.goto("/me/deputies/")
    away.get_by_role("button", name=re.compile("提前结束")).first.click()
    expect(away.locator("main")).to_contain_text("已提前结束")
    deputy.goto("/desk/")
    deputy.locator("summary", has_text="韩冬").click()
    expect(deputy.get_by_role("button", name=re.compile("代 周立新"))).to_have_count(0)
    expect(deputy.get_by_text("代 周立新")).to_have_count(0)
