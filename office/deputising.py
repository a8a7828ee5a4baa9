"""外出代理 in the work itself: what is closed to a deputy, and whom a notice reaches beside the one who is away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, cast

from django.db.models import Exists, Model, OuterRef, Q

from accounts.capacity import Capacity, as_deputy
from accounts.models import Deputy, Role
from accounts.statements import Given, GivenDay, Statement
from office.models import Entry

APPROVING = (Role.LEADER, Role.FINANCE)


def as_the_one_away(me: Capacity) -> Capacity | None:
    """The capacity of whoever ``me`` stands in for; None for whoever acts under the own appointment."""
    return replace(me, user=me.away, away=None) if me.away else None


def by_the_other_hand(model: type[Model], me: Capacity) -> Iterator[Q]:
    """Cases that the person has moved in another role of the same organisation, one of the two times as a deputy.

    Whoever prepares does not approve: who stands in for the leader doesn't sign what they handled as officer,
    and a leader who stood in for the officer doesn't sign it as leader. What a person does in two appointments of
    their own is the organisation's choice.
    """
    if not (me.away or me.holds(*APPROVING)):
        return
    moved = Entry.objects.filter(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        object_id=OuterRef("pk"),
        user=me.user_id,
        appointment__organisation=me.organisation_id,
        cause=None,
    ).exclude(Q(target="") | Q(appointment__role=me.role))
    if not me.away:
        moved = moved.exclude(appointment__user=me.user_id)
    yield Q(Exists(moved))


def deputies_of(people: Iterable[int], on: date) -> list[Capacity]:
    """The deputies on the day ``on`` of these people (keys of users), each in the capacity given.

    Hardly ever is anybody away, so that is asked first, in few words: one query, two where somebody is.
    """
    away = dict(enumerate(sorted(set(people))))
    keys = _named(len(away)).fetch({"today": on, **{str(place): user for place, user in away.items()}})
    if not keys:
        return []
    rows = Deputy.objects.in_force(on).filter(pk__in=keys)
    found = rows.select_related("deputy", "appointment__user", "appointment__organisation__parent")
    return [as_deputy(row.deputy, row.appointment) for row in found.order_by("pk")]


@lru_cache(maxsize=20)
def _named(many: int) -> Statement:
    """The rows of deputies of so many people: every notice asks, and hardly any is about more than a few."""
    valid = Deputy.objects.valid(cast(date, GivenDay("today"))).order_by()
    people: Any = [Given(str(place)) for place in range(many)]
    return Statement(valid.filter(appointment__user__pk__in=people).values_list("pk", flat=True))
