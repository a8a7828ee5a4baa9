"""The pool of experts: who keeps it, who may be asked to judge."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Appointment, Kind, Organisation, Principal, Role, User
from applications.models import Expert, ReviewState, Tie
from office.history import record
from programmes.models import Programme
from studios.models import Stage


def keeps_pool(me: Capacity) -> bool:
    """The officer of an organisation that owns a programme; one query, none for others."""
    return me.holds(Role.OFFICER) and Programme.objects.filter(owner=me.organisation_id).exists()


def sees_pool(me: Capacity) -> bool:
    """Its officer and its leader."""
    owners = me.holds(Role.OFFICER, Role.LEADER)
    return owners and Programme.objects.filter(owner=me.organisation_id).exists()


def pool() -> QuerySet[Any]:
    """All experts with what a list says of them."""
    return Expert.objects.select_related("user", "unit", "county").annotate(
        pending=Count("reviews", filter=Q(reviews__state=ReviewState.ASSIGNED), distinct=True),
        tied=Count("ties", distinct=True),
    )


def accounts(words: str, at: datetime) -> QuerySet[User]:
    """Accounts with a valid appointment as expert that are not in the pool yet, by name or user name."""
    held = Appointment.objects.valid(timezone.localdate(at)).filter(role=Role.EXPERT, user=OuterRef("pk"))
    found = User.objects.filter(Exists(held), is_active=True, expert__isnull=True)
    return found.filter(Q(name__icontains=words) | Q(username__icontains=words)).order_by("sort_key", "pk")


def available(stage: str, at: datetime) -> list[Expert]:
    """The experts of the pool for a stage who can log in and act as experts at ``at``, by key; one query."""
    held = Appointment.objects.valid(timezone.localdate(at)).filter(role=Role.EXPERT, user=OuterRef("user"))
    rows = Expert.objects.filter(Exists(held), active=True, user__is_active=True)
    rows = rows.select_related("user", "unit", "county").order_by("pk")
    return [expert for expert in rows if stage in expert.stages]


def county_of(unit: Organisation | None) -> Organisation | None:
    """The county a unit belongs to; None for the bureau's own and for units outside."""
    if unit is None:
        return None
    if unit.kind == Kind.COUNTY:
        return unit
    return unit.parent if unit.parent and unit.parent.kind == Kind.COUNTY else None


@transaction.atomic
def keep(expert: Expert, ties: list[tuple[Principal, str]] | None, me: Capacity, at: datetime) -> Expert:
    """Write an expert with the recorded relations (None: those there are); what changed is an entry of the history."""
    before = said(Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)) if expert.pk else {}
    expert.save()
    if ties is not None:
        _tie(expert, ties)
    after = said(expert)
    facts = {
        key: [before.get(key, ""), value] for key, value in after.items() if before.get(key, "") != value
    }
    if facts:
        label = "修改专家信息" if before else "纳入专家库"
        record(expert, "change" if before else "create", label, me, at, facts)
    return expert


def _tie(expert: Expert, ties: list[tuple[Principal, str]]) -> None:
    wanted = {principal.pk: relation for principal, relation in ties}
    expert.ties.exclude(principal__in=wanted).delete()
    for principal, relation in wanted.items():
        Tie.objects.update_or_create(expert=expert, principal_id=principal, defaults={"relation": relation})


def said(expert: Expert) -> dict[str, str]:
    """An expert in words, by label."""
    labels = dict(Stage.choices)
    ties = expert.ties.select_related("principal").order_by("principal__sort_key", "pk")
    return {
        "专家": str(expert),
        "所在单位": str(expert.unit or ""),
        "职务": expert.post,
        "所在旗县区": expert.county.label if expert.county else "",
        "可评学段": "、".join(str(labels[stage]) for stage in expert.stages if stage in labels),
        "专长": expert.speciality,
        "在库": "是" if expert.active else "否",
        "回避关系": "、".join(f"{tie.principal}（{tie.relation}）" for tie in ties),
    }
