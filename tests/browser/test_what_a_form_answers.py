"""What only a sent form or a failure shows: previews, reports, refusals, first passwords. Looked at as every page is.

After the walk, because it changes what the demonstration shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from portal.demo.cast import FOLDER
from tests.browser.hands import offered
from tests.browser.visit import Visit, visiting

pytestmark = pytest.mark.browser


@pytest.fixture
def window(browser: Browser, program: str) -> Iterator[Visit]:
    with visiting(browser, program) as visit:
        yield visit
        assert not visit.complaints, "\n".join(visit.complaints)


@pytest.mark.parametrize("status", [400, 500, 503])
def test_the_pages_of_failures_are_in_order(window: Visit, status: int) -> None:
    window.go(f"/failures/{status}/")
    window.look()


def test_an_expired_form_is_answered_with_what_to_do(window: Visit) -> None:
    window.go("/login/")
    window.page.context.clear_cookies()
    window.page.fill("input[name=username]", "county")
    window.page.fill("input[name=password]", "anything")
    window.send("main form button")
    assert "页面已过期" in window.page.locator("h1").inner_text()
    window.look()


def test_a_batch_is_shown_before_it_is_taken_and_reported_after(window: Visit) -> None:
    window.enter("county")
    window.go("/proposals/")
    window.page.locator("input[name=pk]:not(:disabled)").first.check()
    window.send("button[formaction*='/batch/consent_authority/']")
    assert "将逐项办理" in window.said()
    window.look()
    window.send("button:has-text('确认')")
    window.look()


def test_a_step_refused_gives_the_words_back(window: Visit) -> None:
    window.enter("county")
    window.go("/applications/?waiting=1")
    window.page.locator("table a.title").first.click()
    window.page.wait_for_load_state()
    window.page.evaluate("for (const form of document.forms) form.noValidate = true")
    step = offered(window.page, "退回修改")
    step.locator("summary").first.click()
    with window.page.expect_navigation():
        step.locator("form button").last.click()
    assert "未能办理" in window.said()
    window.look()


def test_the_second_of_two_tabs_is_told_who_was_faster(window: Visit) -> None:
    window.enter("county2")
    window.go("/proposals/")
    window.page.locator("tr:has(input[name=pk]:not(:disabled)) a.title").first.click()
    window.page.wait_for_load_state()
    other = window.page.context.new_page()
    other.goto(window.page.url)
    for page in (other, window.page):
        step = offered(page, "主管部门同意")
        if step.get_attribute("open") is None:
            step.locator("summary").first.click()
        with page.expect_navigation():
            step.locator("form button").last.click()
    assert "办理" in window.said()
    window.look()


def test_an_import_shows_what_will_be_before_it_is(window: Visit, tmp_path: Path) -> None:
    """The roster the bureau has already: nothing to write. With another telephone in one row: that row, and not yet."""
    window.enter("bureau")
    roster = Path(FOLDER) / "schools.xlsx"
    upload(window, roster)
    assert "没有需要写入的行" in window.said()
    assert "确认之前不写入任何数据" not in window.said()
    book = load_workbook(roster)
    book.worksheets[0]["I4"] = "0476-8000000"
    book.save(tmp_path / roster.name)
    upload(window, tmp_path / roster.name)
    assert "1\n有变化" in window.said() or "1有变化" in window.said()
    assert "确认之前不写入任何数据" in window.said()
    window.look()


def upload(window: Visit, roster: Path) -> None:
    window.go("/registry/rosters/schools/")
    window.page.set_input_files("input[type=file]", roster)
    window.send("main form:has(input[type=file]) button")
    assert "无变化" in window.said()


def test_a_new_password_is_shown_once(window: Visit) -> None:
    window.enter("bureau")
    window.go("/registry/people/?search=韩冬")
    window.page.locator("table").get_by_role("link", name="韩冬").click()
    window.page.wait_for_load_state()
    window.page.locator("details:has(form[action$='/password/']) > summary").click()
    window.send("form[action$='/password/'] button")
    assert "密码" in window.said()
    window.look()
