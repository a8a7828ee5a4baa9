"""Publicity (公示) and objections (异议)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from applications import concluding, effects, scopes, shares
from applications.flows import tells
from applications.models import (
    Application,
    Call,
    Objection,
    ObjectionState,
    ObjectionUserObjectPermission,
    Publicity,
    PublicityState,
)
from office.flow import Flow, Station, Step, clock, either, register
from office.notices import action, progress, result

P = PublicityState
J = ObjectionState


def _call_of_publicity(pk: int) -> list[Any]:
    return [Call.objects.filter(publicities=pk)]


def _owners_of_objection(pk: int) -> list[Any]:
    """Parents before children: the call, the publicity, the application whose open objections are counted."""
    return [
        Call.objects.filter(publicities__objections=pk),
        Publicity.objects.filter(objections=pk),
        Application.objects.filter(objections=pk),
    ]


def _publicity_due(publicity: Publicity, at: datetime) -> datetime | None:
    return publicity.ends_at if publicity.state == P.PUBLISHED else None


def _public_page(publicity: Publicity) -> str:
    """What a county reads of a publicity: the list as everybody sees it."""
    return reverse("public-publicity", args=[publicity.pk])


PUBLICITY = register(
    Flow(
        name="publicity",
        label="公示",
        model=Publicity,
        path="publicities",
        visible=scopes.of_owned_calls,
        title=F("call__name"),
        subtitle=F("call__programme__name"),
        due=_publicity_due,
        hands=lambda case: (case.call.programme.owner_id,),
        steps=(
            Step(
                "publish",
                "发布公示",
                source=(P.DRAFT,),
                target=P.PUBLISHED,
                who=scopes.owner_officer,
                sealed=True,
                needs=(concluding.list_to_publish,),
                locks=_call_of_publicity,
                then=(effects.publish,),
                tells=(progress(tells.authorities_of_publicity, leads=_public_page),),
                tone="primary",
                confirm=concluding.what_publishing_does,
            ),
            Step(
                "correct",
                "更正并重新计算公示期",
                source=(P.PUBLISHED,),
                target=P.PUBLISHED,
                who=scopes.owner_officer,
                opinion=True,
                fields=("note",),
                waits=False,
                locks=_call_of_publicity,
                then=(effects.restart_publicity,),
                confirm=concluding.what_correcting_does,
            ),
            Step(
                "conclude",
                "公示结束",
                source=(P.PUBLISHED,),
                target=P.CONCLUDED,
                who=either(scopes.owner_officer, clock),
                needs=(concluding.publicity_over,),
                ripe=lambda at: Q(ends_at__lt=at),
                locks=_call_of_publicity,
                then=(effects.conclude,),
                tells=(action(tells.officers_of_publicity),),
                tone="primary",
            ),
        ),
        way=(
            Station("拟定", ("publish",), (P.DRAFT,)),
            Station("公示", ("conclude",), (P.PUBLISHED,)),
            Station("结束", (), (P.CONCLUDED,)),
        ),
        tones={P.DRAFT: "grey", P.PUBLISHED: "amber", P.CONCLUDED: "green"},
    )
)

OBJECTION = register(
    Flow(
        name="objection",
        label="异议",
        model=Objection,
        path="objections",
        key="number",
        visible=scopes.objections_seen,
        interest=scopes.objection_interest,
        title=F("application__studio_name"),
        subtitle=F("number"),
        due=concluding.objection_due,
        grant=ObjectionUserObjectPermission,
        hands=lambda case: (case.publicity.call.programme.owner_id,),
        steps=(
            Step(
                "investigate",
                "受理核查",
                prompt="是否受理",
                source=(J.RECEIVED,),
                target=J.INVESTIGATING,
                who=scopes.objection_officer,
                turn=shares.objection_turn,
                tells=(action(tells.leaders_of_objection),),
                tone="primary",
            ),
            Step(
                "not_admit",
                "不予受理",
                source=(J.RECEIVED,),
                target=J.NOT_ADMITTED,
                who=scopes.objection_officer,
                turn=shares.objection_turn,
                opinion=True,
                locks=_owners_of_objection,
                then=(effects.answer,),
                tone="danger",
            ),
            Step(
                "uphold",
                "异议成立",
                prompt="答复异议",
                source=(J.INVESTIGATING,),
                target=J.UPHELD,
                who=scopes.objection_leader,
                sealed=True,
                opinion=True,
                locks=_owners_of_objection,
                then=(effects.answer,),
                tells=(result(tells.the_owner_of_objection),),
                tone="danger",
                confirm=concluding.what_upholding_does,
            ),
            Step(
                "dismiss",
                "异议不成立",
                source=(J.INVESTIGATING,),
                target=J.DISMISSED,
                who=scopes.objection_leader,
                sealed=True,
                opinion=True,
                locks=_owners_of_objection,
                then=(effects.answer,),
                tells=(result(tells.the_owner_of_objection),),
                tone="primary",
            ),
            Step("moot", "申报已终止", source=J.pending, target=J.NOT_ADMITTED),
        ),
        way=(
            Station("收到", ("begin",)),
            Station("受理", ("investigate", "not_admit"), (J.RECEIVED,)),
            Station("核查答复", ("uphold", "dismiss"), (J.INVESTIGATING,)),
        ),
        tones={J.RECEIVED: "amber", J.INVESTIGATING: "amber", J.UPHELD: "red", J.DISMISSED: "green"},
    )
)
