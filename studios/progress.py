"""How far a plan is: an item is done as often as activities held and outputs recorded under it say (Art. 16)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from studios.models import ActivityState, OutputState, Plan, PlanItem


@dataclass(frozen=True)
class Done:
    """One item with what was done under it: how many activities, how many outputs."""

    item: PlanItem
    activities: int
    outputs: int

    @property
    def times(self) -> int:
        return self.activities + self.outputs

    @property
    def complete(self) -> bool:
        """Whether as much was done as was planned."""
        return self.times >= self.item.times


def items_of(plan: Plan) -> list[Done]:
    """The items of a filed plan in their order, those dropped last; one query."""
    held = Count("activities", distinct=True, filter=Q(activities__state=ActivityState.HELD))
    made = Count("outputs", distinct=True, filter=~Q(outputs__state=OutputState.WITHDRAWN))
    rows = plan.items.annotate(held=held, made=made).order_by("dropped", "place", "pk")
    return [Done(row, row.held, row.made) for row in rows]


def completion(done: list[Done]) -> tuple[int, int]:
    """(items complete, items) of those that still hold."""
    standing = [each for each in done if not each.item.dropped]
    return sum(each.complete for each in standing), len(standing)
