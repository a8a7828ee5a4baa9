"""StudioChange (变更): proposed by lead, county or owner, agreed to by whom it needs, decided by the owner's leader."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Case, CharField, F, Q, Value, When

from office.door import Act, follow
from office.flow import Flow, Station, Step, either, register
from office.notices import action, result
from studios.changing import waiting_for
from studios.flows import tells
from studios.flows.fortune import carry_out
from studios.models import ChangeKind, ChangeState, StudioChange
from studios.rules.changes import declared, may_be, studio_and_successor
from studios.scopes import changes as scopes
from studios.scopes import people

S = ChangeState


def _stamp(field: str) -> Callable[[StudioChange, Act], None]:
    def stamp(case: StudioChange, act: Act) -> None:
        setattr(case, field, act.at)
        case.save(update_fields=[field])
        if case.agreed_at or (case.school_pledged_at and case.authority_consented_at):
            follow(case, "ready", act.me, act.at, cause=act.entry)

    return stamp


def _all_concerned(case: StudioChange) -> Iterable[int]:
    new = tells.account(case.lead)
    return [
        *tells.the_lead(case),
        *new,
        *tells.the_owner(case),
        *tells.the_county(case),
        *tells.the_host(case),
    ]


def _what_happens(case: StudioChange) -> str:
    studio = case.studio
    return {
        ChangeKind.RELOCATE: f"{studio}的依托学校将由{studio.school}变更为{case.school}",
        ChangeKind.LEAD: f"{studio}将由{case.lead}接任领衔人，{studio.lead}的领衔权限立即终止",
        ChangeKind.ACTING: f"{case.lead}将代理领衔{studio}，至{case.until}",
        ChangeKind.EXTEND: f"{studio}的组建期将延长至{case.until}",
        ChangeKind.CLOSE: f"{studio}将终止，成员资格一并结束，牌匾收回，不影响领衔人今后申报",
    }[ChangeKind(case.kind)]


def _agreeing(case: StudioChange) -> str:
    if case.kind == ChangeKind.ACTING:
        return f"您将代理领衔{case.studio}，至{case.until}"
    return f"您将接任{case.studio}领衔人，并承诺所作说明属实（第六条）"


def _hands(case: StudioChange) -> Iterable[int | None]:
    school = case.school
    return (
        case.studio.programme.owner_id,
        school.pk if school else None,
        school.parent_id if school else None,
    )


def _people(case: StudioChange) -> Iterable[int | None]:
    return (case.studio.lead.user_id, case.lead.user_id if case.lead else None)


# As get_kind_display says it, for rows.
KIND = Case(
    *(When(kind=kind.value, then=Value(kind.label)) for kind in ChangeKind),
    default=Value(""),
    output_field=CharField(),
)

STUDIO_CHANGE = register(
    Flow(
        name="studiochange",
        label="工作室变更",
        model=StudioChange,
        path="studio-changes",
        visible=scopes.changes_seen,
        interest=scopes.change_interest,
        title=F("studio__name"),
        subtitle=KIND,
        sender=F("studio__lead__name"),
        hands=_hands,
        people=_people,
        steps=(
            Step(
                "agree",
                "同意接任",
                prompt="答复是否接任领衔人",
                source=(S.PROPOSED,),
                target=None,
                who=scopes.successor,
                own=True,
                when=Q(agreed_at__isnull=True),
                needs=(may_be, declared),
                fields=("declaration",),
                locks=studio_and_successor,
                then=(_stamp("agreed_at"),),
                tone="primary",
                confirm=_agreeing,
            ),
            Step(
                "pledge",
                "学校承诺支持",
                prompt="承诺作为新的依托学校",
                source=(S.PROPOSED,),
                target=None,
                who=scopes.new_school,
                stead=scopes.new_school_stead,
                when=Q(school_pledged_at__isnull=True),
                locks=studio_and_successor,
                then=(_stamp("school_pledged_at"),),
                tells=(tells.the_lead,),
                tone="primary",
                confirm=lambda case: (
                    f"{case.school}将为{case.studio}提供独立工作场所和办公条件，减轻领衔人工作负担（第十二条）"
                ),
            ),
            Step(
                "consent",
                "主管部门同意",
                prompt="同意变更依托学校",
                source=(S.PROPOSED,),
                target=None,
                who=scopes.new_authority,
                stead=scopes.new_authority_stead,
                when=Q(authority_consented_at__isnull=True),
                locks=studio_and_successor,
                then=(_stamp("authority_consented_at"),),
                tells=(tells.the_lead,),
                tone="primary",
            ),
            Step(
                "object",
                "不同意",
                source=(S.PROPOSED,),
                target=S.REFUSED,
                who=either(scopes.new_school, scopes.new_authority),
                stead=either(scopes.new_school_stead, scopes.new_authority_stead),
                opinion=True,
                waits=False,
                tells=(result(_all_concerned),),
                tone="danger",
            ),
            Step(
                "decline",
                "不接任",
                source=(S.PROPOSED,),
                target=S.REFUSED,
                who=scopes.successor,
                own=True,
                opinion=True,
                waits=False,
                tells=(result(_all_concerned),),
                tone="danger",
            ),
            Step(
                "ready",
                "提请决定",
                source=(S.PROPOSED,),
                target=S.READY,
                tells=(action(waiting_for),),
            ),
            Step(
                "decide",
                "批准",
                prompt="决定是否批准",
                source=(S.READY,),
                target=S.DECIDED,
                who=people.owner_leader("studio__"),
                needs=(may_be,),
                opinion=True,
                sealed=True,
                locks=studio_and_successor,
                then=(carry_out,),
                tells=(result(_all_concerned),),
                tone="primary",
                confirm=_what_happens,
            ),
            Step(
                "refuse",
                "不批准",
                source=(S.READY,),
                target=S.REFUSED,
                who=people.owner_leader("studio__"),
                opinion=True,
                waits=False,
                tells=(result(_all_concerned),),
                tone="danger",
            ),
            Step(
                "withdraw",
                "撤回",
                source=S.open,
                target=S.WITHDRAWN,
                who=scopes.proposer,
                own=True,
                waits=False,
                tells=(waiting_for,),
                tone="danger",
            ),
            Step("lapse", "随工作室终止", source=S.open, target=S.WITHDRAWN),
        ),
        way=(
            Station("提出", ("begin",)),
            Station("有关方面同意", ("ready",), (S.PROPOSED,)),
            Station("决定", ("decide", "refuse"), (S.READY,)),
            Station("生效", ("decide",), (S.DECIDED,)),
        ),
        tones={
            S.PROPOSED: "amber",
            S.READY: "blue",
            S.DECIDED: "green",
            S.REFUSED: "red",
            S.WITHDRAWN: "grey",
        },
    )
)
