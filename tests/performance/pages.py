"""The pages that are measured, each beside the floor asked at the same time."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Appointment, Role
from office.filing.pages import form_address
from tests.performance.browser import Answer, Browser
from tests.performance.cast import Cast

REPEATS = 21
WARM = 3


@dataclass(frozen=True)
class Budget:
    """At most so many queries, times the floor, kilobytes; None: no budget."""

    queries: int | None = None
    multiple: float | None = None
    size: int | None = None


DESK = Budget(12, 6, 60)
LIST = Budget(10, 6, 100)
CASE = Budget(18, 6, 80)
SHEET = Budget(12, 8, 80)
PUBLIC = Budget(4, 1, 40)


@dataclass(frozen=True)
class Page:
    """One address as one person sees it; None: anonymous."""

    name: str
    path: str
    who: Appointment | None
    budget: Budget = LIST


def pages(cast: Cast) -> Iterator[Page]:
    """Every page of the table."""
    yield from _desks(cast)
    yield from _lists(cast)
    officer, case = cast.appointment(Role.OFFICER), cast.long_case.get_absolute_url()
    yield Page("case: 30 opinions, form", case, officer, CASE)
    yield Page("case: 30 opinions, 20 files", f"{case}?tab=materials", officer, CASE)
    yield Page("case: members", f"{case}?tab=members", officer, CASE)
    yield Page("case: the call", cast.open.get_absolute_url(), officer, CASE)
    yield from _studio(cast)
    yield Page("form: one section", _form(cast), cast.principal, CASE)
    yield Page(
        "score sheet of 25 indicators", reverse("review-sheet", args=[cast.review.pk]), cast.expert, SHEET
    )
    yield from _public(cast)


def _form(cast: Cast) -> str:
    return form_address(cast.principal.user.principal.applications.filter(state="draft")[0], "support")


def _studio(cast: Cast) -> Iterator[Page]:
    """A studio at work, as its owner, its county and its lead meet it."""
    officer, lead = cast.appointment(Role.OFFICER), cast.lead
    county = cast.appointment(Role.OFFICER, cast.studio.authority)
    home, plan = cast.studio.get_absolute_url(), cast.plan.get_absolute_url()
    for label, path, who in (
        ("studio", home, officer),
        ("studio, as its lead", home, lead),
        ("studio: members", f"{home}?tab=members", lead),
        ("plan", plan, officer),
        ("plan: how far its tasks are", f"{plan}?tab=items", lead),
        ("activity: who came", f"{cast.activity.get_absolute_url()}?tab=attendance", officer),
    ):
        yield Page(f"case: {label}", path, who, CASE)
    month = urlencode({"month": f"{cast.activity.starts_at:%Y-%m}"})
    for label, who in (("the city", officer), ("a county", county), ("a studio", lead)):
        yield Page(f"calendar of {label}", f"{reverse('activity-calendar')}?{month}", who)
    yield Page("board of studios", reverse("studio-board"), officer)
    yield Page("board of studios of a county", reverse("studio-board"), county)


def _desks(cast: Cast) -> Iterator[Page]:
    desk = reverse("desk")
    people = {
        "officer of the bureau": cast.appointment(Role.OFFICER),
        "leader": cast.appointment(Role.LEADER),
        "finance": cast.appointment(Role.FINANCE),
        "officer of a county": cast.appointment(Role.OFFICER, cast.county),
        "officer of a school": cast.appointment(Role.OFFICER, cast.school),
        "principal": cast.principal,
        "lead of a studio": cast.lead,
        "expert": cast.expert,
        "security auditor": cast.appointment(Role.SECURITY),
        "administrator": cast.appointment(Role.ADMIN),
    }
    for label, who in people.items():
        yield Page(f"desk: {label}", desk, who, DESK)
    yield Page("desk: its badge", reverse("desk-waiting"), people["officer of the bureau"], DESK)


def _lists(cast: Cast) -> Iterator[Page]:
    officer, county = cast.appointment(Role.OFFICER), cast.appointment(Role.OFFICER, cast.county)
    admin, security = cast.appointment(Role.ADMIN), cast.appointment(Role.SECURITY)
    narrowed: list[tuple[str, str, Appointment, dict[str, str]]] = [
        (
            "applications, filtered, by score",
            "application-list",
            officer,
            {"state": "judged", "sort": "-score"},
        ),
        ("applications, found by a word", "application-list", officer, {"search": "第1", "sort": "studio"}),
        ("applications, all", "application-list", officer, {}),
        ("applications of a county", "application-list", county, {"sort": "school"}),
        ("what waits for a county", "proposedmember-list", county, {"waiting": "1"}),
        ("studios", "studio-list", officer, {"sort": "school"}),
        ("members", "membership-list", officer, {"sort": "-studio"}),
        ("plans", "plan-list", officer, {}),
        ("activities", "activity-list", officer, {}),
        ("activities that help rural schools", "activity-list", officer, {"help": "rural", "sort": "title"}),
        ("activities of a studio", "activity-list", cast.lead, {}),
        ("outputs", "output-list", officer, {"sort": "title"}),
        ("advice", "advice-list", officer, {}),
        ("summaries", "annualsummary-list", officer, {}),
        ("support", "supportpledge-list", county, {}),
        ("documents", "document-list", officer, {}),
        ("my reviews", "review-list", cast.expert, {"sort": "due"}),
        ("notices", "notices", cast.principal, {}),
        ("organisations", "registry:organisations", admin, {"sort": "name"}),
        ("organisations, found by a word", "registry:organisations", admin, {"search": "清泉"}),
        ("people", "registry:people", admin, {"sort": "name"}),
        ("people, found by a word", "registry:people", admin, {"search": "李文华"}),
        ("appointments", "registry:appointments", admin, {}),
        ("principals", "registry:principals", officer, {"sort": "name"}),
        ("principals, found by a word", "registry:principals", officer, {"search": "李文"}),
        ("entries of the history", "audit:entries", security, {}),
        ("sign-ins", "audit:sign_ins", security, {}),
    ]
    for label, name, who, query in narrowed:
        yield Page(f"list: {label}", f"{reverse(name)}?{urlencode(query)}", who)


def _public(cast: Cast) -> Iterator[Page]:
    publicity = cast.publicity.pk
    addresses = {
        "home": reverse("home"),
        "directory": reverse("directory"),
        "directory, found by a word": f"{reverse('directory')}?{urlencode({'q': '清泉'})}",
        "studio": reverse("directory-studio", args=[cast.studio.number]),
        "documents": reverse("public-documents"),
        "publicity list": reverse("public-publicity", args=[publicity]),
        "check of a plaque": reverse("check", args=[cast.studio.plaque.check_code]),
        "articles": reverse("articles"),
        "login": reverse("login"),
    }
    for label, path in addresses.items():
        yield Page(f"public: {label}", path, None, PUBLIC)


class Stopwatch:
    """Asks pages and the floor by turns, so that what disturbs the machine disturbs both."""

    def __init__(self, port: int, cast: Cast) -> None:
        self.port, self.cast = port, cast
        self.floor_browser = Browser(port, cast.session(cast.appointment(Role.OFFICER)))
        self.floors: list[float] = []

    def floor(self) -> float:
        """The seconds of one answer of the floor."""
        seconds = self.floor_browser.get("/floor/").seconds
        self.floors.append(seconds)
        return seconds

    def browser(self, who: Appointment | None) -> Browser:
        return Browser(self.port, self.cast.session(who) if who else "")

    def page(self, page: Page) -> dict[str, Any]:
        """The row of one page."""
        browser = self.browser(page.who)
        if page.who:  # what a person's first request of the minute writes is not the page's
            browser.get(page.path)
        first = checked(browser.get(page.path, X_Count="1"), page)
        for _ in range(WARM):
            browser.get(page.path)
        floors, times = [], []
        for _ in range(REPEATS):
            floors.append(self.floor())
            times.append(checked(browser.get(page.path), page).seconds)
        return row(page.name, page.budget, first, times, floors)


def checked(answer: Answer, page: Page) -> Answer:
    """The answer, which must be a page: RuntimeError otherwise."""
    if answer.status != 200:
        raise RuntimeError(f"{page.name} ({page.path}): {answer.status}")
    return answer


def row(
    name: str, budget: Budget, counted: Answer, times: list[float], floors: list[float]
) -> dict[str, Any]:
    """What the table says of one page or step."""
    return {
        "name": name,
        "queries": counted.queries,
        "ms": median(times) * 1000,
        "multiple": median(times) / median(floors),
        "size": len(counted.body),
        "most_queries": budget.queries,
        "most_multiple": budget.multiple,
        "most_size": budget.size,
    }


def first_visit(port: int) -> int:
    """The bytes of the public home page with its style sheets and scripts, compressed as a proxy sends them."""
    browser = Browser(port)
    html = browser.get("/").body
    text = html.decode()
    files = re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', text)
    files += re.findall(r'<link[^>]+href="([^"]+)"[^>]+rel="stylesheet"', text)
    files += re.findall(r'<script[^>]+src="([^"]+)"', text)
    sizes = [len(browser.get(path, Accept_Encoding="gzip").body) for path in dict.fromkeys(files)]
    return len(gzip.compress(html)) + sum(sizes)
