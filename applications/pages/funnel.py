"""On the desk of the owner's people: where the applications of the running call stand."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from accounts.capacity import Capacity
from applications.models import Application, CallState
from applications.scopes import STAFF
from applications.views.lists import GROUPS
from office import panels
from office.panels import Bar, Panel


def funnel(me: Capacity, at: datetime) -> Panel | None:
    """The groups of the list of applications with their numbers, each leading to its list; one query. The latest call where several run."""
    if not me.holds(*STAFF):
        return None
    rows = (
        Application.objects.filter(
            call__programme__owner=me.organisation_id, call__state__in=CallState.running
        )
        .values_list("call__number", "call__name", "call", "state")
        .annotate(number=Count("pk"))
        .order_by()
    )
    counts = list(rows)
    if not counts:
        return None
    number, name, latest, *_ = max(counts, key=lambda row: row[2])
    held = {state: many for _, _, call, state, many in counts if call == latest}
    total = sum(held.values())
    address = f"{reverse('application-list')}?call={number}"
    bars = tuple(
        Bar(label, many, total, str(many), f"{address}&state={key}")
        for key, (label, states) in GROUPS.items()
        for many in [sum(held.get(state, 0) for state in states)]
    )
    return Panel("申报进展", bars, note=f"{name}，共 {total} 份", url=address)


panels.register(funnel)
