"""The case pages of studio and membership, and what a plaque's code tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office import checks
from office.pages import CasePage, Link, Tab, register
from office.templatetags.office import day
from studios.models import Membership, MembershipState, Plaque, Studio, StudioYear
from studios.scopes import studios_held


def county_of(studio: Studio) -> str:
    """The county as lists name it; a school directly under the bureau has none."""
    return "市直" if studio.authority.kind == Kind.BUREAU else studio.authority.label


def years_of(studio: Studio, today: date) -> list[dict[str, Any]]:
    """The studio years on one line: past, present or ahead; one query."""
    years = StudioYear.objects.filter(term__studio=studio).select_related("term").order_by("starts")
    return [
        {
            "label": f"第{row.term.number}周期 第{row.number}年"
            if row.term.number > 1
            else f"第{row.number}年",
            "starts": row.starts,
            "ends": row.ends,
            "place": row.place(today),
        }
        for row in years
    ]


def may_have_plaque(studio: Studio, me: Capacity) -> bool:
    """The owner's officer and leader, and the lead, print the plaque."""
    owner = me.holds(Role.OFFICER, Role.LEADER) and studio.programme.owner_id == me.organisation_id
    return owner or (studio.lead.user_id is not None and studio.lead.user_id == me.user_id)


def _held(case: Studio, me: Capacity) -> bool:
    """Consents, reasons and opinions are for those with a part in the studio; others read what the directory says."""
    return Studio.objects.filter(studios_held(me), pk=case.pk).exists()


def _overview(case: Studio, me: Capacity, at: datetime) -> dict[str, Any]:
    plaque = Plaque.objects.filter(studio=case).first()
    return {
        "studio": case,
        "county": county_of(case),
        "years": years_of(case, timezone.localdate(at)),
        "plaque": plaque,
        "plaque_url": reverse("plaque", args=[case.number]) if plaque and may_have_plaque(case, me) else "",
    }


def _members(case: Studio, me: Capacity, at: datetime) -> dict[str, Any]:
    rows = case.memberships.select_related("principal__school__parent").order_by("principal__sort_key", "pk")
    return {"memberships": rows, "least": case.programme.members_min, "most": case.programme.members_max}


def _member_count(case: Studio, me: Capacity) -> int:
    return case.memberships.filter(state__in=MembershipState.live).count()


def _to_studios(case: Any, me: Capacity) -> Sequence[Link]:
    return [Link("工作室", reverse("studio-list"))]


def _public(case: Studio, me: Capacity, at: datetime) -> Sequence[Link]:
    """To the page the public sees."""
    listed = Studio.objects.listed().filter(pk=case.pk).exists()
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
        ),
        history=_held,
        owner=lambda case: case.programme.owner_id,
        related=("lead", "school", "authority", "programme__owner"),
        standing=lambda case: f"工作室{case.get_state_display()}，现在没有需要办理的步骤。",
        crumbs=_to_studios,
        actions=_public,
    )
)


def _consents(case: Membership, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"membership": case}


def _to_studio(case: Membership, me: Capacity) -> Sequence[Link]:
    return [Link("成员", reverse("membership-list")), Link(case.studio.name, case.studio.get_absolute_url())]


def _awaited(case: Membership) -> str:
    """Who is still to consent."""
    if case.state != MembershipState.ACCEPTED:
        return ""
    school = case.principal.school
    waits = [] if case.school_consented_at else [school.name]
    if not case.authority_consented_at and school.parent:
        waits.append(school.parent.name)
    return "、".join(waits)


register(
    CasePage(
        "membership",
        title=lambda case: f"{case.principal.name}参加{case.studio.name}",
        subtitle=lambda case: f"{case.principal.school.name} · {case.principal.post}",
        tabs=(Tab("consents", "成员", "studios/membership.html", context=_consents),),
        owner=lambda case: case.studio.programme.owner_id,
        related=("studio__lead", "studio__programme", "principal__school__parent"),
        crumbs=_to_studio,
        holder=_awaited,
        standing=lambda case: f"{case.principal.name}{case.get_state_display()}，现在没有需要办理的步骤。",
    )
)


@checks.register
def _plaque(code: str) -> checks.Found | None:
    """Art. 9 挂牌: whose plaque it is, and whether it still stands."""
    plaque = (
        Plaque.objects.select_related("studio__lead", "studio__school", "studio__programme__owner")
        .filter(check_code=code)
        .first()
    )
    if plaque is None:
        return None
    studio = plaque.studio
    note = f"领衔人：{studio.lead.name}；依托学校：{studio.school.name}；{studio.get_state_display()}"
    if plaque.withdrawn_on:
        note = f"{note}；牌匾已于{day(plaque.withdrawn_on)}收回"
    return checks.Found(
        kind="牌匾",
        title=studio.name,
        number=plaque.number,
        issuer=studio.programme.owner.name,
        date=day(plaque.awarded_on),
        valid=plaque.withdrawn_on is None,
        note=note,
    )
