"""The case page of a proposed member: what the person asked is to decide on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Role
from applications.content import SECTIONS
from applications.models import MemberState, ProposedMember
from office.filing.fields import value_of
from office.filing.pages import form_address
from office.filing.reading import said, table_of
from office.pages import CasePage, Link, Tab, register


def _studio(case: ProposedMember, me: Capacity, at: datetime) -> dict[str, Any]:
    application = case.application
    qualities, plan = SECTIONS["qualities"], SECTIONS["plan"]
    tasks = plan.field("tasks")
    term = application.call.programme.term_years
    return {
        "facts": [
            {"label": "领衔人", "value": f"{application.lead.name}（{application.lead.post}）"},
            {"label": "依托学校", "value": application.school.name},
            {"label": "学段", "value": application.get_stage_display()},
            {"label": "建设周期", "value": f"{application.call.start_on:%Y年%-m月%-d日}起 {term} 年"},
            {
                "label": "成员",
                "value": f"{case.principal.name}（{case.principal.school.name}，{case.principal.post}）",
            },
            {"label": "成员依据", "value": case.basis or "无（例外）"},
            *([{"label": "例外理由", "value": case.exception, "wide": True}] if case.exception else []),
        ],
        "idea": said(qualities.field("idea"), value_of(application, qualities, qualities.field("idea"))),
        "aims": said(plan.field("aims"), value_of(application, plan, plan.field("aims"))),
        "tasks": table_of(tasks, value_of(application, plan, tasks)),
    }


def _holder(case: ProposedMember) -> str:
    """Whom it waits for: the person asked, then the applicant who submits, then those whose consent is to come."""
    if case.state == MemberState.PROPOSED:
        return case.principal.name
    if case.state != MemberState.ACCEPTED:
        return ""
    if case.application.submitted_at is None:
        return case.application.lead.name
    if case.school_consented_at is None:
        return str(case.principal.school.name)
    authority = case.principal.school.parent
    return authority.name if authority and case.authority_consented_at is None else ""


def _crumbs(case: ProposedMember, me: Capacity) -> Sequence[Link]:
    """Back to the application for whoever sees it; the person asked has only this page."""
    application = case.application
    if me.holds(Role.PRINCIPAL):
        own = application.lead.user_id == me.user_id
        return [
            Link("拟任成员", form_address(application, "members") if own else reverse("proposedmember-list"))
        ]
    return [Link("拟任成员", reverse("proposedmember-list")), Link(application.call.name, "")]


register(
    CasePage(
        "proposedmember",
        subtitle=lambda case: f"{case.application.call.name} · 领衔人 {case.application.lead.name}",
        tabs=(Tab("studio", "工作室情况", "applications/case_proposal.html", context=_studio),),
        owner=lambda case: case.application.call.programme.owner_id,
        related=(
            "application__call__programme",
            "application__lead",
            "application__school",
            "principal__school__parent",
        ),
        holder=_holder,
        crumbs=_crumbs,
    )
)
