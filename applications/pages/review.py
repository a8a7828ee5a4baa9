"""The case page of a review: for the expert the way to the sheet, for the owner the sheet as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Role
from applications import sheets
from applications.models import Review, ReviewState
from office.pages import CasePage, Link, Tab, register


def _expert(case: Review, me: Capacity) -> bool:
    return me.holds(Role.EXPERT)


def _sheet(case: Review, me: Capacity, at: datetime) -> dict[str, Any]:
    """What is kept, read-only; a sheet the expert still works on is not shown to others."""
    hidden = case.state == ReviewState.ASSIGNED and not _expert(case, me)
    groups = [] if hidden else sheets.groups(case, lambda leaf: "")
    items = [item for group in groups for item in group.items]
    return {
        "review": case,
        "hidden": hidden,
        "groups": groups,
        "total": sum((item.score for item in items if item.score is not None), 0),
        "done": sum(item.score is not None for item in items),
        "of": len(items),
        "sheet_url": reverse("review-sheet", args=[case.pk]) if _expert(case, me) else "",
        "late": case.state == ReviewState.SUBMITTED and case.since > case.application.call.score_by,
    }


def _actions(case: Review, me: Capacity, at: datetime) -> Sequence[Link]:
    if not _expert(case, me) or case.state not in ReviewState.counting:
        return ()
    label = "填写评分表" if sheets.is_open(case) else "查看评分表"
    return [Link(label, reverse("review-sheet", args=[case.pk]), "primary")]


def _crumbs(case: Review, me: Capacity) -> Sequence[Link]:
    if _expert(case, me):
        return [Link("我的评审", reverse("review-list"))]
    call = case.application.call
    links = [Link(call.name, call.get_absolute_url())]
    if me.holds(Role.OFFICER, Role.LEADER):
        links.append(Link("评审进度", reverse("call-progress", args=[call.number])))
    return links


def _subtitle(case: Review) -> str:
    application = case.application
    return f"{application.number} · {application.school.name} · {application.get_stage_display()}"


def _holder(case: Review) -> str:
    return str(case.expert) if case.state == ReviewState.ASSIGNED else ""


register(
    CasePage(
        "review",
        title=lambda case: f"评审 {case.application.studio_name}",
        subtitle=_subtitle,
        tabs=(Tab("sheet", "评分", "applications/case_sheet.html", context=_sheet),),
        owner=lambda case: case.application.call.programme.owner_id,
        related=(
            "expert__user",
            "application__call__programme__owner",
            "application__school",
            "application__lead",
        ),
        holder=_holder,
        crumbs=_crumbs,
        actions=_actions,
    )
)
