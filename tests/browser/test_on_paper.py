"""What comes out of the printer, and what a first visit fetches: nothing to press, nothing cut off, nothing superfluous."""

from __future__ import annotations

import gzip
import io
import re
import unicodedata

import pytest
from playwright.sync_api import Browser, Page, Response
from pypdf import PdfReader

from tests.browser.visit import OVERFLOW, visiting
from tests.office.printed import fonts, on_a4

pytestmark = pytest.mark.browser

SHEET = 673  # px between the margins of an A4 page
FIRST_VISIT = 200  # KB
# What is pressed, chosen or leads elsewhere in the program.
TO_PRESS = """() => [...document.querySelectorAll("nav, button, a.btn, input:not([type=hidden]), select, details:not([open])")]
    .filter(element => element.checkVisibility({visibilityProperty: true}))
    .map(element => element.outerHTML.slice(0, 80))"""
WORDS = """() => {
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), words = []
    while (nodes.nextNode()) {
        const {nodeValue, parentElement} = nodes.currentNode
        const {width, height} = parentElement.getBoundingClientRect()
        if (nodeValue.trim() && !parentElement.closest(".visually-hidden") && parentElement.checkVisibility({visibilityProperty: true}) && width > 1 && height > 1)
            words.push(nodeValue)
    }
    return words
}"""


# A font names some signs by the radical they are: Unicode's normal form knows most of them, not these.
RADICALS = str.maketrans(
    "⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⺟⺠⻄⻁",
    "见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟母民西虎",
)


def plain(text: str) -> str:
    """Letters and figures alone: a line may break anywhere, and a font may name a sign by its twin."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text).translate(RADICALS))


def printed(page: Page) -> bytes:
    return page.pdf(prefer_css_page_size=True)


@pytest.mark.parametrize(
    ("username", "address", "heading"),
    [
        ("county", "/desk/", "齐明"),
        ("bureau", "/applications/", "申报评审"),
        ("bureau", "/studios/", "工作室"),
        ("bureau", "/applications/2026-0009/", "2026-0009"),
        ("lead", "/studios/2025-S001/", "2025-S001"),
    ],
)
def test_a_page_is_printed_without_what_only_a_screen_needs(
    browser: Browser, program: str, username: str, address: str, heading: str
) -> None:
    with visiting(browser, program) as visit:
        visit.enter(username)
        visit.open(f"{program}{address}")
        page = visit.page
        page.emulate_media(media="print")
        page.set_viewport_size({"width": SHEET, "height": 900})
        assert page.evaluate(TO_PRESS) == []
        assert page.evaluate(OVERFLOW) == 0, "something reaches beyond the sheet"
        words = [plain(text) for text in page.evaluate(WORDS)]
        pdf = printed(page)
        assert not visit.complaints, "\n".join(visit.complaints)
    assert on_a4(pdf)
    assert all(fonts(pdf).values())
    on_paper = plain("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages))
    assert plain(heading) in on_paper
    assert "退出登录" not in on_paper
    assert [text for text in words if text not in on_paper] == []


def test_a_first_visit_fetches_little(browser: Browser, program: str) -> None:
    """Styles, scripts and the desk itself, compressed as they go over the line."""
    answers: list[Response] = []
    with visiting(browser, program) as visit:
        visit.page.on("response", lambda answer: answers.append(answer))
        visit.enter("bureau")
        visit.page.wait_for_load_state("networkidle")
        desk = len(gzip.compress(visit.page.context.request.get(f"{program}/desk/").body()))
        parts = [answer for answer in answers if answer.request.resource_type in ("stylesheet", "script")]
        fetched = {answer.url: answer.request.sizes()["responseBodySize"] for answer in parts}
        plain = [
            answer.url for answer in parts if answer.headers.get("content-encoding") not in ("gzip", "br")
        ]
    assert {answer.request.resource_type for answer in parts} == {"stylesheet", "script"}
    assert plain == [], "not compressed"
    assert desk + sum(fetched.values()) <= FIRST_VISIT * 1024, fetched
