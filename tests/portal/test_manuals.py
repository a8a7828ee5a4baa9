"""使用帮助: everybody's own manual, as it stands in docs/, with its pictures, in the frame of the program."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.capacity import SESSION_KEY
from accounts.models import Organisation, Role
from portal.help.manuals import MANUALS, text
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school

pytestmark = pytest.mark.django_db

DOCS = Path(settings.BASE_DIR) / "docs"


def browser_of(role: Role, organisation: Organisation) -> Client:
    me = make_capacity(role, organisation)
    client = Client()
    client.force_login(me.user)
    session = client.session
    session[SESSION_KEY] = me.appointment.pk
    session.save()
    return client


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("role", "place", "manual"),
    [
        (Role.OFFICER, "bureau", "bureau"),
        (Role.LEADER, "bureau", "bureau"),
        (Role.OFFICER, "county", "county"),
        (Role.FINANCE, "bureau", "others"),
        (Role.PRINCIPAL, "county", "principal"),
        (Role.EXPERT, "bureau", "expert"),
        (Role.ADMIN, "bureau", "admin"),
        (Role.AUDITOR, "bureau", "others"),
        (Role.SECURITY, "bureau", "others"),
    ],
)
def test_the_menu_leads_everybody_to_their_own_manual(role: Role, place: str, manual: str):
    client = browser_of(role, make_bureau() if place == "bureau" else make_county())
    assert 'href="/help/"' in client.get("/desk/").content.decode()
    page = client.get("/help/", follow=True)
    assert page.redirect_chain == [(f"/help/{manual}/", 302)]
    assert f"{MANUALS[manual].label}使用手册" in page.content.decode()


def test_a_school_officer_reads_the_schools_manual():
    assert browser_of(Role.OFFICER, make_school()).get("/help/").url == "/help/school/"


def test_the_manuals_are_for_whoever_is_logged_in():
    assert Client().get("/help/county/").url.startswith("/login/")
    client = browser_of(Role.EXPERT, make_bureau())
    assert client.get("/help/county/").status_code == 200
    assert client.get("/help/operations/").status_code == 404


@pytest.mark.parametrize("slug", MANUALS)
def test_a_manual_has_all_its_pictures_described_and_nothing_the_policy_forbids(slug: str):
    tags = Tags(text(MANUALS[slug]).html).found
    for tag, attributes in tags:
        assert tag not in ("script", "style", "h1")
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        if tag == "img":
            assert attributes["alt"]
            assert attributes["width"], (
                "its place is kept until it is fetched, or links to sections miss them"
            )
            assert finders.find(str(attributes["src"]).removeprefix("/static/")), attributes["src"]


@pytest.mark.parametrize("slug", MANUALS)
def test_every_section_can_be_reached_from_the_contents(slug: str):
    page = browser_of(Role.EXPERT, make_bureau()).get(f"/help/{slug}/").content.decode()
    anchors = re.findall(r'href="#(section-\d+)"', page)
    assert anchors
    # Once beside the text, once folded above it for a narrow window.
    assert len(anchors) == 2 * len(set(anchors)) == 2 * (DOCS / f"{slug}.md").read_text().count("\n## ")
    assert all(f'id="{anchor}"' in page for anchor in anchors)


def test_a_manual_leads_to_another_inside_the_program():
    assert 'href="/help/admin/"' in text(MANUALS["bureau"]).html


def test_every_link_and_picture_of_the_documentation_exists():
    for file in [settings.BASE_DIR / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_every_picture_is_small_and_used():
    words = "".join(
        file.read_text(encoding="utf-8") for file in [settings.BASE_DIR / "README.md", *DOCS.rglob("*.md")]
    )
    for picture in (DOCS / "pictures").glob("*.png"):
        assert picture.stat().st_size < 120_000
        assert f"pictures/{picture.name}" in words, f"{picture.name} is shown nowhere"


@pytest.mark.parametrize("slug", MANUALS)
def test_headings_and_pictures_of_a_manual_stand_by_themselves(slug: str):
    lines = (DOCS / f"{slug}.md").read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if line.startswith(("#", "![")):
            assert not before, line
        if before.startswith(("#", "![")):
            assert not line, before
