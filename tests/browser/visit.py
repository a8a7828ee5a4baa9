"""A visit to the running program: whatever a browser complains about on the way is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.office.printed import fonts, on_a4

WIDE, NARROW = 1280, 390
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"], "resultTypes": ["violations"]}
# A violation of the policy is told on the console, and once more here with what was blocked.
WATCH_POLICY = """
addEventListener("securitypolicyviolation", event =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
ENGLISH = re.compile(r"(?<![\w.@/-])[A-Za-z]{2,}(?![\w@/-])")
# Names of kinds of file, and what people call by its English name.
ALLOWED = {
    "Excel",
    "PDF",
    "OFD",
    "Word",
    "JPG",
    "PNG",
    "ZIP",
    "MB",
    "KB",
    "ID",
    "Enter",
    "xlsx",
    "docx",
    "ofd",
    "pdf",
    "jpg",
    "png",
    "zip",
}
LOOK = """() => ({
    lang: document.documentElement.lang,
    text: document.body.innerText,
    links: [...document.querySelectorAll("a[href]:not([download])")].map(a => a.href),
})"""
# What a page of each pattern may weigh, in KB, uncompressed (docs/performance.md).
HEAVIEST = {
    "patterns/desk.html": 60,
    "patterns/list.html": 100,
    "patterns/case.html": 80,
    "patterns/sheet.html": 80,
    "public/base.html": 40,
}
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

# The pages each account of the walk met, by name.
met: dict[str, set[str]] = {}
# The templates axe has looked at, by width.
looked_at: dict[int, set[str]] = {WIDE: set(), NARROW: set()}


@dataclass
class Visit:
    """One person's window. ``complaints`` is what should not have happened, each with its page.

    ``drawn`` names the templates of the present page and of the parts it fetched.
    """

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    drawn: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complain(f"script: {error}"))
        self.page.on("response", self._answered)
        self.page.on("requestfailed", self._failed)

    def complain(self, words: str) -> None:
        self.complaints.append(f"{urlsplit(self.page.url).path}: {words}")

    def _said(self, message: ConsoleMessage) -> None:
        refused = "Failed to load resource" in message.text and self.expected
        if message.type in ("error", "warning") and not refused:
            self.complain(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.drawn = set()
        self.drawn |= set(response.headers.get("x-drawn", "").split())
        if response.status >= 400 and response.status not in self.expected:
            self.complain(f"{response.status} for {response.url}")

    def _failed(self, request: Request) -> None:
        """A request cut short by leaving the page is none that failed."""
        if request.url.startswith(self.site) and "ERR_ABORTED" not in (request.failure or ""):
            self.complain(f"{request.failure} for {request.url}")

    def open(self, address: str, status: int = 200) -> list[str]:
        """Load a page of ours and check what holds of every page; returns the addresses it links to."""
        self.expected = {status} if status >= 400 else set()
        response = self.page.goto(address)
        if response is None or response.status != status:
            self.complain(f"{address} answers {response.status if response else 'nothing'}, not {status}")
        else:
            self.weigh(response)
        found = self.page.evaluate(LOOK)
        if found["lang"] != "zh-CN":
            self.complain(f"lang is {found['lang']!r}")
        if words := self.english(found["text"]):
            self.complain(f"English: {', '.join(sorted(words))}")
        return [link.split("#")[0] for link in found["links"] if link.startswith(self.site)]

    def weigh(self, response: Response) -> None:
        """The page is no heavier than its pattern allows."""
        weight = len(response.body()) / 1024
        for name in response.headers.get("x-drawn", "").split():
            if weight > HEAVIEST.get(name, weight):
                self.complain(f"{weight:.0f} KB, but {name} at most {HEAVIEST[name]}")

    def read(self, address: str, *, a4: bool = True) -> None:
        """A file that is a PDF is of A4 sheets and brings its fonts."""
        answer = self.page.context.request.get(address)
        if answer.status != 200:
            self.complain(f"{answer.status} for {address}")
        elif answer.headers["content-type"] == "application/pdf":
            if a4 and not on_a4(answer.body()):
                self.complain(f"not A4: {address}")
            for font in (font for font, inside in fonts(answer.body()).items() if not inside):
                self.complain(f"{font} is not in {address}")

    def english(self, text: str) -> set[str]:
        """English words that are shown; account names are what people log in with."""
        words = set(ENGLISH.findall(text)) - ALLOWED
        return set() if name_of(self.page.url) in ACCOUNT_NAMES else words

    def check_width(self, width: int) -> None:
        """Nothing reaches beyond the window at this width."""
        self.page.set_viewport_size({"width": width, "height": 900})
        if (beyond := self.page.evaluate(OVERFLOW)) > 0:
            self.complain(f"{beyond} px beyond the window at {width}")

    def check_access(self) -> None:
        """axe finds nothing at the present width; the templates of the page are looked at."""
        width = (self.page.viewport_size or {})["width"]
        looked_at[width] |= self.drawn
        for violation in Axe().run(self.page, options=RULES).response["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"][:3]]
            self.complain(f"axe at {width}: {violation['id']}: {nodes}")

    def look(self) -> None:
        """The present page wide and narrow, with axe."""
        for width in (NARROW, WIDE):
            self.check_width(width)
            self.check_access()

    def go(self, path: str) -> None:
        """Open a page from which a form is sent that may be refused."""
        self.expected = {400, 403, 409, 422}
        self.page.goto(f"{self.site}{path}")

    def send(self, selector: str) -> None:
        """Press what sends a form, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def said(self) -> str:
        return self.page.locator("main").inner_text()

    def enter(self, username: str) -> None:
        """Log in with a click on the demonstration's button."""
        self.open(f"{self.site}/login/")
        self.page.locator(f".demo-accounts form:has(input[value='{username}']) button").click()
        self.page.wait_for_url(re.compile(f"{self.site}/(desk|me/consent)/"))
        if self.page.locator("input[name=read]").count():
            self.page.check("input[name=read]")
            self.page.get_by_role("button", name="同意，继续").click()
            self.page.wait_for_url(f"{self.site}/desk/")


# Pages that show with what name somebody logs in.
ACCOUNT_NAMES = {
    "audit:sign_ins", "login", "own", "registry:people", "registry:person", "registry:person_new", "registry:appointments",
    "registry:organisation", "registry:principal", "registry:principal_account", "expert-new", "expert-edit",
    "registry:appointment_end", "registry:appointment_new",
}  # fmt: skip


@cache
def name_of(address: str) -> str:
    """The name of one of our addresses; empty for files that are no view's."""
    try:
        return str(resolve(urlsplit(address).path).view_name)
    except Resolver404:
        return ""


@cache
def kind_of(address: str) -> str:
    """What distinguishes pages: the address's name and the tab."""
    tab = parse_qs(urlsplit(address).query).get("tab", [""])[0]
    return f"{name_of(address)} {tab}".strip()


@contextmanager
def visiting(browser: Browser, site: str, *, script: bool = True) -> Iterator[Visit]:
    """A window of one's own, closed with the block."""
    context = browser.new_context(
        viewport={"width": WIDE, "height": 900}, locale="zh-CN", java_script_enabled=script
    )
    context.add_init_script(WATCH_POLICY)
    context.set_default_timeout(15_000)
    try:
        yield Visit(context.new_page(), site)
    finally:
        context.close()
