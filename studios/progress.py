"""How far a plan is: an item is done as often as activities held and outputs recorded under it say (Art. 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from office.flow import as_boolean
from studios.models import Activity, ActivityState, Output, OutputState, Plan, PlanItem


@dataclass(frozen=True)
class Done:
    """One item with what was done under it: how many activities, how many outputs, and which."""

    item: PlanItem
    activities: int
    outputs: int
    held: Sequence[Activity] = ()
    made: Sequence[Output] = ()

    @property
    def times(self) -> int:
        return self.activities + self.outputs

    @property
    def complete(self) -> bool:
        """Whether as much was done as was planned."""
        return self.times >= self.item.times


def counted(items: QuerySet[PlanItem]) -> list[Done]:
    """These items, each with what was done under it; one query."""
    return [Done(row, row.held, row.made) for row in _with_done(items)]  # type: ignore[attr-defined]


def counted_by_duty(items: QuerySet[PlanItem]) -> QuerySet[Any, Any]:
    """(duty, whether it is complete) of each item, for those who count very many."""
    complete = as_boolean(Q(times__lte=F("held") + F("made")))  # Done.complete
    return _with_done(items).order_by().annotate(complete=complete).values_list("duty", "complete")


def _with_done(items: QuerySet[PlanItem]) -> QuerySet[PlanItem]:
    held = Count("activities", distinct=True, filter=Q(activities__state=ActivityState.HELD))
    made = Count("outputs", distinct=True, filter=~Q(outputs__state=OutputState.WITHDRAWN))
    return items.annotate(held=held, made=made)


def items_of(plan: Plan) -> list[Done]:
    """The items of a filed plan in their order, those dropped last; one query."""
    return counted(plan.items.order_by("dropped", "place", "pk"))


def items_named(plan: Plan) -> list[Done]:
    """The same, each with the activities and outputs under it; three queries."""
    held = Activity.objects.filter(state=ActivityState.HELD).defer("report", "purpose").order_by("starts_at")
    made = Output.objects.exclude(state=OutputState.WITHDRAWN).defer("summary").order_by("dated")
    rows = plan.items.order_by("dropped", "place", "pk").prefetch_related(
        Prefetch("activities", held), Prefetch("outputs", made)
    )
    found = []
    for row in rows:
        activities, outputs = list(row.activities.all()), list(row.outputs.all())
        found.append(Done(row, len(activities), len(outputs), activities, outputs))
    return found


def completion(done: list[Done]) -> tuple[int, int]:
    """(items complete, items) of those that still hold."""
    standing = [each for each in done if not each.item.dropped]
    return sum(each.complete for each in standing), len(standing)
