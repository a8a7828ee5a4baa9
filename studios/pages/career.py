"""Career plans on screen: the case page with notes on the way, and the form both fill in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.filing import pages as forms
from office.filing.pages import FilingPage, form_address
from office.filing.reading import changes, parts
from office.flow import NOTHING
from office.pages import CasePage, Link, Tab, also_links, register
from studios.flows import CAREER_PLAN
from studios.models import CareerPlan, CareerState, Membership
from studios.scopes import career as scopes

RELATED = (
    "membership__studio__programme__owner",
    "membership__studio__lead",
    "membership__principal__school",
)


def writes(case: CareerPlan, me: Capacity) -> bool:
    """Whether ``me`` is the member, the lead, or drafts for the lead."""
    mine = scopes.fillers(me)
    return mine != NOTHING and CareerPlan.objects.filter(mine, pk=case.pk).exists()


def as_agreed(case: CareerPlan, me: Capacity) -> CareerPlan:
    """The plan as ``me`` reads it: while it is revised, all but its writers read what was agreed last."""
    if case.state == CareerState.DRAFT and not writes(case, me):
        last = case.versions.order_by("-number").first()
        if last:
            return CareerPlan(pk=case.pk, content=last.content)
    return case


def _content(case: CareerPlan, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"parts": parts(as_agreed(case, me))}


def _notes(case: CareerPlan, me: Capacity, at: datetime) -> dict[str, Any]:
    going = case.state in (CareerState.DRAFT, CareerState.AGREED)
    return {
        "notes": case.notes.select_related("user"),
        "note_url": reverse("career-note", args=[case.pk]) if going and writes(case, me) else "",
    }


def _versions(case: CareerPlan, me: Capacity, at: datetime) -> dict[str, Any]:
    latest = list(case.versions.order_by("-number")[:2])[::-1]
    before, after = (version.content for version in latest)
    return {"versions": latest, "changes": changes(case.layout, before, after), "reason": latest[-1].reason}


def _revised(case: CareerPlan, me: Capacity) -> bool:
    return case.versions.filter(number__gte=2).exists()


def _note_count(case: CareerPlan, me: Capacity) -> int:
    return case.notes.count()


def _crumbs(case: CareerPlan, me: Capacity) -> Sequence[Link]:
    studio = case.membership.studio
    return [Link("职业发展规划", reverse("career-list")), Link(studio.name, studio.get_absolute_url())]


def _actions(case: CareerPlan, me: Capacity, at: datetime) -> Sequence[Link]:
    links = [Link("打印", reverse("career-print", args=[case.pk]))]
    if case.state in case.mendable and writes(case, me):
        links.append(Link("填写规划", form_address(case, "present"), "primary"))
    return links


def _awaited(case: CareerPlan) -> str:
    if case.state != CareerState.DRAFT:
        return ""
    names = [] if case.member_signed else [case.membership.principal.name]
    return "、".join([*names, *([] if case.lead_signed else [case.membership.studio.lead.name])])


register(
    CasePage(
        "careerplan",
        title=lambda case: f"{case.membership.principal.name}的职业发展规划",
        subtitle=lambda case: f"{case.membership.principal.school.name} · {case.membership.studio.name}",
        tabs=(
            Tab("content", "规划", "studios/career.html", context=_content),
            Tab("notes", "进展记录", "studios/career_notes.html", context=_notes, count=_note_count),
            Tab(
                "changes", "与上一版的差异", "studios/plan_changes.html", context=_versions, visible=_revised
            ),
        ),
        owner=lambda case: case.membership.studio.programme.owner_id,
        related=RELATED,
        holder=_awaited,
        standing=lambda case: f"规划{case.get_state_display()}，现在没有需要您办理的步骤。",
        crumbs=_crumbs,
        actions=_actions,
    )
)

forms.register(
    FilingPage(
        CAREER_PLAN,
        fillers=scopes.fillers,
        send=("sign_member", "sign_lead"),
        words="规划",
        crumbs=lambda case: [
            Link("职业发展规划", reverse("career-list")),
            Link(str(case), case.get_absolute_url()),
        ],
        title=lambda case: f"{case.membership.principal.name}的职业发展规划",
        related=RELATED,
        refused="职业发展规划由成员本人和领衔人填写。",
    )
)


@also_links("membership")
def to_career_plan(case: Membership, me: Capacity, at: datetime) -> Sequence[Link]:
    """From the membership to its plan, for whoever sees that."""
    plan = CAREER_PLAN.seen(me).filter(membership=case).first()
    return [Link("职业发展规划", plan.get_absolute_url())] if plan else []
