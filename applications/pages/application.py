"""The case page of an application: its form, members, materials, what changed since it was sent before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Role
from applications.files import PHOTO, material_context
from applications.members import listed
from applications.models import Application, ApplicationState, MemberState
from applications.privacy import may_unmask
from applications.reading import differences, parts
from applications.scopes import STAFF
from applications.shares import in_charge
from office.attachments import visible_attachments
from office.filing.pages import form_address
from office.filing.reading import asked
from office.pages import CasePage, Link, Tab, register

S = ApplicationState


def _not_expert(case: Application, me: Capacity) -> bool:
    """Experts judge without the opinions of school and county."""
    return not me.holds(Role.EXPERT)


def _content(case: Application, me: Capacity, at: datetime) -> dict[str, Any]:
    blind = me.holds(Role.EXPERT)
    return {
        "asked": None if blind else asked(case, S.RETURNED),
        "parts": parts(case, me),
        "in_charge": in_charge(case, me),
        "identity": "" if blind else case.lead.masked_identity,
        "identity_url": reverse("application-identity", args=[case.number]) if may_unmask(case, me) else "",
    }


def _members(case: Application, me: Capacity, at: datetime) -> dict[str, Any]:
    programme = case.call.programme
    return {
        "members": listed(case, at),
        "least": programme.members_min,
        "most": programme.members_max,
        "linked": me.holds(*STAFF, Role.PRINCIPAL),
    }


def _member_count(case: Application, me: Capacity) -> int:
    return case.members.filter(state__in=MemberState.live).count()


def _materials(case: Application, me: Capacity, at: datetime) -> dict[str, Any]:
    return material_context(case, me, f"{case.get_absolute_url()}?tab=materials")


def _file_count(case: Application, me: Capacity) -> int:
    return visible_attachments(case, me).exclude(slot=PHOTO).count()


def _sent_again(case: Application, me: Capacity) -> bool:
    return (
        case.submitted_at is not None
        and _not_expert(case, me)
        and case.versions.filter(number__gte=2).exists()
    )


def _differences(case: Application, me: Capacity, at: datetime) -> dict[str, Any]:
    latest = list(case.versions.order_by("-number")[:2])[::-1]
    return {"versions": latest, "changes": differences(latest)}


def _holder(case: Application) -> str:
    """Who has the application now; "" where it is nobody's turn."""
    owner = case.call.programme.owner.name
    holders = {
        S.DRAFT: case.lead.name,
        S.RETURNED: case.lead.name,
        S.SCHOOL_REVIEW: case.school.name,
        S.AUTHORITY_REVIEW: case.authority.name,
        S.RECOMMENDED: owner,
        S.UNDER_REVIEW: "评审专家",
        S.PASSED: owner,
        S.PUBLICISED: owner,
        S.HELD: owner,
        S.CONFIRMED: owner,
    }
    return holders.get(S(case.state), "")


def _subtitle(case: Application) -> str:
    return f"{case.school.name} · {case.get_stage_display()} · 领衔人 {case.lead.name}"


def _crumbs(case: Application, me: Capacity) -> Sequence[Link]:
    if me.holds(Role.EXPERT):
        return [Link(case.call.name, "")]
    label = "我的申报" if me.holds(Role.PRINCIPAL) else "申报评审"
    return [Link(label, reverse("application-list")), Link(case.call.name, case.call.get_absolute_url())]


def _actions(case: Application, me: Capacity, at: datetime) -> Sequence[Link]:
    links = [Link("打印申报表", reverse("application-print", args=[case.number]))]
    if case.state in case.mendable and case.lead.user_id == me.user_id and me.holds(Role.PRINCIPAL):
        links.append(Link("填写申报表", form_address(case, "basics"), "primary"))
    return links


register(
    CasePage(
        "application",
        title=lambda case: case.studio_name,
        subtitle=_subtitle,
        tabs=(
            Tab("content", "申报内容", "applications/case_content.html", context=_content),
            Tab(
                "members", "拟任成员", "applications/case_members.html", context=_members, count=_member_count
            ),
            Tab(
                "materials",
                "材料",
                "applications/materials.html",
                context=_materials,
                count=_file_count,
                scripts=("js/upload.js",),
            ),
            Tab(
                "changes",
                "与上次的差异",
                "components/changes.html",
                context=_differences,
                visible=_sent_again,
            ),
        ),
        history=_not_expert,
        owner=lambda case: case.call.programme.owner_id,
        related=("call__programme__owner", "lead", "school__parent", "authority"),
        holder=_holder,
        crumbs=_crumbs,
        actions=_actions,
    )
)
