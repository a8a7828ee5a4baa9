"""The case page of an announcement: whom it makes studios of, its document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Role
from applications import concluding, papers
from applications.flows import APPLICATION
from applications.models import (
    Announcement,
    AnnouncementState,
    Application,
    ApplicationState,
    Call,
    CallState,
)
from applications.papers_shown import paper_context
from office.documents import documents_of
from office.pages import CasePage, Link, Tab, also_links, register
from studios.models import Studio


def _drafted(case: Announcement) -> bool:
    return bool(case.state == AnnouncementState.DRAFTED)


def _list(case: Announcement, me: Capacity, at: datetime) -> dict[str, Any]:
    rows = concluding.to_announce(case) if _drafted(case) else case.applications.all()
    studios = dict(rows.filter(studio__isnull=False).values_list("number", "studio__number"))
    held = case.call.applications.filter(state=ApplicationState.HELD)
    return {
        "listed": [
            row | {"studio_number": studios.get(row["number"], "")} for row in papers.listed_rows(rows)
        ],
        "announcement": case,
        "number": _number(case),
        "held": held.count(),
    }


def _number(case: Announcement) -> str:
    """The number it has, typed or given; empty as long as it is still to be given."""
    issued = None if _drafted(case) else documents_of(case).first()
    return issued.number if issued else case.document_number


def _paper(case: Announcement, me: Capacity, at: datetime) -> dict[str, Any]:
    return paper_context(case, reverse("announcement-preview", args=[case.pk]))


def _actions(case: Announcement, me: Capacity, at: datetime) -> Sequence[Link]:
    if me.holds(Role.OFFICER) and _drafted(case):
        return [Link("修改草稿", reverse("announcement-edit", args=[case.pk]))]
    return ()


def _crumbs(case: Announcement, me: Capacity) -> Sequence[Link]:
    return [Link("公布", reverse("announcement-list")), Link(case.call.name, case.call.get_absolute_url())]


register(
    CasePage(
        "announcement",
        subtitle=lambda case: case.call.name,
        tabs=(
            Tab("list", "名单", "applications/announcement_rows.html", context=_list),
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
    """From publicity on to the announcement, as long as somebody is still to be announced."""
    owned = me.holds(Role.OFFICER) and case.programme.owner_id == me.organisation_id
    if not owned or case.state not in (CallState.PUBLICITY, CallState.ANNOUNCED):
        return ()
    if draft := case.announcements.filter(state=AnnouncementState.DRAFTED).first():
        return [Link("公布草稿", draft.get_absolute_url(), "primary")]
    if case.applications.filter(state=ApplicationState.CONFIRMED).exists():
        return [Link("拟定公布", reverse("announcement-new", args=[case.number]), "primary")]
    return ()


@also_links("studio")
def studio_links(case: Studio, me: Capacity, at: datetime) -> Sequence[Link]:
    """From a studio to the document that announced it, and for those who may back to the application."""
    seen = Exists(APPLICATION.seen(me).filter(pk=OuterRef("pk")))
    came = (
        Application.objects.filter(studio=case.pk).select_related("announcement").annotate(seen=seen).first()
    )
    if came is None:
        return ()
    links = [Link("申报材料", came.get_absolute_url())] if came.seen else []
    if came.announcement and (paper := documents_of(came.announcement).first()):
        links.append(Link("公布文件", reverse("document", args=[paper.pk])))
    return links
