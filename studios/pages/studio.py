"""The case page of a studio."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.pages import CasePage, Link, Tab, register
from studios import life, staffing
from studios.flows import STUDIO_CHANGE
from studios.models import ChangeKind, MembershipState, OutputState, Plaque, Studio, StudioState
from studios.pages.work import WORK, part_or_pen
from studios.rights import rights


def county_of(studio: Studio) -> str:
    """The county as lists name it; a school directly under the bureau has none."""
    return "市直" if studio.authority.kind == Kind.BUREAU else studio.authority.label


def may_have_plaque(studio: Studio, me: Capacity) -> bool:
    """The owner's officer and leader, and the lead, print the plaque."""
    owner = me.holds(Role.OFFICER, Role.LEADER) and studio.programme.owner_id == me.organisation_id
    return owner or (studio.lead.user_id is not None and studio.lead.user_id == me.user_id)


def _held(case: Studio, me: Capacity) -> bool:
    """Consents, reasons and opinions are for those with a part in the studio; others read what the directory says."""
    return rights(case, me)["held"]


def _overview(case: Studio, me: Capacity, at: datetime) -> dict[str, Any]:
    plaque: Plaque | None = getattr(case, "plaque", None)
    work = _work(case, me, at) if _held(case, me) else {"years": life.years_of(case, timezone.localdate(at))}
    return work | {
        "studio": case,
        "county": county_of(case),
        "plaque": plaque,
        "plaque_url": reverse("plaque", args=[case.number]) if plaque and may_have_plaque(case, me) else "",
    }


def _work(case: Studio, me: Capacity, at: datetime) -> dict[str, Any]:
    """What those with a part in the studio read of it: years, duties, schools helped, outputs."""
    years = life.told(case, at)
    year = life.present(years)
    ledgers = bool(year) and rights(case, me)["ledger"]
    return {
        "years": years,
        "year": year,
        "ledger_url": reverse("studio-ledger", args=[case.number, year.starts.year])
        if year and ledgers
        else "",
        "duties": life.duties(year) if year else [],
        "kinds": life.kinds(years),
        "outputs": life.latest(case.outputs.exclude(state=OutputState.WITHDRAWN)),
        "helped": life.helped(years),
    }


def _members(case: Studio, me: Capacity, at: datetime) -> dict[str, Any]:
    rows = case.memberships.select_related("principal__school__parent").order_by("principal__sort_key", "pk")
    return {
        "memberships": rows,
        "least": case.programme.members_min,
        "most": case.programme.members_max,
        "invite_url": reverse("studio-invite", args=[case.number]) if _leads(case, me) else "",
        # An auditor reads who the members are, not how each came to be one.
        "linked": not me.holds(Role.AUDITOR),
        "at": at,
    }


def _staff(case: Studio, me: Capacity, at: datetime) -> dict[str, Any]:
    return {
        "groups": staffing.people_of(case, timezone.localdate(at)),
        "may_write": rights(case, me)["writes"],
        "may_lead": rights(case, me)["leads"],
    }


def _changes(case: Studio, me: Capacity, at: datetime) -> dict[str, Any]:
    rows = STUDIO_CHANGE.seen(me).filter(studio=case).select_related("school", "lead", "organisation")
    mine = case.state in StudioState.live and rights(case, me)["proposes"]
    kinds = [kind for kind in ChangeKind if kind != ChangeKind.EXTEND or case.state == StudioState.PREPARING]
    links = [Link(kind.label, reverse("studio-change-new", args=[case.number, kind.value])) for kind in kinds]
    return {"changes": rows, "proposals": links if mine else []}


def _concerned(case: Studio, me: Capacity) -> bool:
    """Whoever may propose a change, or sees one."""
    if rights(case, me)["proposes"]:
        return True
    return STUDIO_CHANGE.seen(me).filter(studio=case).exists()


def _leads(case: Studio, me: Capacity) -> bool:
    """Whether ``me`` chooses the members of a studio that still goes on."""
    return case.state in StudioState.live and rights(case, me)["leads"]


def _member_count(case: Studio, me: Capacity) -> int:
    return case.memberships.filter(state__in=MembershipState.seated).count()


def _to_studios(case: Any, me: Capacity) -> Sequence[Link]:
    return [Link("工作室", reverse("studio-list"))]


def _public(case: Studio, me: Capacity, at: datetime) -> Sequence[Link]:
    """To the page the public sees."""
    listed = case.state in StudioState.listed
    return [Link("公开页面", reverse("directory-studio", args=[case.number]))] if listed else []


register(
    CasePage(
        "studio",
        subtitle=lambda case: f"{case.get_stage_display()} · 领衔人 {case.lead.name} · {case.school.name}",
        tabs=(
            Tab("overview", "概况", "studios/overview.html", context=_overview),
            Tab(
                "members",
                "成员",
                "studios/members.html",
                context=_members,
                visible=_held,
                count=_member_count,
            ),
            *WORK,
            Tab("staff", "顾问助理与跟岗", "studios/staff.html", context=_staff, visible=part_or_pen),
            Tab("changes", "变更", "studios/changes.html", context=_changes, visible=_concerned),
        ),
        history=_held,
        owner=lambda case: case.programme.owner_id,
        related=("lead", "acting_lead", "school", "authority", "programme__owner", "plaque"),
        standing=lambda case: f"工作室{case.get_state_display()}，现在没有需要办理的步骤。",
        crumbs=_to_studios,
        actions=_public,
    )
)
