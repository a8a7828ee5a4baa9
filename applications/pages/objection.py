"""The case page of an objection: what is objected to whom, the evidence, who the objector is (on demand)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import APPLICATION
from applications.models import Objection, ObjectionState
from applications.objecting import may_meet
from applications.scopes import STAFF
from office.attachments import FilePolicy, Slot
from office.attachments import register as register_files
from office.flow import EVERYTHING, NOTHING
from office.materials import materials
from office.models import Scope
from office.pages import CasePage, Link, Tab, register

SLOTS = {"evidence": "异议材料", "findings": "核查材料"}


def _content(case: Objection, me: Capacity, at: datetime) -> dict[str, Any]:
    seen = APPLICATION.sees(me, case.application_id)
    return {
        "objection": case,
        "application_url": case.application.get_absolute_url() if seen else "",
        "objector_url": reverse("objection-objector", args=[case.number]) if may_meet(case, me) else "",
        "materials": materials(case, me),
        "at": at,
    }


def _slots(case: Objection, me: Capacity) -> Sequence[Slot]:
    """The owner's officer adds what the investigation found, as long as it lasts."""
    owner = case.publicity.call.programme.owner_id
    if me.holds(Role.OFFICER) and me.organisation_id == owner and case.state in ObjectionState.pending:
        return [Slot("findings", SLOTS["findings"], many=True, scope=Scope.HANDLERS)]
    return []


def _crumbs(case: Objection, me: Capacity) -> Sequence[Link]:
    """Back to list and publicity; a colleague asked for an opinion sees neither and goes back to the desk."""
    if me.role not in (Role.OFFICER, Role.LEADER, Role.AUDITOR):
        return [Link("工作台", reverse("desk"))]
    publicity = case.publicity
    return [Link("异议", reverse("objection-list")), Link(str(publicity), publicity.get_absolute_url())]


register_files(
    FilePolicy(
        "objection",
        slots=_slots,
        visible=lambda me: EVERYTHING if me.holds(*STAFF) else NOTHING,
        labels=lambda case: SLOTS,
    )
)

register(
    CasePage(
        "objection",
        title=lambda case: f"对{case.application.studio_name}的异议",
        subtitle=lambda case: "书面提交" if case.on_paper else "网上提交",
        tabs=(
            Tab(
                "content",
                "异议内容",
                "applications/objection.html",
                context=_content,
                scripts=("js/upload.js",),
            ),
        ),
        owner=lambda case: case.publicity.call.programme.owner_id,
        related=("application", "publicity__call__programme__owner"),
        crumbs=_crumbs,
    )
)
