"""The flows of studios as far as an announcement sets them going."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from office.door import Act, follow
from office.flow import Flow, Station, Step, either, register
from studios import scopes
from studios.models import Membership, MembershipState, Studio, StudioState


def _stamp(field: str) -> Any:
    def stamp(case: Membership, act: Act) -> None:
        setattr(case, field, act.at)
        case.save(update_fields=[field])
        if case.school_consented_at and case.authority_consented_at:
            follow(case, "join", act.me, act.at, cause=act.entry)

    return stamp


def activate_when_full(studio: Studio, act: Act) -> None:
    """Art. 6: with the least number of members in place the studio becomes active."""
    active = studio.memberships.filter(state=MembershipState.ACTIVE).count()
    if studio.state == StudioState.PREPARING and active >= studio.programme.members_min:
        follow(studio, "activate", act.me, act.at, cause=act.entry)


def _studio_activates(case: Membership, act: Act) -> None:
    activate_when_full(case.studio, act)


def _own_studio(pk: int) -> list[Any]:
    return [Studio.objects.filter(memberships=pk)]


def lead_account(case: Studio) -> list[int]:
    """The account of the lead, if there is one."""
    return [case.lead.user_id] if case.lead.user_id else []


def _lead_of_membership(case: Membership) -> list[int]:
    return lead_account(case.studio)


STUDIO = register(
    Flow(
        name="studio",
        label="工作室",
        model=Studio,
        path="studios",
        key="number",
        visible=scopes.studios_seen,
        title=F("name"),
        subtitle=F("school__name"),
        steps=(
            Step(
                "activate",
                "成员到位，开始建设",
                source=(StudioState.PREPARING,),
                target=StudioState.ACTIVE,
                tells=(lead_account,),
            ),
        ),
        way=(
            Station("公布", ("begin",), (StudioState.PREPARING,)),
            Station("建设", ("activate",), (StudioState.ACTIVE, StudioState.RECTIFYING)),
            Station("期满", (), (StudioState.CONCLUDED,)),
        ),
        tones={
            StudioState.PREPARING: "amber",
            StudioState.ACTIVE: "green",
            StudioState.RECTIFYING: "red",
            StudioState.REVOKED: "red",
        },
    )
)

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
        gathered=(MembershipState.ACCEPTED,),
        hands=lambda case: (
            case.principal.school_id,
            case.principal.school.parent_id,
            case.studio.programme.owner_id,
        ),
        people=lambda case: (case.principal.user_id, case.studio.lead.user_id),
        steps=(
            Step(
                "consent_school",
                "学校同意",
                prompt="同意本校校长参加工作室",
                source=(MembershipState.ACCEPTED,),
                target=None,
                who=scopes.member_school,
                stead=scopes.member_school_stead,
                when=Q(school_consented_at__isnull=True),
                locks=_own_studio,
                then=(_stamp("school_consented_at"),),
                tells=(_lead_of_membership,),
                tone="primary",
            ),
            Step(
                "consent_authority",
                "主管部门同意",
                prompt="同意所属校长参加工作室",
                source=(MembershipState.ACCEPTED,),
                target=None,
                who=scopes.member_authority,
                stead=scopes.member_authority_stead,
                when=Q(authority_consented_at__isnull=True),
                locks=_own_studio,
                then=(_stamp("authority_consented_at"),),
                tells=(_lead_of_membership,),
                tone="primary",
            ),
            Step(
                "refuse",
                "不同意",
                source=(MembershipState.ACCEPTED,),
                target=MembershipState.DECLINED,
                who=either(scopes.member_school, scopes.member_authority),
                stead=either(scopes.member_school_stead, scopes.member_authority_stead),
                opinion=True,
                waits=False,
                tells=(_lead_of_membership,),
                tone="danger",
            ),
            Step(
                "join",
                "成为成员",
                source=(MembershipState.ACCEPTED,),
                target=MembershipState.ACTIVE,
                then=(_studio_activates,),
            ),
        ),
        way=(
            Station("本人同意", ("begin",)),
            Station("学校同意", ("consent_school",), (MembershipState.ACCEPTED,)),
            Station("主管部门同意", ("consent_authority",), (MembershipState.ACCEPTED,)),
            Station("在任", ("join",), (MembershipState.ACTIVE,)),
        ),
        tones={
            MembershipState.ACCEPTED: "blue",
            MembershipState.ACTIVE: "green",
            MembershipState.DECLINED: "red",
        },
    )
)
