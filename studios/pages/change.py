"""The case page of a change of a studio's fortune."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from accounts.capacity import Capacity
from office.pages import CasePage, Link, Tab, register
from studios.models import ChangeState, StudioChange


def _crumbs(case: StudioChange, me: Capacity) -> Sequence[Link]:
    return [
        Link("工作室", reverse("studio-list")),
        Link(case.studio.name, f"{case.studio.get_absolute_url()}?tab=changes"),
    ]


def _awaited(case: StudioChange) -> str:
    """Who is still to answer."""
    if case.state == ChangeState.READY:
        return str(case.studio.programme.owner.name)
    if case.state != ChangeState.PROPOSED:
        return ""
    if case.school is None:
        return case.lead.name if case.lead else ""
    waits = [] if case.school_pledged_at else [case.school.name]
    if not case.authority_consented_at and case.school.parent:
        waits.append(case.school.parent.name)
    return "、".join(waits)


register(
    CasePage(
        "studiochange",
        title=lambda case: f"{case.studio.name}：{case.get_kind_display()}",
        subtitle=lambda case: f"领衔人 {case.studio.lead.name} · {case.studio.school.name}",
        tabs=(Tab("content", "变更", "studios/change.html"),),
        owner=lambda case: case.studio.programme.owner_id,
        related=(
            "studio__programme__owner",
            "studio__lead__school",
            "studio__school",
            "studio__acting_lead",
            "organisation",
            "school__parent",
            "lead__school__parent",
        ),
        holder=_awaited,
        standing=lambda case: f"变更{case.get_state_display()}，现在没有需要您办理的步骤。",
        crumbs=_crumbs,
    )
)
