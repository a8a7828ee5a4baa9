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
from programmes.scopes import owns, runs_a_programme
from studios.models import Stage


def keeps_pool(me: Capacity) -> bool:
    """The officer of an organisation that owns a programme."""
    return owns(me, Role.OFFICER)


def sees_pool(me: Capacity) -> bool:
    """Its officer and its leader."""
    return owns(me, Role.OFFICER, Role.LEADER)


def of_owner(owner: Organisation, at: datetime) -> QuerySet[Appointment]:
    """The appointments as expert, valid at ``at``, that make the pool of ``owner``.

    An expert belongs to the next owner above: appointed by the owner itself, by an organisation below it (that is not
    below another owner), or, for an owner nobody is above, by one that has no authority here.
    """
    held = Appointment.objects.valid(timezone.localdate(at)).filter(role=Role.EXPERT)
    of_another, above_another = runs_a_programme("organisation"), runs_a_programme("organisation__parent")
    below = Q(organisation__parent=owner) & ~Q(of_another)
    farther = Q(organisation__parent__parent=owner) & ~Q(of_another) & ~Q(above_another)
    outside = Q(organisation__parent=None) & ~Q(of_another) if owner.parent_id is None else Q(pk=None)
    return held.filter(Q(organisation=owner) | below | farther | outside)


def _in_pool(owner: Organisation, at: datetime, user: str) -> Exists:
    return Exists(of_owner(owner, at).filter(user=OuterRef(user)))


def pool(owner: Organisation, at: datetime) -> QuerySet[Any]:
    """The experts of ``owner`` with what a list says of them; whose last appointment ended, an owner above all sees."""
    valid = Appointment.objects.valid(timezone.localdate(at))
    rows = Expert.objects.filter(_in_pool(owner, at, "user"))
    if owner.parent_id is None:
        ended = ~Exists(valid.filter(role=Role.EXPERT, user=OuterRef("user")))
        rows = Expert.objects.filter(Q(_in_pool(owner, at, "user")) | Q(ended))
    return rows.select_related("user", "unit", "county").annotate(
        pending=Count("reviews", filter=Q(reviews__state=ReviewState.ASSIGNED), distinct=True),
        tied=Count("ties", distinct=True),
    )


def accounts(words: str, owner: Organisation, at: datetime) -> QuerySet[User]:
    """Accounts that belong to the pool of ``owner`` and are not in it yet, by name or user name."""
    found = User.objects.filter(_in_pool(owner, at, "pk"), is_active=True, expert__isnull=True)
    return found.filter(Q(name__icontains=words) | Q(username__icontains=words)).order_by("sort_key", "pk")


def available(owner: Organisation, stage: str, at: datetime) -> list[Expert]:
    """The experts of ``owner`` for a stage who can log in and act as experts at ``at``, by key; one query."""
    rows = Expert.objects.filter(_in_pool(owner, at, "user"), active=True, user__is_active=True)
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
