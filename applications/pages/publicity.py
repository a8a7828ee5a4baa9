"""The case page of a publicity: its list, the objections to it, its document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Role
from applications import papers
from applications.models import Call, CallState, Objection, Publicity, PublicityState
from applications.papers_shown import paper_context
from applications.scopes import STAFF
from office.pages import CasePage, Link, Tab, also_links, register


def unknown_year(publicity: Publicity, at: datetime) -> int | None:
    """The year whose holidays are not yet entered, though the publicity reaches into it."""
    if publicity.calendar_known:
        return None
    return timezone.localdate(publicity.ends_at or at).year


def _list(case: Publicity, me: Capacity, at: datetime) -> dict[str, Any]:
    return {
        "listed": papers.publicity_rows(case),
        "publicity": case,
        "unknown_year": unknown_year(case, at),
        "may_mend": me.holds(Role.OFFICER),
        "public_url": reverse("public-publicity", args=[case.pk]) if case.published_at else "",
    }


def _objections(case: Publicity, me: Capacity, at: datetime) -> dict[str, Any]:
    rows = (
        Objection.objects.filter(publicity=case)
        .select_related("application")
        .defer("name", "contact", "text")
    )
    return {"objections": rows}


def _paper(case: Publicity, me: Capacity, at: datetime) -> dict[str, Any]:
    return paper_context(case, reverse("publicity-preview", args=[case.pk]))


def _actions(case: Publicity, me: Capacity, at: datetime) -> Sequence[Link]:
    if not me.holds(Role.OFFICER):
        return ()
    if case.state == PublicityState.DRAFT:
        return [Link("修改草稿", reverse("publicity-edit", args=[case.pk]))]
    return [Link("登记书面异议", reverse("objection-new", args=[case.pk]))]


def _crumbs(case: Publicity, me: Capacity) -> Sequence[Link]:
    return [Link("公示", reverse("publicity-list")), Link(case.call.name, case.call.get_absolute_url())]


def _staff(case: Any, me: Capacity) -> bool:
    return me.holds(*STAFF)


register(
    CasePage(
        "publicity",
        subtitle=lambda case: f"公示期 {case.days} 个工作日",
        tabs=(
            Tab("list", "公示名单", "applications/publicity_rows.html", context=_list),
            Tab(
                "objections",
                "异议",
                "applications/publicity_objections.html",
                context=_objections,
                visible=_staff,
                count=lambda case, me: case.objections.count(),
            ),
            Tab("paper", "公文", "applications/paper.html", context=_paper),
        ),
        owner=lambda case: case.call.programme.owner_id,
        related=("call__programme__owner", "call__programme__measures"),
        crumbs=_crumbs,
        actions=_actions,
    )
)


@also_links("call")
def call_links(case: Call, me: Capacity, at: datetime) -> Sequence[Link]:
    """From a decided call on to its publicity."""
    owned = me.holds(Role.OFFICER) and case.programme.owner_id == me.organisation_id
    if owned and case.state == CallState.DECIDED:
        return [Link("拟定公示", reverse("publicity-new", args=[case.number]), "primary")]
    return ()
