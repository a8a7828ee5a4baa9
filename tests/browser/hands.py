"""What a person does in the browser, in the words of the pages: log in, fill in a section, take a step."""

from __future__ import annotations

import re
from base64 import b32decode
from typing import Any

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from accounts.models import User
from portal.demo.cast import PASSWORD

VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def enter(
    browser: Browser, site: str, username: str, password: str = PASSWORD, viewport: ViewportSize = VIEWPORT
) -> Page:
    """A window of one's own, logged in through the login page; agrees to the notice of data processing if asked."""
    page = browser.new_context(viewport=viewport, locale="zh-CN", base_url=site).new_page()
    page.goto("/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    expect(page).to_have_url(re.compile("/(desk|me/consent)/"))
    if page.locator("input[name=read]").count():
        page.check("input[name=read]")
        page.get_by_role("button", name="同意，继续").click()
    expect(page).to_have_url(re.compile("/desk/$"))
    return page


def known(user: User | None) -> str:
    """The name with which this person of the demonstration logs in, with the password of all of it."""
    assert user is not None
    user.password = User.objects.get(username="principal").password
    user.save(update_fields=["password"])
    return user.username


def from_the_desk(page: Page, words: str) -> None:
    """Open the row of the desk that says ``words``."""
    page.goto("/desk/")
    page.get_by_role("link", name=words).first.click()


def step(page: Page, label: str, opinion: str = "", password: str = PASSWORD, **fields: str) -> None:
    """Take the step called ``label`` on the case page: open it, write what it asks for, the password too, press."""
    offer = offered(page, label)
    if offer.get_attribute("open") is None:
        offer.locator("summary").first.click()
    if opinion:
        offer.locator("textarea[name=opinion]").fill(opinion)
    for name, value in fields.items():
        offer.locator(f"[name={name}]").fill(value)
    if offer.locator("[name=password]").count():
        offer.locator("[name=password]").fill(password)
    for tick in offer.locator("input[type=checkbox][required]").all():
        tick.check()
    offer.locator("form button").last.click()
    expect(page.locator(".note-green, [role=status]").filter(has_text="已办理").first).to_be_visible()


def offered(page: Page, label: str) -> Locator:
    """The step as the page offers it."""
    return page.locator("details.step").filter(has=page.locator("summary", has_text=re.compile(f"^{label}")))


def fill_section(page: Page, address: str, values: dict[str, Any]) -> None:
    """Fill one section of the form, rows included, and go on."""
    page.goto(address)
    for field, value in values.items():
        if isinstance(value, list):
            for number, row in enumerate(value):
                _row(page, field, number)
                for column, words in row.items():
                    put(page, f"{field}-{number}-{column}", words)
        else:
            put(page, field, value)
    page.get_by_role("button", name="保存并继续").click()
    expect(page).not_to_have_url(re.compile(re.escape(address) + "$"))


def _row(page: Page, field: str, number: int) -> None:
    if page.locator(f"[name^='{field}-{number}-']").count() == 0:
        rows = page.locator("[data-rows]", has=page.locator(f"[name='{field}-TOTAL_FORMS']"))
        rows.get_by_role("button", name=re.compile("^增加一项")).click()


def put(page: Page, name: str, value: Any) -> None:
    """Type, choose or tick."""
    control = page.locator(f"[name='{name}']")
    if value is True:
        control.check()
    elif control.evaluate("control => control.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(str(value))


def key_on(page: Page) -> bytes:
    """The secret of a second factor as a person would type it into the app."""
    page.get_by_text("不能扫码").click()
    words = page.locator(".secret").inner_text().replace(" ", "")
    return b32decode(words + "=" * (-len(words) % 8))
