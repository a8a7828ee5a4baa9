"""Pages that lie behind a button, a search or one's own case; then the question whether axe has seen every template.

The last of the walk.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import Workbook
from playwright.sync_api import Browser

from portal.demo.cast import ACCOUNTS
from tests.browser.hands import step
from tests.browser.visit import Visit, looked_at, met, visiting

pytestmark = pytest.mark.browser

# Templates that no page of the program is drawn from, and why.
NO_PAGES = {
    "documents/": "printed on paper by WeasyPrint, never shown in a window",
    "applications/results_print.html": "the summary tables, printed on paper",
    "applications/draft.html": "only between a decision and its list; written in test_from_call_to_plaque",
}


@pytest.fixture
def window(browser: Browser, program: str) -> Iterator[Visit]:
    with visiting(browser, program) as visit:
        yield visit
        assert not visit.complaints, "\n".join(visit.complaints)


@pytest.fixture
def plain_window(browser: Browser, program: str) -> Iterator[Visit]:
    """Without htmx: what would be a part of the page is a page."""
    with visiting(browser, program) as visit:
        visit.page.route("**/htmx*.js", lambda route: route.fulfill(body=""))
        yield visit
        assert not visit.complaints, "\n".join(visit.complaints)


@pytest.mark.parametrize(
    ("username", "address", "words"),
    [
        ("principal", "/applications/2026-0018/form/members/?find=李", "拟任成员"),
        ("principal", "/applications/2026-0018/form/materials/", "申报材料"),
        ("lead", "/studios/2025-S002/members/invite/?find=李", "邀请"),
        ("lead", "/activities/3/", "帮扶学校"),
        ("bureau", "/articles/interpretations/?q=成员", "第六条"),
    ],
)
def test_a_page_of_ones_own_work_is_in_order(window: Visit, username: str, address: str, words: str) -> None:
    window.enter(username)
    window.open(f"{window.site}{address}")
    assert words in window.said()
    window.look()


def test_a_list_that_has_come_down_is_said_to_have(window: Visit) -> None:
    window.open(f"{window.site}/public/publicity/99999/", 404)
    assert "这里现在没有公示" in window.said()
    window.look()


@pytest.mark.parametrize(
    ("username", "start", "link", "button", "words"),
    [
        ("bureau", "/applications/2026-0009/", "", "完整的身份证号", "已记入办理记录"),
        ("bureau", "/objections/", "郑明远", "查看异议人", "联系"),
        ("county", "/corrections/", "王志远", "查看完整号码", "150402"),
    ],
)
def test_what_is_masked_is_shown_on_demand(
    plain_window: Visit, username: str, start: str, link: str, button: str, words: str
) -> None:
    plain_window.enter(username)
    plain_window.go(start)
    if link:
        plain_window.send(f"tr:has-text('{link}') a")
    with plain_window.page.expect_navigation():
        plain_window.page.get_by_role("button", name=re.compile(button)).click()
    assert words in plain_window.said()
    plain_window.look()


def test_a_visited_school_gets_its_report(window: Visit) -> None:
    window.enter("lead")
    window.go("/activities/3/?tab=schools")
    window.send("main a:has-text('修改诊断报告')")
    assert "发现的问题" in window.said()
    window.look()


def test_a_plan_amended_shows_what_is_new(window: Visit) -> None:
    window.enter("lead")
    window.go("/plans/")
    window.send("tr:has-text('年度工作计划') a")
    case = window.page.url.partition("?")[0]
    step(window.page, "调整", "下半年增加一次集中研修。")
    window.send("a:has-text('填写年度工作计划')")
    window.look()
    window.page.locator("textarea[name=aims]").fill("完成课堂评价量表，诊断四所乡村学校，集中研修五次。")
    window.send("button:has-text('保存并继续')")
    window.page.goto(case)
    step(window.page, "备案")
    window.page.goto(f"{case}?tab=changes")
    assert "集中研修五次" in window.said()
    assert "下半年增加一次集中研修" in window.said()
    window.look()


def test_a_new_version_of_a_rubric_is_written(window: Visit) -> None:
    window.enter("bureau")
    window.go("/rubrics/")
    window.send("main a:has-text('评审标准')")
    window.send("button:has-text('建立新版本')")
    if not window.page.url.endswith("/edit/"):
        window.send("a[href$='/edit/']")
    assert "指标" in window.said()
    window.look()


def test_long_work_is_followed_on_a_page(window: Visit) -> None:
    window.enter("security")
    window.go("/audit/entries/")
    window.send("button:has-text('核对完整性')")
    assert "核对" in window.said()
    window.look()


def test_a_date_put_off_is_told_by_a_document(window: Visit) -> None:
    window.enter("bureau")
    window.go("/calls/2026-3/")
    present = re.search(
        r"申报截止.*?现为(\d+)年(\d+)月(\d+)日", window.page.locator("main").inner_html(), re.DOTALL
    )
    assert present
    later = date(*map(int, present.groups())) + timedelta(days=1)
    step(window.page, "延期", "因全市统考，申报顺延一天。", submit_by_0=f"{later}", submit_by_1="23:59")
    window.send("a:has-text('印发延期通知')")
    assert "预览" in window.said()
    window.look()


def test_accounts_opened_together_are_shown_before(window: Visit) -> None:
    book, file = Workbook(), io.BytesIO()
    for row in (("学校", "姓名"), ("红山区玉屏小学", "秦守一"), ("没有这所学校", "秦守二")):
        book.active.append(row)
    book.save(file)
    window.enter("county")
    window.go("/registry/accounts/")
    upload = {"name": "经办人.xlsx", "mimeType": "application/octet-stream", "buffer": file.getvalue()}
    window.page.set_input_files("#officers-file", files=[upload])
    window.send("form:has(#officers-file) button")
    assert "没有这所学校" in window.said()
    window.look()


def test_whose_last_appointment_has_ended_is_told_whom_to_ask(browser: Browser, window: Visit) -> None:
    window.enter("admin")
    window.go("/registry/appointments/?search=乌兰")
    window.page.locator("input[name=pk]").first.check()
    window.send("button:has-text('结束任职')")
    assert "选了 1 项" in window.said()
    window.look()
    ends = window.page.locator("main form input[type=date]")
    ends.fill("2026-01-31")
    window.send("button:has-text('确认结束')")
    assert "已结束 1 项" in window.said()
    window.look()
    with visiting(browser, window.site) as other:
        other.go("/login/")
        other.send(".demo-accounts form:has(input[value='newcomer']) button")
        assert "任职" in other.page.inner_text("body")
        other.look()
        assert not other.complaints, "\n".join(other.complaints)


def test_axe_looked_at_every_template_in_both_widths() -> None:
    """In the whole walk; what is no page is named with its reason."""
    if set(met) != {"anonymous", *(account.username for account in ACCOUNTS)}:
        pytest.skip("asks for the whole walk")
    folder = Path(settings.BASE_DIR) / "templates"
    every = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    pages = {name for name in every if not name.startswith(tuple(NO_PAGES))}
    unseen = {name for seen in looked_at.values() for name in pages - seen}
    assert not unseen, "\n".join(sorted(unseen))
