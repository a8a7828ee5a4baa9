"""Every page, as every account of the demonstration meets it by following links: in order, readable, Chinese.

Each page is looked at in a wide window and on a phone; axe looks once at each kind of page, template and width.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from portal.demo.cast import ACCOUNTS
from tests.access.expected import MATRIX
from tests.browser.visit import NARROW, WIDE, Visit, kind_of, looked_at, met, name_of, visiting

pytestmark = pytest.mark.browser

USERNAMES = [account.username for account in ACCOUNTS]
AT_MOST = 150  # pages an account opens
TWICE = ("case-application", "case-activity")  # what can be done with it differs with its state
# Where the walk of an account begins besides the desk: at the cases that only these people can go on from.
STARTS = {
    "bureau": ("/calls/?state=reviewing", "/objections/?state=investigating"),
    "leader": ("/studios/?search=格日乐图",),
    "lead": (
        "/studios/?search=何建堃",
        "/activities/?state=planned&search=研修",
        "/activities/?form=diagnosis",
    ),
}
# Files, not pages.
FILES = {
    "application-print", "announcement-preview", "attachment", "call-notice", "call-supplement-preview",
    "call-table", "career-print", "document-pdf", "healthz", "icon",
    "job-file", "membership-consent", "plan-print", "plaque", "publicity-preview", "registry:accounts_template",
    "attachment-preview", "registry:roster_refused", "registry:roster_template", "robots", "studio-ledger",
    "summary-print",
}  # fmt: skip
# Parts of pages, asked for by the page that shows them.
PARTS = {"desk-waiting", "document-state", "job-progress", "notices-unread"} | {
    name for name in MATRIX if name.startswith("remind-")
}
# Pages that the demonstration has no link to: nothing stands there at the moment.
UNLINKED = {
    "advice-edit": "no draft of advice",
    "announcement-edit": "no draft of an announcement",
    "announcement-new": "nobody is confirmed and not yet announced",
    "call-edit": "no draft of a call",
    "consent": "comes by itself, at the first login",
    "call-supplement": "no date was put off without a notice",
    "interpretations": "what the search among the measures answers",
    "job": "nobody's own job",
    "login-code": "no account of the demonstration uses a second factor",
    "public-objection": "opened with a receipt number",
    "publicity-edit": "no draft of a publicity",
    "publicity-new": "no call is decided and not publicised",
    "registry:accounts_batch": "begins with a choice",
    "registry:principal_account": "every principal has an account",
    "registry:roster_preview": "begins with a file",
    "rubric-edit": "the rubric is in use",
}

# Whether these are met depends on which of several calls and objections the walk of an office opens first.
BY_CHANCE = {
    "call-panel",
    "call-progress",
    "call-results",
    "case-studiochange",
    "consult-objection",
    "own-identity",
}
# Met while a lead of the demonstration has a plan in hand: from December on, when the next year's has been opened.
IN_SEASON = {"form-plan", "plan-items-import"}

NO_SHEETS = {"plaque"}  # a plaque is as large as it hangs
UPLOADED = {"attachment", "attachment-preview"}  # as whoever sent them made them

judged: set[tuple[str, int]] = set()
# The kinds of file that were read.
files_read: set[str] = set()


def is_page(address: str) -> bool:
    name = name_of(address)
    return bool(name) and name not in FILES | PARTS and "export=" not in address


def look(visit: Visit) -> None:
    """The present page wide and narrow; axe where it has not looked at this kind, or at one of its templates, yet."""
    kind = kind_of(visit.page.url)
    for width in (NARROW, WIDE):
        visit.check_width(width)
        if (kind, width) not in judged or visit.drawn - looked_at[width]:
            judged.add((kind, width))
            visit.check_access()


def read_files(visit: Visit, links: list[str]) -> None:
    """The first file of each kind that the walk meets."""
    for link in links:
        name = name_of(link)
        if name in FILES - UPLOADED - files_read:
            files_read.add(name)
            visit.read(link, a4=name not in NO_SHEETS)


def crawl(visit: Visit, *starts: str) -> dict[str, int]:
    """Follow links from these pages, kinds of page not met before first; how often each kind was met."""
    waiting, opened, times = list[str](), set[str](), dict[str, int]()

    def go(address: str) -> None:
        opened.add(address)
        times[kind_of(address)] = times.get(kind_of(address), 0) + 1
        links = visit.open(address)
        look(visit)
        read_files(visit, links)
        waiting.extend(link for link in dict.fromkeys(links) if is_page(link) and link not in opened)

    for address in starts:
        go(address)
    while waiting and len(opened) < AT_MOST:
        waiting.sort(key=lambda address: times.get(kind_of(address), 0))
        address = waiting.pop(0)
        kind = kind_of(address)
        if address not in opened and times.get(kind, 0) <= kind.startswith(TWICE):
            go(address)
    return times


@pytest.fixture
def window(browser: Browser, program: str) -> Iterator[Visit]:
    with visiting(browser, program) as visit:
        yield visit


@pytest.mark.parametrize("username", USERNAMES)
def test_every_page_an_account_can_reach_is_in_order(window: Visit, username: str) -> None:
    window.enter(username)
    starts = (*STARTS.get(username, ()), "/desk/")
    times = crawl(window, *(f"{window.site}{start}" for start in starts))
    met[username] = {kind.split()[0] for kind in times}
    assert len(times) >= 5
    assert not window.complaints, "\n".join(window.complaints)


def test_every_public_page_is_in_order(window: Visit) -> None:
    times = crawl(window, f"{window.site}/")
    met["anonymous"] = {kind.split()[0] for kind in times}
    assert not window.complaints, "\n".join(window.complaints)


def test_every_page_of_the_program_was_met() -> None:
    """By somebody, by links alone; what nobody can reach at present is named with its reason."""
    if set(met) != {*USERNAMES, "anonymous"}:
        pytest.skip("asks for the whole walk")
    pages = {name for name, page in MATRIX.items() if page.get} - FILES - PARTS - IN_SEASON - BY_CHANCE
    reached = set.union(*met.values())
    unmet, linked = sorted(pages - reached - set(UNLINKED)), sorted(set(UNLINKED) & reached)
    assert not unmet, unmet
    assert not linked, linked


def test_the_login_page_lists_the_accounts(window: Visit) -> None:
    """In their order, each a button that logs in with the first click."""
    window.open(f"{window.site}/login/")
    listed = window.page.locator(".demo-accounts input[name=username]").evaluate_all(
        "inputs => inputs.map(input => input.value)"
    )
    assert sorted(listed) == sorted(USERNAMES)
    window.enter("county")
    assert window.page.locator("h1").inner_text().endswith("齐明")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/no-such-page/", 404),
        ("/applications/2001-9999/", 404),
        ("/registry/people/", 403),
        ("/password/", 200),
        ("/applications/?search=没有这样的申报", 200),
        ("/memberships/?search=没有这样的人", 200),
        ("/proposals/?search=没有这样的人", 200),
        ("/calls/?search=没有这样的批次", 200),
        ("/studios/?search=没有这样的工作室", 200),
        ("/notices/?unread", 200),
    ],
)
def test_a_page_that_says_that_there_is_nothing_is_in_order(window: Visit, address: str, status: int) -> None:
    """Errors and empty lists, as the applicant meets them."""
    window.enter("principal")
    window.open(f"{window.site}{address}", status)
    for width in (NARROW, WIDE):
        window.check_width(width)
        window.check_access()
    assert not window.complaints, "\n".join(window.complaints)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/no-such-page/", 404),
        ("/check/AAAA-BBBB-CCCC/", 404),
        ("/public/publicity/99999/", 404),
        ("/directory/?q=没有这样的工作室", 200),
        ("/public/objection/?number=YY20260101-AAAAAAAA", 404),
    ],
)
def test_what_the_public_does_not_find_is_said_kindly(window: Visit, address: str, status: int) -> None:
    window.open(f"{window.site}{address}", status)
    for width in (NARROW, WIDE):
        window.check_width(width)
        window.check_access()
    assert not window.complaints, "\n".join(window.complaints)


def test_who_fails_too_often_is_told_for_how_long(window: Visit) -> None:
    """The page after the fifth wrong password."""
    window.open(f"{window.site}/login/")
    window.expected = {429}
    for _ in range(5):
        window.page.fill("input[name=username]", "o00001")
        window.page.fill("input[name=password]", "not-the-password")
        window.page.press("input[name=password]", "Enter")
        window.page.wait_for_load_state()
    assert "分钟" in window.page.locator("main").inner_text()
    for width in (NARROW, WIDE):
        window.check_width(width)
        window.check_access()
    assert not window.complaints, "\n".join(window.complaints)


def test_the_public_site_and_the_login_need_no_script(browser: Browser, program: str) -> None:
    """Every public page answers with its heading; the login's form and a demonstration's button work."""
    with visiting(browser, program, script=False) as visit:
        page = visit.page
        waiting, opened = [f"{program}/"], set[str]()
        while waiting:
            address = waiting.pop()
            if kind_of(address) in opened:
                continue
            opened.add(kind_of(address))
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            assert page.locator("h1").first.inner_text().strip(), address
            links = page.locator("a[href^='/']").evaluate_all("links => links.map(a => a.href)")
            waiting += [link for link in links if is_page(link.split("#")[0])]
        assert {"home", "directory", "directory-studio", "public-publicity", "check-form", "login"} <= opened
        page.goto(f"{program}/login/")
        page.fill("input[name=username]", "county")
        page.fill("input[name=password]", "wrong")
        page.locator("main form button").first.click()
        assert page.locator("[role=alert]").count() >= 1
        page.locator(".demo-accounts button").first.click()
        assert page.url == f"{program}/desk/"
