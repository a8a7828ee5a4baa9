"""Studio (工作室): from the announcement through its term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from office.door import Act, follow
from office.flow import Flow, Missing, Station, Step, clock, register
from office.notices import result
from studios import scopes
from studios.flows import tells
from studios.flows.fortune import all_ends, seat_becomes_lead
from studios.flows.terms import give_grace
from studios.models import ChangeKind, ChangeState, MembershipState, Studio, StudioChange, StudioState
from studios.scopes import people
from studios.settling import SettlingForm, settle


def activate_when_full(studio: Studio, act: Act) -> None:
    """Art. 6: with the least number of members in place the studio becomes active."""
    active = studio.memberships.filter(state__in=MembershipState.seated).count()
    if studio.state == StudioState.PREPARING and active >= studio.programme.members_min:
        follow(studio, "activate", act.me, act.at, cause=act.entry)


def _activated(case: Studio, act: Act) -> None:
    case.activated_on = act.at.astimezone().date()
    case.save(update_fields=["activated_on"])
    give_grace(case)


def _all_of_it(case: Studio) -> Iterable[int]:
    return [*tells.the_lead(case), *tells.the_seated(case), *tells.the_county(case), *tells.the_host(case)]


def _preparing_is_over(case: Studio, at: datetime) -> Iterator[Missing]:
    if case.prepare_by and case.prepare_by >= timezone.localdate(at):
        yield Missing(f"组建期至{case.prepare_by:%Y年%-m月%-d日}，期满仍不足成员下限的再作处理", 6)


def _acting_is_over(case: Studio, at: datetime) -> Iterator[Missing]:
    if case.acting_until is None or case.acting_until >= timezone.localdate(at):
        yield Missing("代理领衔还没有到期")


def _chosen(case: Studio, at: datetime) -> Iterator[Missing]:
    if getattr(case, "settling", None) is None:
        yield Missing("请选择延长组建期或终止工作室", 6, here=True)


def _acting_ends(case: Studio, act: Act) -> None:
    case.acting_lead = case.acting_until = None
    case.save(update_fields=["acting_lead", "acting_until"])


def _overdue(at: datetime) -> Q:
    return Q(prepare_by__lt=timezone.localdate(at))


_settling = StudioChange.objects.filter(
    studio=OuterRef("pk"), kind__in=(ChangeKind.EXTEND, ChangeKind.CLOSE), state__in=ChangeState.open
)

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
            Step(
                "settle",
                "组建期满处理",
                prompt="组建期已满，请提出延长或终止",
                source=(StudioState.PREPARING,),
                target=None,
                who=people.owner_officer(""),
                when=~Q(Exists(_settling)),
                ripe=_overdue,
                needs=(_preparing_is_over, _chosen),
                fields=("settling",),
                form=SettlingForm,
                opinion=True,
                then=(settle,),
                tone="primary",
            ),
            Step(
                "extend",
                "延长组建期",
                source=(StudioState.PREPARING,),
                target=None,
                tells=(result(tells.the_lead),),
            ),
            Step(
                "relocate",
                "变更依托学校",
                source=StudioState.live,
                target=None,
                waits=False,
                tells=(result(_all_of_it),),
            ),
            Step(
                "replace_lead",
                "更换领衔人",
                source=StudioState.live,
                target=None,
                waits=False,
                then=(seat_becomes_lead,),
                tells=(result(_all_of_it),),
            ),
            Step(
                "act",
                "代理领衔",
                source=StudioState.live,
                target=None,
                waits=False,
                tells=(result(_all_of_it),),
            ),
            Step(
                "end_acting",
                "代理领衔到期",
                source=StudioState.live,
                target=None,
                who=clock,
                waits=False,
                needs=(_acting_is_over,),
                then=(_acting_ends,),
                tells=(tells.the_lead, tells.the_county, tells.the_owner),
            ),
            Step(
                "close",
                "终止",
                source=StudioState.live,
                target=StudioState.CLOSED,
                waits=False,
                then=(all_ends,),
                tells=(result(tells.the_lead), result(tells.the_county), result(tells.the_host)),
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
