"""Plans on screen: the case page with its items and what was changed, and the form they are filled in by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.filing import pages as forms
from office.filing.fields import Section
from office.filing.pages import FilingPage, form_address
from office.filing.reading import asked, parts
from office.pages import CasePage, Link, Tab, register
from office.requests import Request
from studios.flows import PLAN
from studios.flows.plan import lead
from studios.models import FiledState, Plan
from studios.pages import filed
from studios.progress import items_named
from studios.scopes import people

RELATED = ("studio__programme__owner", "studio__lead", "studio__school", "term", "year__term")
drafter = people.drafter("studio__")


def writes(case: Plan, me: Capacity) -> bool:
    """Whether ``me`` has the draft in hand."""
    return filed.writes(case, me, drafter)


def as_filed(case: Plan, me: Capacity) -> Plan:
    """The plan as ``me`` reads it."""
    shown: Plan = filed.as_filed(case, me, drafter)
    return shown


def _content(case: Plan, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"asked": asked(case, FiledState.RETURNED), "parts": parts(as_filed(case, me))}


def _items(case: Plan, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"items": items_named(case)}


def _versions(case: Plan, me: Capacity, at: datetime) -> dict[str, Any]:
    return filed.last_changes(case)


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
            Tab("items", "任务完成情况", "studios/plan_items.html", context=_items, visible=filed.filed),
            Tab(
                "changes",
                "与上一版的差异",
                "studios/plan_changes.html",
                context=_versions,
                visible=filed.amended,
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


def _extras(case: Plan, section: Section, request: Request) -> dict[str, Any]:
    """The tasks may come from a sheet."""
    return {"import_url": reverse("plan-items-import", args=[case.pk])} if section.key == "items" else {}


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
        extras=_extras,
        template=lambda section: "studios/plan_form.html",
    )
)

__all__ = ["FORM", "as_filed", "lead", "writes"]
