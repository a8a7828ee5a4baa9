"""The page of the application form, and what some of its sections show beside their fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from applications import scopes
from applications.files import PHOTO, material_context
from applications.flows import APPLICATION
from applications.members import listed, search
from applications.models import Application, MemberState
from applications.reading import lead_facts
from office.filing.fields import Section
from office.filing.pages import FilingPage, form_address, register
from office.filing.reading import asked
from office.materials import materials
from office.pages import Link
from office.requests import Request


def _crumbs(application: Application) -> Sequence[Link]:
    return [
        Link("我的申报", reverse("application-list")),
        Link(application.call.name, application.get_absolute_url()),
    ]


def _template(section: Section) -> str:
    own = section.key in ("members", "materials")
    return f"applications/form_{section.key}.html" if own else "patterns/filing.html"


def _extras(application: Application, section: Section, request: Request) -> dict[str, Any]:
    """What some sections show beside their fields."""
    me, back = request.me, form_address(application, section.key)
    if section.key == "lead":
        photo = next((each for each in materials(application, me, back) if each.key == PHOTO), None)
        return {
            "facts": lead_facts(application, me),
            "files": photo.files if photo else [],
            "upload": photo.upload if photo else None,
        }
    if section.key == "members":
        return _member_context(application, request.GET.get("find", ""), request.at)
    if section.key == "materials":
        context = material_context(application, me, back)
        return context | {"materials": [each for each in context["materials"] if each.upload]}
    return {}


def _member_context(application: Application, words: str, at: datetime) -> dict[str, Any]:
    """The members proposed so far, and whom a search finds."""
    rows = listed(application, at)
    return {
        "members": rows,
        "live": sum(row.live for row in rows),
        "accepted": sum(row.member.state == MemberState.ACCEPTED for row in rows),
        "programme": application.call.programme,
        "find": words,
        "candidates": search(application, words),
        "may_withdraw": True,
        "linked": True,
        "back": form_address(application, "members"),
    }


FORM = register(
    FilingPage(
        APPLICATION,
        fillers=scopes.applicant,
        send=("submit", "resubmit"),
        words="申报表",
        crumbs=_crumbs,
        title=lambda application: application.studio_name,
        subtitle=lambda application: f"编号 {application.number} · 每个部分会自动保存，可随时离开",
        related=("call__programme", "lead", "school__parent", "authority"),
        asked=lambda application: asked(application, "returned"),
        extras=_extras,
        template=_template,
        refused="申报表由申报人本人填写。",
    )
)
