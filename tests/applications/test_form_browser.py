"""The form in a browser: it saves by itself, survives a lost connection, and shows both sides of a conflict."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.capacity import SESSION_KEY
from applications.models import Application
from applications.rules import form_address
from tests.factories.applications import acting, make_application, make_call, make_lead

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = '[data-autosave-state][data-state="saved"]'
WAIT = 15_000


@pytest.fixture
def page(live_server, monkeypatch) -> Iterator:
    """A page of Chromium in which the applicant of the only draft has logged in."""
    playwright = pytest.importorskip("playwright.sync_api")
    # The driver keeps an event loop in this thread; the queries of the test itself are not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser.new_context(base_url=live_server.url).new_page()
        browser.close()


@pytest.fixture
def draft(page, live_server) -> Application:
    call = make_call(at=timezone.now())
    application = make_application(call, make_lead(name="王志远"), complete=False, at=timezone.now())
    me = acting(application.lead)
    client = Client()
    client.force_login(me.user)
    session = client.session
    session[SESSION_KEY] = me.appointment.pk
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}
    page.context.add_cookies([cookie])
    return application


def aims(application: Application) -> str:
    application.refresh_from_db()
    return application.content.get("plan", {}).get("aims", "")


def test_the_form_saves_by_itself_and_says_when(page, draft):
    page.goto(form_address(draft, "plan"))
    page.fill("#id_aims", "三年内形成课堂评价办法")
    page.wait_for_selector(SAVED, timeout=WAIT)
    assert "已自动保存" in page.inner_text("[data-autosave-state]")
    assert aims(draft) == "三年内形成课堂评价办法"


def test_a_lost_connection_loses_no_word(page, draft):
    page.goto(form_address(draft, "plan"))
    page.context.set_offline(True)
    page.fill("#id_aims", "断网时写的内容")
    page.wait_for_selector('[data-autosave-state][data-state="failed"]', timeout=WAIT)
    assert "内容留在本机" in page.inner_text("[data-autosave-state]")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector(SAVED, timeout=WAIT)
    assert aims(draft) == "断网时写的内容"


def test_of_two_tabs_the_later_is_shown_both_texts(page, draft):
    page.goto(form_address(draft, "plan"))
    other = page.context.new_page()
    other.goto(form_address(draft, "plan"))
    other.fill("#id_aims", "第二个窗口先保存")
    other.wait_for_selector(SAVED, timeout=WAIT)
    page.fill("#id_aims", "第一个窗口后保存")
    page.wait_for_selector('[data-autosave-state][data-state="conflict"]', timeout=WAIT)
    told = page.inner_text("[data-autosave-notice]")
    assert "第一个窗口后保存" in told
    assert "第二个窗口先保存" in told
    assert aims(draft) == "第二个窗口先保存"


def test_the_side_index_follows_what_is_saved(page, draft):
    page.goto(form_address(draft, "pledge"))
    mark = page.locator('.sections [aria-current="page"] .mark')
    assert mark.inner_text() == "缺 3 项"
    for name in ("truth", "privacy", "publicity"):
        page.check(f"#id_{name}")
    page.wait_for_selector('.sections [aria-current="page"] .mark-done', timeout=WAIT)
    assert mark.inner_text() == "已完成"
