"""Studio (工作室): from the announcement through its term."""

from __future__ import annotations

from django.db.models import F

from office.door import Act, follow
from office.flow import Flow, Station, Step, register
from office.notices import result
from studios import scopes
from studios.flows import tells
from studios.flows.terms import give_grace
from studios.models import MembershipState, Studio, StudioState


def activate_when_full(studio: Studio, act: Act) -> None:
    """Art. 6: with the least number of members in place the studio becomes active."""
    active = studio.memberships.filter(state__in=MembershipState.seated).count()
    if studio.state == StudioState.PREPARING and active >= studio.programme.members_min:
        follow(studio, "activate", act.me, act.at, cause=act.entry)


def _activated(case: Studio, act: Act) -> None:
    case.activated_on = act.at.astimezone().date()
    case.save(update_fields=["activated_on"])
    give_grace(case)


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
                then=(_activated,),
                tells=(result(tells.the_lead),),
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
