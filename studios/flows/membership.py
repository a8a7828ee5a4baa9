"""Membership (Art. 6): invited by the lead, willing, consented to by school and authority, until they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from accounts.candidates import exception_said
from accounts.capacity import Capacity
from accounts.models import Principal
from office.door import Act, follow
from office.flow import Flow, Station, Step, either, register
from office.models import Entry
from office.notices import action, result
from studios import scopes
from studios.flows import tells
from studios.flows.studio import activate_when_full
from studios.models import Membership, MembershipState, Studio, StudioState
from studios.rules import members as rules
from studios.scopes import people

S = MembershipState
lead = people.lead("studio__")


def _stamp(field: str) -> Callable[[Membership, Act], None]:
    def stamp(case: Membership, act: Act) -> None:
        setattr(case, field, act.at)
        case.save(update_fields=[field])
        if case.school_consented_at and case.authority_consented_at:
            follow(case, "join", act.me, act.at, cause=act.entry)

    return stamp


def _day(act: Act) -> Any:
    return act.at.astimezone().date()


def _joined(case: Membership, act: Act) -> None:
    case.joined_on = case.joined_on or _day(act)
    case.save(update_fields=["joined_on"])


def _left(case: Membership, act: Act) -> None:
    if case.joined_on:
        case.left_on = _day(act)
        case.save(update_fields=["left_on"])


def _forget_consents(case: Membership) -> None:
    case.school_consented_at = case.authority_consented_at = None
    case.save(update_fields=["school_consented_at", "authority_consented_at"])


def _consents_anew(case: Membership, act: Act) -> None:
    _forget_consents(case)


def _studio_counts(case: Membership, act: Act) -> None:
    """Art. 6: an active studio below its least number keeps the day since when; a preparing one may be full."""
    studio = case.studio
    activate_when_full(studio, act)
    seated = studio.memberships.filter(state__in=S.seated).count()
    enough = seated >= studio.programme.members_min or studio.state != StudioState.ACTIVE
    since = None if enough else studio.below_since or _day(act)
    if since != studio.below_since:
        studio.below_since = since
        studio.save(update_fields=["below_since"])


def _who_consents(case: Membership) -> Iterable[int]:
    return {*tells.the_members_school(case), *tells.the_members_authority(case)}


def _both_sides(case: Membership) -> Iterable[int]:
    return [*tells.the_member(case), *tells.the_lead(case)]


MEMBERSHIP = register(
    Flow(
        name="membership",
        label="工作室成员",
        model=Membership,
        path="memberships",
        visible=scopes.memberships_seen,
        interest=scopes.membership_interest,
        title=Concat(F("principal__name"), Value("参加"), F("studio__name")),
        subtitle=F("principal__school__name"),
        sender=F("studio__lead__name"),
        gathered=(S.ACCEPTED,),
        hands=lambda case: (
            case.principal.school_id,
            case.principal.school.parent_id,
            case.studio.programme.owner_id,
        ),
        people=lambda case: (case.principal.user_id, case.studio.lead.user_id),
        steps=(
            Step(
                "accept",
                "同意参加",
                prompt="答复邀请",
                source=(S.INVITED,),
                target=S.ACCEPTED,
                who=scopes.member_self,
                own=True,
                needs=(rules.studio_lives, rules.still_head, rules.in_one_studio),
                locks=rules.studio_and_person,
                tells=(result(tells.the_lead), action(_who_consents)),
                tone="primary",
            ),
            Step(
                "decline",
                "不参加",
                source=(S.INVITED,),
                target=S.DECLINED,
                who=scopes.member_self,
                own=True,
                opinion=True,
                tells=(result(tells.the_lead),),
                tone="danger",
            ),
            Step(
                "withdraw",
                "撤回邀请",
                source=(S.INVITED, S.ACCEPTED),
                target=S.WITHDRAWN,
                who=lead,
                waits=False,
                locks=rules.own_studio,
                tells=(result(tells.the_member),),
                tone="danger",
            ),
            Step(
                "consent_school",
                "学校同意",
                prompt="同意本校校长参加工作室",
                source=(S.ACCEPTED,),
                target=None,
                who=scopes.member_school,
                stead=scopes.member_school_stead,
                when=Q(school_consented_at__isnull=True),
                locks=rules.own_studio,
                then=(_stamp("school_consented_at"),),
                tells=(tells.the_lead, tells.the_member),
                tone="primary",
                confirm=exception_said,
            ),
            Step(
                "consent_authority",
                "主管部门同意",
                prompt="同意所属校长参加工作室",
                source=(S.ACCEPTED,),
                target=None,
                who=scopes.member_authority,
                stead=scopes.member_authority_stead,
                when=Q(authority_consented_at__isnull=True),
                locks=rules.own_studio,
                then=(_stamp("authority_consented_at"),),
                tells=(tells.the_lead, tells.the_member),
                tone="primary",
                confirm=exception_said,
            ),
            Step(
                "refuse",
                "不同意",
                source=(S.ACCEPTED,),
                target=S.DECLINED,
                who=either(scopes.member_school, scopes.member_authority),
                stead=either(scopes.member_school_stead, scopes.member_authority_stead),
                opinion=True,
                waits=False,
                locks=rules.own_studio,
                then=(_left, _studio_counts),
                tells=(result(_both_sides),),
                tone="danger",
            ),
            Step(
                "join",
                "成为成员",
                source=(S.ACCEPTED,),
                target=S.ACTIVE,
                then=(_joined, _studio_counts),
                tells=(result(_both_sides),),
            ),
            Step(
                "leave",
                "申请退出",
                source=(S.ACTIVE,),
                target=S.LEAVING,
                who=either(scopes.member_self, lead),
                own=True,
                opinion=True,
                waits=False,
                tells=(action(tells.the_owner), _both_sides),
            ),
            Step(
                "note_left",
                "确认退出",
                prompt="确认成员退出",
                source=(S.LEAVING,),
                target=S.LEFT,
                who=people.owner_officer("studio__"),
                locks=rules.own_studio,
                then=(_left, _studio_counts),
                tells=(result(_both_sides), result(tells.the_members_school)),
                tone="primary",
                confirm=lambda case: f"{case.principal.name}将退出{case.studio.name}，其名额空出",
            ),
            Step(
                "consent_anew",
                "换校后重新征求同意",
                source=(S.ACTIVE, S.LEAVING),
                target=S.ACCEPTED,
                waits=False,
                then=(_consents_anew, _studio_counts),
                tells=(action(_who_consents), _both_sides),
            ),
            Step(
                "take_lead",
                "接任领衔人",
                source=S.live,
                target=S.LEFT,
                waits=False,
                then=(_left, _studio_counts),
            ),
            Step(
                "end",
                "随工作室终止",
                source=S.live,
                target=S.LEFT,
                waits=False,
                then=(_left,),
                tells=(result(tells.the_member),),
            ),
        ),
        way=(
            Station("本人同意", ("begin", "accept"), (S.INVITED,)),
            Station("学校同意", ("consent_school",), (S.ACCEPTED,)),
            Station("主管部门同意", ("consent_authority",), (S.ACCEPTED,)),
            Station("在任", ("join",), (S.ACTIVE, S.LEAVING)),
        ),
        tones={
            S.INVITED: "amber",
            S.ACCEPTED: "blue",
            S.ACTIVE: "green",
            S.LEAVING: "amber",
            S.DECLINED: "red",
        },
    )
)


def members_change_school(principal: Principal, me: Capacity, at: datetime, cause: Entry | None) -> int:
    """DOMAIN: a member who changes school needs new consents. Called by whoever records the new school, inside
    their transaction; returns how many memberships are asked about anew.
    """
    places = Membership.objects.filter(principal=principal, state__in=(S.ACCEPTED, *S.seated))
    list(Studio.objects.filter(memberships__in=places).order_by("pk").select_for_update(no_key=True))
    moved = list(
        places.select_related("studio__programme", "principal__school").select_for_update(of=("self",))
    )
    for place in moved:
        if place.state == S.ACCEPTED:
            _forget_consents(place)
        else:
            follow(place, "consent_anew", me, at, cause=cause)
    return len(moved)
