"""Support pledge (支持保障, Art. 12): each school confirms every year what it gives the studio."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from accounts.capacity import Capacity
from accounts.holders import holders
from accounts.models import Kind, Role
from office.flow import EVERYTHING, NOTHING, Flow, Missing, Station, Step, also, either, register
from office.notices import progress
from office.stead import in_stead
from studios.flows import tells
from studios.flows.membership import MEMBERSHIP
from studios.flows.studio import STUDIO
from studios.models import PledgeState, SupportPledge
from studios.pledge_forms import pledge_form
from studios.pledges import (
    OF_HOST,
    OF_MEMBER,
    host_moves,
    lapse_of_member,
    lapse_of_studio,
    open_for_member,
    open_for_studio,
    register_promise,
)
from studios.scopes import OFFICES, people, work

S = PledgeState
PATH = "year__term__studio__"


def pledges_seen(me: Capacity) -> Q:
    """Those of the studios one holds; a member's school and its county their own, not those of other schools."""
    if me.clock:
        return EVERYTHING
    if me.holds(*OFFICES) and me.organisation_id:
        here = me.organisation_id
        if me.kind == Kind.SCHOOL:
            return Q(school=here) | Q(**{f"{PATH}school": here}) | Q(**{f"{PATH}programme__owner": here})
        return (
            Q(school__parent=here) | Q(**{f"{PATH}authority": here}) | Q(**{f"{PATH}programme__owner": here})
        )
    if me.holds(Role.PRINCIPAL):
        return people.lead(PATH)(me) | Q(membership__principal__user=me.user_id)
    return work.held(PATH)(me) if me.holds(Role.AUDITOR) else NOTHING


def school_officer(me: Capacity) -> Q:
    """The school's officer."""
    return Q(school=me.organisation_id) if me.officer_of(Kind.SCHOOL) else NOTHING


def stead_of_host(me: Capacity) -> Q:
    """The officer above a host school that has no officer but the lead."""
    found = in_stead(me, Role.OFFICER, "school", f"{PATH}lead")
    return found if found == NOTHING else found & Q(membership__isnull=True)


def stead_of_member(me: Capacity) -> Q:
    """The officer above a member's school that has no officer but the member."""
    found = in_stead(me, Role.OFFICER, "school", "membership__principal")
    return found if found == NOTHING else found & Q(membership__isnull=False)


def interest(me: Capacity) -> Q:
    """The lead's own matter is the host's pledge, the member's their school's."""
    if not me.may_be_principal:
        return NOTHING
    host = Q(membership__isnull=True) & Q(**{f"{PATH}lead__user": me.user_id})
    return host | Q(membership__principal__user=me.user_id)


NEEDED = {
    True: (("workplace", "独立工作场所"), ("area", "面积"), ("load", "减轻领衔人工作负担的措施")),
    False: (("convenience", "为参加活动提供的便利和支持"),),
}


def pledged(pledge: SupportPledge, at: datetime) -> Iterator[Missing]:
    """Art. 12: a host school gives a workplace and a lighter load, a member's school convenience."""
    for column, label in NEEDED[pledge.of_host]:
        if not getattr(pledge, column):
            yield Missing(f"请填写{label}", 12, here=True)


def the_school(pledge: SupportPledge) -> Iterable[int]:
    """The officers of the school that is asked."""
    return holders(Role.OFFICER, pledge.school_id)


PLEDGE = register(
    Flow(
        name="supportpledge",
        label="支持保障",
        model=SupportPledge,
        path="pledges",
        visible=pledges_seen,
        interest=interest,
        title=Concat(F(f"{PATH}name"), Value("："), F("school__name"), Value("的支持保障")),
        subtitle=F("school__name"),
        sender=F(f"{PATH}name"),
        hands=lambda pledge: (pledge.school_id, pledge.studio.programme.owner_id),
        people=lambda pledge: (pledge.studio.lead.user_id,),
        due=lambda pledge, at: pledge.due_by if pledge.state == S.OPEN else None,
        steps=(
            Step(
                "confirm",
                "确认",
                prompt="确认对工作室的支持保障",
                source=(S.OPEN,),
                target=S.CONFIRMED,
                who=school_officer,
                stead=either(stead_of_host, stead_of_member),
                fields=(*OF_HOST, *OF_MEMBER),
                form=pledge_form,
                needs=(pledged,),
                tells=(progress(tells.the_lead),),
                tone="primary",
            ),
            Step(
                "correct",
                "更改",
                source=(S.CONFIRMED,),
                target=S.CONFIRMED,
                who=school_officer,
                fields=(*OF_HOST, *OF_MEMBER),
                form=pledge_form,
                needs=(pledged,),
                opinion=True,
                waits=False,
                tells=(progress(tells.the_lead),),
            ),
            Step("lapse", "不再需要", source=(S.OPEN, S.CONFIRMED), target=S.LAPSED, waits=False),
        ),
        way=(
            Station("请学校确认", ("begin",), (S.OPEN,)),
            Station("已确认", ("confirm",), (S.CONFIRMED,)),
        ),
        tones={S.OPEN: "amber", S.CONFIRMED: "green", S.LAPSED: "grey"},
    )
)

also(STUDIO, "activate")(open_for_studio)
also(STUDIO, "relocate")(host_moves)
also(STUDIO, "close")(lapse_of_studio)
also(MEMBERSHIP, "join")(open_for_member)
also(MEMBERSHIP, "note_left", "take_lead", "end", "consent_anew")(lapse_of_member)

__all__ = ["PLEDGE", "pledges_seen", "register_promise", "the_school"]
