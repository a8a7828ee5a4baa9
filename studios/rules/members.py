"""What must hold for members (Art. 6), counted under the lock of the studio, and of the person where a person is counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Principal
from office.flow import Missing
from studios.models import Membership, MembershipState, Studio, StudioState

REASON_LIMIT = 300


def may_be_invited(studio: Studio, principal: Principal, reason: str, at: datetime) -> Iterator[Missing]:
    """Art. 6: chosen by the lead among heads with a ground for it; an exception ("原则上") with a reason."""
    programme = studio.programme
    live = list(studio.memberships.filter(state__in=MembershipState.live).values_list("principal", flat=True))
    if studio.state not in StudioState.live:
        yield Missing(f"工作室{studio.get_state_display()}，不能再邀请成员")
    if principal.pk == studio.lead_id:
        yield Missing("成员不含领衔人本人", 6)
    if programme.owner_id not in principal.school.reached_by():
        yield Missing(f"{principal.name}所在学校不在本项目范围内", 6)
    if principal.pk in live:
        yield Missing(f"{principal.name}已是成员，或正在办理加入", 6)
    elif len(live) >= programme.members_max:
        yield Missing(f"成员最多 {programme.members_max} 名（含正在办理加入的），请先撤回邀请或办理退出", 6)
    if principal.exceptional and not reason.strip():
        yield Missing(f"{principal.name}不符合“正职校长且具备成员依据”的原则要求，请填写例外理由", 6)
    if len(reason.strip()) > REASON_LIMIT:
        yield Missing(f"例外理由不超过 {REASON_LIMIT} 字")


def studio_lives(membership: Membership, at: datetime) -> Iterator[Missing]:
    """The studio still goes on."""
    if membership.studio.state not in StudioState.live:
        yield Missing(f"工作室{membership.studio.get_state_display()}，不能再加入")


def still_head(membership: Membership, at: datetime) -> Iterator[Missing]:
    """Art. 6(2): a member is a head (正职); "原则上": otherwise with a reason."""
    if not membership.principal.head and not membership.exception:
        yield Missing("成员原则上应为正职校长（园长），档案中现任职务不是正职，须由领衔人说明例外理由", 6)


def in_one_studio(membership: Membership, at: datetime) -> Iterator[Missing]:
    """The programme's one_studio_per_member; asked by several, a person accepts one. Under the person's lock."""
    programme = membership.studio.programme
    if not programme.one_studio_per_member:
        return
    others = Membership.objects.filter(
        principal=membership.principal_id,
        state__in=(MembershipState.ACCEPTED, *MembershipState.seated),
        studio__programme=programme,
        studio__state__in=StudioState.live,
    ).exclude(pk=membership.pk)
    if other := others.values_list("studio__name", flat=True).first():
        yield Missing(f"每人只参加一个工作室，您已是{other}的成员或已同意参加", 6)
    led = Studio.objects.filter(lead=membership.principal_id, programme=programme, state__in=StudioState.live)
    if own := led.values_list("name", flat=True).first():
        yield Missing(f"您领衔{own}，不能同时作为其他工作室的成员", 6)


def own_studio(pk: int) -> list[QuerySet[Any]]:
    """The studio whose members are counted."""
    return [Studio.objects.filter(memberships=pk)]


def studio_and_person(pk: int) -> list[QuerySet[Any]]:
    """The studio, then the person who sits in one studio only."""
    return [Studio.objects.filter(memberships=pk), Principal.objects.filter(memberships=pk)]
