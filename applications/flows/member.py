"""Proposed member (拟任成员): asked by the applicant, willing or not; consents carry over to the membership."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from accounts.candidates import exception_said
from accounts.models import Principal
from applications import consents, effects, member_rules, scopes, shares
from applications.dates import dates_of
from applications.flows import tells
from applications.models import Application, ApplicationState, CallState, MemberState, ProposedMember
from office.flow import Flow, Station, Step, either, register
from office.notices import action, result

S = MemberState
# From the submission to the announcement; then the consents are asked of the membership.
SENT = Q(application__submitted_at__isnull=False) & ~Q(
    application__state__in=(*ApplicationState.ended, ApplicationState.ANNOUNCED)
)


BEFORE_LIST = Q(application__call__state__in=(CallState.OPEN, CallState.REVIEWING))


def _owners(pk: int) -> list[Any]:
    """The application whose members are counted, then the person who accepts one per call."""
    return [Application.objects.filter(members=pk), Principal.objects.filter(proposals=pk)]


def _due(member: ProposedMember, at: datetime) -> datetime | None:
    if member.state != S.PROPOSED:
        return None
    application = member.application
    return dates_of(application.call, application.authority_id).submit_by


PROPOSED_MEMBER = register(
    Flow(
        name="proposedmember",
        label="拟任成员",
        model=ProposedMember,
        path="proposals",
        visible=scopes.members_seen,
        interest=scopes.member_interest,
        title=Concat(F("principal__name"), Value(" 参加 "), F("application__studio_name")),
        subtitle=F("application__call__name"),
        sender=F("application__lead__name"),
        gathered=(S.ACCEPTED,),
        hands=lambda case: (
            case.principal.school_id,
            case.principal.school.parent_id,
            case.application.call.programme.owner_id,
        ),
        people=lambda case: (case.principal.user_id, case.application.lead.user_id),
        due=_due,
        steps=(
            Step(
                "accept",
                "同意参加",
                prompt="答复邀请",
                source=(S.PROPOSED,),
                target=S.ACCEPTED,
                who=scopes.member_self,
                own=True,
                needs=(
                    member_rules.application_alive,
                    member_rules.still_head,
                    member_rules.accepts_one,
                    member_rules.one_studio,
                    consents.agreed_to_join,
                ),
                fields=("agreement",),
                form=consents.JoinForm,
                locks=_owners,
                then=(consents.keep_consent,),
                tells=(tells.who_asked,),
                tone="primary",
            ),
            Step(
                "decline",
                "不参加",
                source=(S.PROPOSED,),
                target=S.DECLINED,
                who=scopes.member_self,
                own=True,
                opinion=True,
                tells=(action(tells.who_asked),),
                tone="danger",
            ),
            Step(
                "withdraw",
                "撤换",
                source=(S.PROPOSED, S.ACCEPTED),
                target=S.WITHDRAWN,
                who=scopes.proposer,
                own=True,
                needs=(member_rules.before_sending,),
                waits=False,
                locks=_owners,
                tells=(result(tells.the_one_asked),),
            ),
            Step(
                "release",
                "同意撤换",
                source=(S.PROPOSED, S.ACCEPTED),
                target=S.WITHDRAWN,
                who=scopes.member_owner,
                when=BEFORE_LIST,
                needs=(member_rules.before_list,),
                opinion=True,
                waits=False,
                locks=_owners,
                tells=(result(tells.the_one_asked), result(tells.who_asked)),
            ),
            Step(
                "consent_school",
                "学校同意",
                prompt="同意本校校长参加工作室",
                source=(S.ACCEPTED,),
                target=None,
                who=scopes.member_school,
                stead=scopes.member_school_stead,
                turn=shares.member_turn,
                when=SENT & Q(school_consented_at__isnull=True),
                then=(effects.stamp_school,),
                tells=(tells.the_one_asked, tells.who_asked_when_complete),
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
                turn=shares.member_turn,
                when=SENT & Q(authority_consented_at__isnull=True),
                then=(effects.stamp_authority,),
                tells=(tells.the_one_asked, tells.who_asked_when_complete),
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
                when=SENT,
                needs=(member_rules.before_list,),
                opinion=True,
                waits=False,
                locks=_owners,
                tells=(result(tells.who_asked), result(tells.the_one_asked)),
                tone="danger",
            ),
            Step(
                "lapse",
                "随申报失效",
                source=(S.PROPOSED, S.ACCEPTED),
                target=S.LAPSED,
                tells=(result(tells.the_one_asked),),
            ),
        ),
        way=(
            Station("本人意愿", ("accept", "decline"), (S.PROPOSED,)),
            Station("学校同意", ("consent_school",), (S.ACCEPTED,)),
            Station("主管部门同意", ("consent_authority",), (S.ACCEPTED,)),
        ),
        tones={S.PROPOSED: "amber", S.ACCEPTED: "green", S.DECLINED: "red"},
    )
)
