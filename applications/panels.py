"""Panels: seats by name or by lot, waivers of the same county, a new expert for a judged application.

Every change is recorded on the call, under the lock of its row.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.capacity import Capacity
from applications import experts as pool
from applications.effects import tell_of_review
from applications.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Expert,
    Panel,
    PanelSeat,
    Review,
    ReviewState,
    Waiver,
)
from applications.recusal import Conflict, conflicts, involved
from applications.scoring import refresh
from office.door import Refused, begin
from office.flow import Missing
from office.history import record
from studios.models import Stage

# A panel is made up from the opening of the call until its experts have been given the applications.
FORMING = (CallState.OPEN,)
WAIVING = (CallState.OPEN, CallState.REVIEWING)
# The applications for which a panel has to be fit.
JUDGED = (ApplicationState.AUTHORITY_REVIEW, ApplicationState.RECOMMENDED, ApplicationState.UNDER_REVIEW)
NONE, HARD, ANY = "none", "hard", "any"
AVOID = ((HARD, "须回避的（本人参与、同校、登记关系）"), (ANY, "须回避的和同旗县区的"), (NONE, "不排除"))


@dataclass(frozen=True)
class Terms:
    """The conditions of a draw: how many, from which counties nobody, which conflicts keep an expert out."""

    number: int
    counties: tuple[int, ...] = ()
    avoid: str = HARD


def locked(call: Call) -> Call:
    """The call under its lock; the caller is inside a transaction."""
    return (
        Call.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme__owner")
        .get(pk=call.pk)
    )


def judged(call: Call, stage: str) -> list[Application]:
    """The applications of a stage that its panel has to be fit for."""
    rows = call.applications.filter(stage=stage, state__in=JUDGED)
    return list(rows.select_related("school", "authority", "lead").order_by("number"))


def candidates(call: Call, stage: str, terms: Terms, at: datetime) -> list[Expert]:
    """Who may be drawn: of the pool for the stage, without a seat, within ``terms``; by key."""
    seated = set(
        PanelSeat.objects.filter(panel__call=call, panel__stage=stage).values_list("expert", flat=True)
    )
    free = [
        expert
        for expert in _outside(call, pool.available(call.programme.owner, stage, at))
        if expert.pk not in seated and expert.county_id not in terms.counties
    ]
    if terms.avoid == NONE:
        return free
    found = conflicts(free, judged(call, stage))
    barred = {
        expert
        for (expert, _), reasons in found.items()
        if terms.avoid == ANY or not all(reason.waivable for reason in reasons)
    }
    return [expert for expert in free if expert.pk not in barred]


def _outside(call: Call, experts: list[Expert]) -> list[Expert]:
    """Those who neither apply in the call themselves nor are proposed in it."""
    inside = {user for _, user in involved({call.pk}, [expert.user_id for expert in experts])}
    return [expert for expert in experts if expert.user_id not in inside]


def lot(seed: str, keys: Iterable[int], number: int) -> list[int]:
    """The ``number`` keys that ``seed`` draws: those whose SHA-256 of "seed:key" comes first.

    Anyone can repeat it from the record, with any tool.
    """
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).hexdigest())[:number]


def _forming(call: Call) -> None:
    if call.state not in FORMING:
        raise Refused(
            [
                Missing(
                    f"本批次{call.get_state_display()}，不能再调整评审组；需要换人的，请在评审进度中另行分配",
                    9,
                )
            ]
        )


@transaction.atomic
def draw(call: Call, stage: str, terms: Terms, me: Capacity, at: datetime) -> list[Expert]:
    """Fill seats by lot and record candidates, seed and outcome; raises Refused where there are too few."""
    call = locked(call)
    _forming(call)
    found = candidates(call, stage, terms, at)
    if not 1 <= terms.number <= len(found):
        raise Refused(
            [
                Missing(
                    f"符合条件的专家有 {len(found)} 名，抽取人数应为 1 至 {len(found)}"
                    if found
                    else "没有符合条件的专家，请放宽条件或补充专家库"
                )
            ]
        )
    seed = secrets.token_hex(16)
    keys = lot(seed, [expert.pk for expert in found], terms.number)
    drawn = [expert for key in keys for expert in found if expert.pk == key]
    panel, _ = Panel.objects.get_or_create(call=call, stage=stage)
    PanelSeat.objects.bulk_create(PanelSeat(panel=panel, expert=expert, drawn=True) for expert in drawn)
    facts = {
        "draw": {
            "stage": stage,
            "seed": seed,
            "number": terms.number,
            "candidates": [expert.pk for expert in found],
            "drawn": keys,
            "counties": list(terms.counties),
            "avoid": terms.avoid,
        },
        "学段": Stage(stage).label,
        "条件": f"{terms.number} 名；排除{dict(AVOID)[terms.avoid]}"
        if terms.avoid != NONE
        else f"{terms.number} 名",
        "候选专家": "、".join(f"{expert}（{expert.pk}）" for expert in found),
        "随机种子": seed,
        "抽取结果": "、".join(f"{expert}（{expert.pk}）" for expert in drawn),
    }
    record(call, "draw", "随机抽取评审专家", me, at, facts)
    return drawn


@transaction.atomic
def seat(call: Call, stage: str, expert_pk: int, me: Capacity, at: datetime) -> Expert:
    """Name an expert; raises Refused (not available, or involved in the call) and Expert.DoesNotExist."""
    call = locked(call)
    _forming(call)
    expert = next(
        (each for each in pool.available(call.programme.owner, stage, at) if each.pk == expert_pk), None
    )
    if expert is None:
        raise Refused(
            [Missing(f"{Expert.objects.get(pk=expert_pk)}不在{Stage(stage).label}学段的可用专家中")]
        )
    if not _outside(call, [expert]):
        raise Refused([Missing(f"{expert}在本批次申报或被列为拟任成员，必须回避")])
    panel, _ = Panel.objects.get_or_create(call=call, stage=stage)
    _, added = PanelSeat.objects.get_or_create(panel=panel, expert=expert)
    if added:
        record(call, "seat", "指定评审专家", me, at, {"学段": Stage(stage).label, "专家": str(expert)})
    return expert


@transaction.atomic
def unseat(call: Call, stage: str, expert_pk: int, reason: str, me: Capacity, at: datetime) -> None:
    """Take an expert off a panel before the review begins; a drawn one only with a reason."""
    call = locked(call)
    _forming(call)
    found = PanelSeat.objects.filter(panel__call=call, panel__stage=stage, expert=expert_pk)
    place = found.select_related("expert__user").first()
    if place is None:
        return
    if place.drawn and not reason.strip():
        raise Refused([Missing("随机抽取的专家，调出须写明理由", 9)])
    place.delete()
    facts = {"学段": Stage(stage).label, "专家": str(place.expert)}
    record(call, "unseat", "调出评审专家", me, at, facts, reason.strip())


@transaction.atomic
def waive(call: Call, application_pk: int, expert_pk: int, reason: str, me: Capacity, at: datetime) -> None:
    """Let an expert judge an application of the own county, with a reason (原则上).

    Raises Refused where nothing waivable stands between them, or something hard does, or the review is over.
    """
    call = locked(call)
    if call.state not in WAIVING:
        raise Refused([Missing(f"本批次{call.get_state_display()}，不能再同意评审", 9)])
    application = call.applications.get(pk=application_pk)
    expert = Expert.objects.select_related("user", "unit", "county").get(pk=expert_pk)
    reasons = conflicts([expert], [application]).get((expert.pk, application.pk), [])
    lacks = [Missing(f"{expert}{_said(reasons)}，必须回避")] if not all(r.waivable for r in reasons) else []
    if not reasons:
        lacks = [Missing(f"{expert}与该申报没有需要说明的回避情形")]
    if not reason.strip():
        lacks.append(Missing("请写明理由"))
    if lacks:
        raise Refused(lacks)
    Waiver.objects.create(application=application, expert=expert, reason=reason.strip())
    facts = {"专家": str(expert), "申报": str(application), "情形": _said(reasons)}
    record(call, "waive", "同意同旗县区专家评审", me, at, facts, reason.strip())


def _said(reasons: Sequence[Conflict]) -> str:
    return "；".join(reason.sentence for reason in reasons)


def eligible(call: Call, applications: Collection[Application], at: datetime) -> dict[int, list[Expert]]:
    """Who may still be given each application, by its key: available, without conflict, never assigned to it before.

    Five queries for each stage.
    """
    known: dict[int, set[int]] = {application.pk: set() for application in applications}
    for judged_pk, expert_pk in Review.objects.filter(application__in=known).values_list(
        "application", "expert"
    ):
        known[judged_pk].add(expert_pk)
    found: dict[int, list[Expert]] = {}
    for stage in {application.stage for application in applications}:
        fellows = [application for application in applications if application.stage == stage]
        free = pool.available(call.programme.owner, stage, at)
        barred = conflicts(free, fellows)
        for application in fellows:
            found[application.pk] = [
                expert
                for expert in free
                if expert.pk not in known[application.pk] and (expert.pk, application.pk) not in barred
            ]
    return found


@transaction.atomic
def assign(call: Call, application_pk: int, expert_pk: int, me: Capacity, at: datetime) -> Review:
    """Give one application under review to one more expert, in place of one who recused or was released.

    Raises Refused (not under review, a conflict, the panel is full) and the models' DoesNotExist.
    """
    call = locked(call)
    application: Any = Application.objects.select_for_update(of=("self",), no_key=True).get(
        pk=application_pk, call=call
    )
    if call.state != CallState.REVIEWING or application.state != ApplicationState.UNDER_REVIEW:
        raise Refused([Missing(f"{application}不在专家评审中（{application.get_state_display()}）", 9)])
    if application.reviews.filter(state__in=ReviewState.counting).count() >= call.panel_size:
        raise Refused([Missing(f"{application}已有 {call.panel_size} 名专家")])
    expert = Expert.objects.select_related("user", "unit").get(pk=expert_pk)
    if expert not in eligible(call, [application], at)[application.pk]:
        reasons = conflicts([expert], [application]).get((expert.pk, application.pk), [])
        raise Refused([Missing(f"{expert}{_said(reasons) or '不可用，或已评审、回避过该申报'}，不能分配")])
    panel, _ = Panel.objects.get_or_create(call=call, stage=application.stage)
    PanelSeat.objects.get_or_create(panel=panel, expert=expert)
    review = Review(application=application, expert=expert)
    facts = {"申报": str(application), "专家": str(expert)}
    entry = record(call, "assign", "另行分配评审", me, at, facts)
    begun = begin(review, me, at, "分配评审", cause=entry)
    tell_of_review(review, begun)
    refresh(Application.objects.select_related("call").get(pk=application.pk))
    return review
