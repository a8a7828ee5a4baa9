"""The case page of advice, and the files that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.attachments import FilePolicy, Slot
from office.attachments import register as register_files
from office.flow import EVERYTHING
from office.materials import materials
from office.pages import CasePage, Link, Tab, register
from studios.models import Advice, AdviceState
from studios.pages import filed
from studios.scopes import people

RELATED = (
    "studio__programme__owner",
    "studio__lead",
    "studio__acting_lead",
    "studio__school",
    "handler",
    "year",
)
drafter = people.drafter("studio__")
LABELS = {"report": "报告与附件"}


def _slots(case: Advice, me: Capacity) -> Sequence[Slot]:
    """Whoever writes the draft adds files to it until it is sent."""
    if case.state == AdviceState.DRAFT and filed.writes(case, me, drafter):
        return [Slot("report", LABELS["report"], many=True, hint="调研报告全文、数据表等")]
    return []


register_files(FilePolicy("advice", slots=_slots, visible=lambda me: EVERYTHING, labels=lambda case: LABELS))


def _content(case: Advice, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"advice": case, "materials": materials(case, me)}


def _actions(case: Advice, me: Capacity, at: datetime) -> Sequence[Link]:
    if case.state == AdviceState.DRAFT and filed.writes(case, me, drafter):
        return [Link("修改草稿", reverse("advice-edit", args=[case.pk]), "primary")]
    return []


def _holder(case: Advice) -> str:
    return {
        AdviceState.DRAFT: case.studio.lead.name,
        AdviceState.SENT: str(case.studio.programme.owner),
        AdviceState.ROUTED: str(case.handler or case.studio.programme.owner),
    }.get(AdviceState(case.state), "")


register(
    CasePage(
        "advice",
        title=lambda case: case.title,
        subtitle=lambda case: f"{case.get_kind_display()} · {case.studio.name}",
        tabs=(Tab("content", "内容", "studios/advice.html", context=_content, scripts=("js/upload.js",)),),
        owner=lambda case: case.studio.programme.owner_id,
        related=RELATED,
        holder=_holder,
        standing=lambda case: f"已答复：{case.get_verdict_display()}。",
        crumbs=lambda case, me: [
            Link("建言献策", reverse("advice-list")),
            Link(case.studio.name, case.studio.get_absolute_url()),
        ],
        actions=_actions,
    )
)
