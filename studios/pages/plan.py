"""Plans on screen: the case page with its items and what was changed, and the form they are filled in by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.filing import pages as forms
from office.filing.pages import FilingPage, form_address
from office.filing.reading import asked, changes, parts
from office.flow import EVERYTHING, NOTHING
from office.pages import CasePage, Link, Tab, register
from studios.flows import PLAN
from studios.flows.plan import lead
from studios.models import FiledState, Plan
from studios.progress import items_of
from studios.scopes import people

RELATED = ("studio__programme__owner", "studio__lead", "studio__school", "term", "year__term")
drafter = people.drafter("studio__")


def writes(case: Plan, me: Capacity) -> bool:
    """Whether ``me`` has the draft in hand."""
    mine = drafter(me)
    return mine not in (NOTHING, EVERYTHING) and Plan.objects.filter(mine, pk=case.pk).exists()


def as_filed(case: Plan, me: Capacity) -> Plan:
    """The plan as ``me`` reads it: while it is being changed, all but its writers read what was filed last."""
    if case.state in (FiledState.AMENDING, FiledState.RETURNED) and not writes(case, me):
        last = case.versions.order_by("-number").first()
        if last:
            return Plan(pk=case.pk, kind=case.kind, content=last.content)
    return case


def _content(case: Plan, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"asked": asked(case, FiledState.RETURNED), "parts": parts(as_filed(case, me))}


def _items(case: Plan, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"items": items_of(case)}


def _versions(case: Plan, me: Capacity, at: datetime) -> dict[str, Any]:
    latest = list(case.versions.order_by("-number")[:2])[::-1]
    before, after = (version.content for version in latest)
    return {"versions": latest, "changes": changes(case.layout, before, after), "reason": latest[-1].reason}


def _amended(case: Plan, me: Capacity) -> bool:
    return case.versions.filter(number__gte=2).exists()


def _filed(case: Plan, me: Capacity) -> bool:
    return case.filed_at is not None


def _crumbs(case: Plan, me: Capacity) -> Sequence[Link]:
    return [Link("规划与计划", reverse("plan-list")), Link(case.studio.name, case.studio.get_absolute_url())]


def _actions(case: Plan, me: Capacity, at: datetime) -> Sequence[Link]:
    links = [Link("打印", reverse("plan-print", args=[case.pk]))] if case.filed_at else []
    if case.state in case.mendable and writes(case, me):
        links.append(Link(f"填写{case.get_kind_display()}", form_address(case, "aims"), "primary"))
    return links


register(
    CasePage(
        "plan",
        title=lambda case: f"{case.studio.name}{case.name}",
        subtitle=lambda case: (
            f"{case.studio.school.name} · 领衔人 {case.studio.lead.name}{' · 逾期备案' if case.late else ''}"
        ),
        tabs=(
            Tab("content", "内容", "studios/plan.html", context=_content),
            Tab("items", "任务完成情况", "studios/plan_items.html", context=_items, visible=_filed),
            Tab(
                "changes", "与上一版的差异", "studios/plan_changes.html", context=_versions, visible=_amended
            ),
        ),
        owner=lambda case: case.studio.programme.owner_id,
        related=RELATED,
        holder=lambda case: "" if case.state == FiledState.FILED else case.studio.lead.name,
        standing=lambda case: "已备案，现在没有需要您办理的步骤。",
        crumbs=_crumbs,
        actions=_actions,
    )
)

FORM = forms.register(
    FilingPage(
        PLAN,
        fillers=drafter,
        send=("file",),
        words="计划",
        crumbs=lambda case: [
            Link("规划与计划", reverse("plan-list")),
            Link(case.studio.name, case.get_absolute_url()),
        ],
        title=lambda case: f"{case.studio.name}{case.name}",
        related=RELATED,
        asked=lambda case: asked(case, FiledState.RETURNED),
        refused="规划与计划由领衔人或受托的助理填写。",
    )
)

__all__ = ["FORM", "as_filed", "lead", "writes"]
