"""The manuals of docs/ as pages of the program: which there are, whose each is, and what it looks like as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from accounts.capacity import Capacity
from accounts.models import Kind, Role

FOLDER: Path = settings.BASE_DIR / "docs"
PICTURES = "pictures/"


@dataclass(frozen=True)
class Manual:
    """``slug`` names the file in docs/ and the address."""

    slug: str
    label: str


@dataclass(frozen=True)
class Text:
    """A manual to be shown: its body without the title, and its sections as (anchor, heading)."""

    html: SafeString
    sections: tuple[tuple[str, str], ...]


MANUALS = {
    manual.slug: manual
    for manual in (
        Manual("bureau", "市教育局"),
        Manual("county", "旗县区"),
        Manual("school", "学校"),
        Manual("principal", "校长与成员"),
        Manual("expert", "评审专家"),
        Manual("admin", "系统管理员"),
        Manual("others", "财务、第三方、审计"),
        Manual("account", "登录与账号安全"),
    )
}
OF_OFFICES = {Kind.BUREAU: "bureau", Kind.COUNTY: "county", Kind.SCHOOL: "school"}
OF_ROLES = {Role.PRINCIPAL: "principal", Role.EXPERT: "expert", Role.ADMIN: "admin"}


def manual_of(me: Capacity) -> Manual:
    """The manual for the capacity ``me`` acts in."""
    if me.holds(Role.OFFICER, Role.LEADER):
        return MANUALS[OF_OFFICES.get(Kind(me.kind), "others")]
    return MANUALS[OF_ROLES.get(Role(me.role), "others") if me.role else "others"]


@cache
def text(manual: Manual) -> Text:
    """The manual's file as HTML, made once per process: tags in it stay text, pictures and manuals lead into the program."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = _without_title(markdown.parse((FOLDER / f"{manual.slug}.md").read_text(encoding="utf-8")))
    sections = _anchored(tokens)
    for token in tokens:
        for child in token.children or ():
            _lead(child)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Text(mark_safe(html), sections)


def _without_title(tokens: list[Token]) -> list[Token]:
    """All but the first heading, which the page shows itself."""
    return tokens[3:] if tokens and tokens[0].tag == "h1" else tokens


def _anchored(tokens: list[Token]) -> tuple[tuple[str, str], ...]:
    """Give every section's heading an anchor; returns them."""
    sections: list[tuple[str, str]] = []
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h2":
            anchor = f"section-{len(sections) + 1}"
            heading.attrSet("id", anchor)
            sections.append((anchor, words.content))
    return tuple(sections)


def _lead(token: Token) -> None:
    """A picture to its static file, a link to another manual to its page.

    A picture says its size: it is fetched late, and what stands below it must not move when it comes.
    """
    source, target = str(token.attrGet("src") or ""), str(token.attrGet("href") or "")
    if source.startswith(PICTURES):
        token.attrSet("src", static(f"manual/{source.removeprefix(PICTURES)}"))
        token.attrSet("loading", "lazy")
        with Image.open(FOLDER / source) as picture:
            token.attrSet("width", str(picture.width))
            token.attrSet("height", str(picture.height))
    if target.endswith(".md") and target.removesuffix(".md") in MANUALS:
        token.attrSet("href", reverse("manual", args=[target.removesuffix(".md")]))
