"""The case page of a membership."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.flow import NOTHING, either
from office.pages import CasePage, Link, Tab, register
from studios import scopes
from studios.models import Membership, MembershipState
from studios.scopes import people


def _consents(case: Membership, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"membership": case}


def _to_studio(case: Membership, me: Capacity) -> Sequence[Link]:
    return [Link("成员", reverse("membership-list")), Link(case.studio.name, case.studio.get_absolute_url())]


def _awaited(case: Membership) -> str:
    """Who is still to answer."""
    if case.state == MembershipState.INVITED:
        return str(case.principal.name)
    if case.state != MembershipState.ACCEPTED:
        return ""
    school = case.principal.school
    waits = [] if case.school_consented_at else [school.name]
    if not case.authority_consented_at and school.parent:
        waits.append(school.parent.name)
    return "、".join(waits)


_parties = either(
    scopes.member_self, scopes.member_school, scopes.member_authority, people.drafter("studio__")
)


def prints_consent(case: Membership, me: Capacity) -> bool:
    """Whether ``me`` is one of those who sign: lead, member, the member's school, its authority."""
    mine = _parties(me)
    return mine != NOTHING and Membership.objects.filter(mine, pk=case.pk).exists()


def _actions(case: Membership, me: Capacity, at: datetime) -> Sequence[Link]:
    if not prints_consent(case, me):
        return []
    return [Link("打印同意书", reverse("membership-consent", args=[case.pk]))]


register(
    CasePage(
        "membership",
        title=lambda case: f"{case.principal.name}参加{case.studio.name}",
        subtitle=lambda case: f"{case.principal.school.name} · {case.principal.post}",
        tabs=(Tab("consents", "成员", "studios/membership.html", context=_consents),),
        owner=lambda case: case.studio.programme.owner_id,
        related=("studio__lead", "studio__programme", "principal__school__parent"),
        crumbs=_to_studio,
        actions=_actions,
        holder=_awaited,
        standing=lambda case: f"{case.principal.name}{case.get_state_display()}，现在没有需要办理的步骤。",
    )
)
